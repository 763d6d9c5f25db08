"""What a training computes on, and in which type of number."""

from dataclasses import dataclass
from typing import Literal

import torch

from kumiki_trainer.errors import TrainerError
from kumiki_trainer.job import Precision
from kumiki_trainer.processes import Processes

Resolved = Literal["float32", "bfloat16", "float16"]

TYPES: dict[Resolved, torch.dtype] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


@dataclass(frozen=True)
class Computing:
    device: torch.device
    precision: Resolved

    @property
    def type(self) -> torch.dtype:
        return TYPES[self.precision]

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, self.type, enabled=self.precision != "float32")

    def describe(self) -> str:
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu"


def choose_computing(precision: Precision, quantisation: Literal["none", "nf4"], processes: Processes) -> Computing:
    """Throws `device-missing` where the settings ask for what this machine lacks."""
    if torch.cuda.is_available():
        device = torch.device("cuda", processes.local_rank)
        torch.cuda.set_device(device)
    else:
        device = torch.device("cpu")
    if quantisation == "nf4" and device.type != "cuda":
        raise TrainerError("device-missing", "4-bit weights need a CUDA device, and this machine has none.")
    if precision == "bfloat16" and device.type == "cuda" and not computes_bfloat16(device):
        raise TrainerError("device-missing", "This CUDA device does not compute in bfloat16. Take float16 or float32.")
    return Computing(device, resolve_precision(precision, device))


def resolve_precision(precision: Precision, device: torch.device) -> Resolved:
    if precision != "auto":
        return precision
    if computes_bfloat16(device):
        return "bfloat16"
    return "float16" if device.type == "cuda" else "float32"


def computes_bfloat16(device: torch.device) -> bool:
    """In hardware: what is emulated is slower than the type that it stands in for."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    abilities = torch.cpu.get_capabilities()
    return bool(abilities.get("avx512_bf16") or abilities.get("amx_bf16"))
