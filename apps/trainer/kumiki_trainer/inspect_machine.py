"""The command `inspect`: what this machine can train on."""

import importlib.util
import os

import psutil
import torch

from kumiki_trainer.card import list_versions
from kumiki_trainer.device import computes_bfloat16, resolve_precision
from kumiki_trainer.events import Events


def inspect_machine(events: Events) -> None:
    cpu = torch.device("cpu")
    memory = psutil.virtual_memory()
    events.tell(
        "end",
        versions=list_versions(),
        memory={"total": memory.total, "free": memory.available},
        processors=os.cpu_count(),
        precision=resolve_precision("auto", torch.device("cuda", 0) if torch.cuda.is_available() else cpu),
        quantisation=torch.cuda.is_available() and importlib.util.find_spec("bitsandbytes") is not None,
        devices=[
            {
                "kind": "cpu",
                "name": "cpu",
                "bfloat16": computes_bfloat16(cpu),
                "memory": memory.total,
                "free": memory.available,
            },
            *(describe_cuda(place) for place in range(torch.cuda.device_count())),
        ],
    )


def describe_cuda(place: int) -> dict[str, object]:
    device = torch.device("cuda", place)
    free, total = torch.cuda.mem_get_info(device)
    return {
        "kind": "cuda",
        "name": torch.cuda.get_device_name(device),
        "bfloat16": computes_bfloat16(device),
        "memory": total,
        "free": free,
    }
