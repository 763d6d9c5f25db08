"""What this process holds, and how much it may."""

import sys
from dataclasses import dataclass

import psutil
import torch
from transformers import PreTrainedModel

from kumiki_trainer.device import Computing

if sys.platform != "win32":
    import resource

# Beyond this, a CPU gains nothing from more tokens at once; what it costs is memory.
CPU_PART_TOKENS = 512
CUDA_PART_TOKENS = 8192
# Of what is free after the base is loaded; the rest is for the optimizer, the head, and whoever else works here.
SHARE_FOR_ACTIVATIONS = 0.6


def measure_memory() -> int:
    """Bytes in memory now."""
    return int(psutil.Process().memory_info().rss)


def measure_peak_memory() -> int:
    """Bytes at the highest so far."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure_device_memory(device: torch.device) -> int:
    return torch.cuda.memory_reserved(device) if device.type == "cuda" else 0


def measure_free_memory(device: torch.device) -> int:
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return int(free)
    return int(psutil.virtual_memory().available)


def estimate_token_bytes(model: PreTrainedModel, computing: Computing, *, recomputes: bool) -> int:
    """
    What one token's activations take until the backward pass: in each layer some 24 vectors of the model's width and 8
    of the feed-forward's, as measured with Llama, Qwen 2 and Gemma 3. Where they are computed again for the backward
    pass, only the layers' inputs are kept, and one layer's activations at a time.
    """
    config = model.config.get_text_config()
    width, inner, layers = int(config.hidden_size), int(config.intermediate_size), int(config.num_hidden_layers)
    one_layer = (24 * width + 8 * inner) * computing.type.itemsize
    return layers * width * computing.type.itemsize + one_layer if recomputes else layers * one_layer


@dataclass(frozen=True)
class Parts:
    """How a step's examples are computed: so many tokens at once, filling included."""

    tokens: int
    # Activations are computed a second time rather than kept, which takes a third longer.
    recomputes: bool


def choose_parts(model: PreTrainedModel, computing: Computing, *, longest: int) -> Parts:
    """Recomputes only where the longest sequence would not fit otherwise."""
    room = int(measure_free_memory(computing.device) * SHARE_FOR_ACTIVATIONS)
    most = CUDA_PART_TOKENS if computing.device.type == "cuda" else CPU_PART_TOKENS
    fitting = room // estimate_token_bytes(model, computing, recomputes=False)
    if fitting >= longest:
        return Parts(min(most, fitting), recomputes=False)
    fitting = room // estimate_token_bytes(model, computing, recomputes=True)
    return Parts(max(1, min(most, fitting)), recomputes=True)
