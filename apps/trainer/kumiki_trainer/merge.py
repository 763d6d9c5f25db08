"""
The command `merge`: base and adapter as one GGUF, for hosts that take no adapters.

Metadata, tokenizer and all tensors that the adapter leaves alone are those of the base, byte for byte.
"""

import time
from typing import Final

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, LlamaFileType, ReaderTensor
from gguf.quants import dequantize, quant_shape_to_byte_shape, quantize
from numpy.typing import NDArray

from kumiki_trainer.events import Events
from kumiki_trainer.gguf_adapter import Adapter, Factors, GgufFile, read_adapter
from kumiki_trainer.gguf_writing import begin_tensors, whole_gguf, write_tensor
from kumiki_trainer.job import MergeJob
from kumiki_trainer.reading_base import reading_base

FILE_TYPES: Final = {"F16": LlamaFileType.MOSTLY_F16, "Q8_0": LlamaFileType.MOSTLY_Q8_0}
ALIGNMENT: Final = "general.alignment"
WRITTEN_ANEW: Final = frozenset({"general.architecture", "general.file_type", ALIGNMENT})


def merge(job: MergeJob, events: Events) -> None:
    began = time.monotonic()
    events.tell_state("saving", 0.0)
    base = GgufFile(job.base_file)
    adapter = read_adapter(job.adapter, base)
    kind = GGMLQuantizationType[job.type]
    with whole_gguf(job.output, base.architecture) as writer:
        copy_metadata(base.reader, writer)
        writer.add_file_type(FILE_TYPES[job.type])
        announce_tensors(base.reader, adapter, kind, writer)
        begin_tensors(writer)
        # One at a time: a model need not fit the memory to be merged.
        for place, tensor in enumerate(base.reader.tensors):
            factors = adapter.factors.get(tensor.name)
            scale = adapter.alpha / adapter.rank
            write_tensor(writer, tensor.data if factors is None else change(tensor, factors, scale, kind))
            events.tell_state("saving", (place + 1) / len(base.reader.tensors))
    events.tell(
        "end",
        output=str(job.output),
        bytes=job.output.stat().st_size,
        tensors=len(base.reader.tensors),
        seconds=round(time.monotonic() - began, 2),
    )


def copy_metadata(reader: GGUFReader, writer: GGUFWriter) -> None:
    with reading_base():
        alignment = reader.fields.get(ALIGNMENT)
        if alignment is not None:
            writer.add_custom_alignment(int(alignment.contents()))
        for key, field in reader.fields.items():
            if key.startswith("GGUF.") or key in WRITTEN_ANEW:
                continue
            kind = field.types[0]
            parts = field.types[-1] if kind == GGUFValueType.ARRAY else None
            writer.add_key_value(key, field.contents(), kind, sub_type=parts)


def announce_tensors(reader: GGUFReader, adapter: Adapter, kind: GGMLQuantizationType, writer: GGUFWriter) -> None:
    for tensor in reader.tensors:
        shape = tuple(int(size) for size in reversed(tensor.shape))
        if tensor.name in adapter.factors:
            bytes_shape = quant_shape_to_byte_shape(shape, kind)
            size = int(np.prod(bytes_shape))
            announced = bytes_shape if kind == GGMLQuantizationType.Q8_0 else shape
            type_ = np.uint8 if kind == GGMLQuantizationType.Q8_0 else np.float16
            writer.add_tensor_info(tensor.name, announced, np.dtype(type_), size, raw_dtype=kind)
        else:
            data = tensor.data
            writer.add_tensor_info(tensor.name, data.shape, data.dtype, data.nbytes, raw_dtype=tensor.tensor_type)


def change(tensor: ReaderTensor, factors: Factors, scale: float, kind: GGMLQuantizationType) -> NDArray[np.generic]:
    weights = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    weights += scale * (factors.b @ factors.a)
    return np.asarray(quantize(weights, kind))
