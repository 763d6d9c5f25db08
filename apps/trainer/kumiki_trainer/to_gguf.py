"""The command `to-gguf`: a PEFT folder as GGUF adapter, which llama.cpp puts over the base's own file."""

import time

from gguf import GGUFWriter

from kumiki_trainer.events import Events
from kumiki_trainer.gguf_adapter import Adapter, GgufFile, read_adapter
from kumiki_trainer.gguf_writing import begin_tensors, whole_gguf, write_tensor
from kumiki_trainer.job import ToGgufJob


def write_gguf_adapter(job: ToGgufJob, events: Events) -> None:
    began = time.monotonic()
    events.tell_state("saving")
    base = GgufFile(job.base_file)
    adapter = read_adapter(job.adapter, base)
    with whole_gguf(job.output, base.architecture) as writer:
        describe(writer, adapter, base)
        tensors = [
            (f"{name}.lora_{half}", values)
            for name, factors in adapter.factors.items()
            for half, values in (("a", factors.a), ("b", factors.b))
        ]
        for name, values in tensors:
            writer.add_tensor_info(name, values.shape, values.dtype, values.nbytes)
        begin_tensors(writer)
        for _, values in tensors:
            write_tensor(writer, values)
    events.tell(
        "end",
        output=str(job.output),
        bytes=job.output.stat().st_size,
        tensors=len(tensors),
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
