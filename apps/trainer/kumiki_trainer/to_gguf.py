"""The command `to-gguf`: a PEFT folder as GGUF adapter, which llama.cpp puts over the base's own file."""

import time

import numpy as np
from gguf import GGUFWriter

from kumiki_trainer.events import Events
from kumiki_trainer.files import whole_file
from kumiki_trainer.gguf_adapter import Adapter, GgufFile, read_adapter
from kumiki_trainer.job import ToGgufJob


def write_gguf_adapter(job: ToGgufJob, events: Events) -> None:
    began = time.monotonic()
    events.tell_state("saving")
    base = GgufFile(job.base_file)
    adapter = read_adapter(job.adapter, base)
    with whole_file(job.output) as file:
        writer = GGUFWriter(file, base.architecture)
        try:
            describe(writer, adapter, base)
            for name, factors in adapter.factors.items():
                writer.add_tensor(f"{name}.lora_a", np.ascontiguousarray(factors.a))
                writer.add_tensor(f"{name}.lora_b", np.ascontiguousarray(factors.b))
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
        finally:
            writer.close()
    events.tell(
        "end",
        output=str(job.output),
        bytes=job.output.stat().st_size,
        tensors=2 * len(adapter.factors),
        seconds=round(time.monotonic() - began, 2),
    )


def describe(writer: GGUFWriter, adapter: Adapter, base: GgufFile) -> None:
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", adapter.alpha)
    name, licence = base.read("general.name"), base.read("general.license")
    if name is not None:
        writer.add_base_model_count(1)
        writer.add_base_model_name(0, str(name))
    if licence is not None:
        writer.add_license(str(licence))
