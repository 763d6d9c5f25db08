"""
Llama 3's stretched positions. A GGUF file holds them as factors, one a frequency, which transformers leaves unread; a
model would then be trained with other positions than it is served with.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader
from numpy.typing import NDArray

from kumiki_trainer.errors import TrainerError

FACTORS = "rope_freqs.weight"
# The same in every model that was published with such factors.
LOW_FREQUENCY_FACTOR = 1.0
HIGH_FREQUENCY_FACTOR = 4.0
TRAINED_LENGTH = 8192


def find_rope_scaling(file: Path, config: Any) -> dict[str, Any]:
    """The parameters that make the factors of a file that has some. Throws `base-damaged` where none do."""
    tensor = next(tensor for tensor in GGUFReader(file).tensors if tensor.name == FACTORS)
    factors = np.asarray(tensor.data, dtype=np.float64)
    theta = float(config.rope_parameters["rope_theta"])
    factor = float(factors.max())
    if not np.allclose(compute_factors(len(factors), theta, factor), factors, rtol=1e-3):
        raise TrainerError("base-damaged", "The base model's file stretches positions in a way that is not known here.")
    return {
        "rope_type": "llama3",
        "rope_theta": theta,
        "factor": factor,
        "low_freq_factor": LOW_FREQUENCY_FACTOR,
        "high_freq_factor": HIGH_FREQUENCY_FACTOR,
        "original_max_position_embeddings": TRAINED_LENGTH,
    }


def compute_factors(count: int, theta: float, factor: float) -> NDArray[np.float64]:
    """By how much each of `count` frequencies is divided: Llama 3.1, "rope_scaling" of its reference code."""
    lengths = 2 * math.pi * theta ** (np.arange(count) / count)
    smooth = (TRAINED_LENGTH / lengths - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR)
    between = 1 / ((1 - smooth) / factor + smooth)
    factors = np.where(lengths > TRAINED_LENGTH / LOW_FREQUENCY_FACTOR, factor, between)
    return np.where(lengths < TRAINED_LENGTH / HIGH_FREQUENCY_FACTOR, 1.0, factors)
