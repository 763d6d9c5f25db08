"""In which order examples are learnt, and how a step's examples are cut into parts that fit the memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from kumiki_trainer.chat import Example, TokenSequence


@dataclass(frozen=True)
class Batch:
    """Sequences of unequal length, filled up at the end: what comes later is never looked at by what is before it."""

    tokens: torch.Tensor  # [sequences, length], int64
    trained: torch.Tensor  # the same shape, bool


@lru_cache(maxsize=2)
def order_examples(count: int, *, seed: int, epoch: int) -> tuple[int, ...]:
    """A function of its arguments alone, so that a resumed training needs to know its step and nothing else."""
    return tuple(int(place) for place in np.random.default_rng([seed, epoch]).permutation(count))


def choose_examples(step: int, *, count: int, batch_size: int, seed: int) -> tuple[int, ...]:
    """Places of the examples that step `step` (from 0) learns from. An epoch's last batch may be smaller."""
    steps_per_epoch = count_steps_per_epoch(count, batch_size)
    epoch, place = divmod(step, steps_per_epoch)
    return order_examples(count, seed=seed, epoch=epoch)[place * batch_size : (place + 1) * batch_size]


def count_steps_per_epoch(count: int, batch_size: int) -> int:
    return -(-count // batch_size)


def cut_into_parts(examples: Sequence[Example], maximum_tokens: int) -> Iterator[list[TokenSequence]]:
    """
    Cuts a step's sequences into parts of at most `maximum_tokens`, filling included, so that one part's activations are
    in memory at a time; a longer sequence makes a part alone. Sorted by length, which wastes the least on filling.
    """
    sequences = sorted((part for example in examples for part in example.sequences), key=lambda part: len(part.tokens))
    part: list[TokenSequence] = []
    for sequence in sequences:
        if part and (len(part) + 1) * len(sequence.tokens) > maximum_tokens:
            yield part
            part = []
        part.append(sequence)
    if part:
        yield part


def fill_up(sequences: Sequence[TokenSequence], device: torch.device) -> Batch:
    length = max(len(sequence.tokens) for sequence in sequences)
    tokens = np.zeros((len(sequences), length), dtype=np.int64)
    trained = np.zeros((len(sequences), length), dtype=np.bool_)
    for row, sequence in enumerate(sequences):
        tokens[row, : len(sequence.tokens)] = sequence.tokens
        trained[row, : len(sequence.tokens)] = sequence.trained
    return Batch(torch.from_numpy(tokens).to(device), torch.from_numpy(trained).to(device))
