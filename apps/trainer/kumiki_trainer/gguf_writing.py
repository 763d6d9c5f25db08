"""Writes GGUF files a tensor at a time, and hears of a full disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from gguf import GGUFWriter
from numpy.typing import NDArray

from kumiki_trainer.files import whole_file


@contextmanager
def whole_gguf(target: Path, architecture: str) -> Iterator[GGUFWriter]:
    """Yields a writer whose file takes the place of `target` when all of it is on the disk."""
    with whole_file(target) as file:
        writer = GGUFWriter(file, architecture)
        try:
            yield writer
        finally:
            writer.close()


def begin_tensors(writer: GGUFWriter) -> None:
    """All is announced; what follows is `write_tensor` for each tensor, in the order in which they were."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()


def write_tensor(writer: GGUFWriter, values: NDArray[Any]) -> None:
    writer.write_tensor_data(np.ascontiguousarray(values).view(HeardOf))


class HeardOf(np.ndarray[Any, Any]):
    """NumPy's own `tofile` writes to a copy of the file and closes that without looking: a full disk goes unnoticed."""

    def tofile(self, file: BinaryIO, *_: object) -> None:  # type: ignore[override]
        file.write(self.view(np.ndarray).reshape(-1).view(np.uint8).data)
