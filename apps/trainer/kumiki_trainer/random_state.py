"""Everything that draws random numbers, as tensors and JSON, so that a resumed training draws what it would have."""

import random
from dataclasses import dataclass

import numpy as np
import torch
from pydantic import BaseModel


class RandomValues(BaseModel):
    """What is no tensor of the states of Python's and NumPy's generators."""

    python_version: int
    python_gauss: float | None
    numpy_kind: str
    numpy_position: int
    numpy_has_gauss: int
    numpy_gauss: float


@dataclass(frozen=True)
class RandomState:
    tensors: dict[str, torch.Tensor]
    values: RandomValues


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def take_random_state() -> RandomState:
    python_version, python_numbers, python_gauss = random.getstate()
    numpy_kind, numpy_numbers, numpy_position, numpy_has_gauss, numpy_gauss = np.random.get_state(legacy=True)
    tensors = {
        "torch": torch.get_rng_state(),
        "python": torch.tensor(python_numbers, dtype=torch.int64),
        "numpy": torch.from_numpy(np.asarray(numpy_numbers).astype(np.int64)),
    }
    if torch.cuda.is_available():
        tensors["cuda"] = torch.cuda.get_rng_state()
    return RandomState(
        tensors,
        RandomValues(
            python_version=python_version,
            python_gauss=python_gauss,
            numpy_kind=str(numpy_kind),
            numpy_position=int(numpy_position),
            numpy_has_gauss=int(numpy_has_gauss),
            numpy_gauss=float(numpy_gauss),
        ),
    )


def put_random_state(state: RandomState) -> None:
    values = state.values
    python_numbers = tuple(int(number) for number in state.tensors["python"].tolist())
    random.setstate((values.python_version, python_numbers, values.python_gauss))
    numpy_numbers = state.tensors["numpy"].numpy().astype(np.uint32)
    np.random.set_state(
        (values.numpy_kind, numpy_numbers, values.numpy_position, values.numpy_has_gauss, values.numpy_gauss)
    )
    torch.set_rng_state(state.tensors["torch"])
    if torch.cuda.is_available() and "cuda" in state.tensors:
        torch.cuda.set_rng_state(state.tensors["cuda"])
