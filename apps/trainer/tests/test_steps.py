"""Functions of the step alone: rates, evaluations, the order of examples; and how errors are read."""

import errno
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from kumiki_trainer.batches import choose_examples, cut_into_parts
from kumiki_trainer.chat import Example, TokenSequence
from kumiki_trainer.errors import read_error
from kumiki_trainer.job import Settings
from kumiki_trainer.schedule import compute_learning_rate, is_evaluated


def make_settings(**changes: Any) -> Settings:
    return Settings.model_validate(
        {
            "rank": 4,
            "alpha": 8,
            "dropout": 0,
            "learningRate": 1.0,
            "schedule": "cosine",
            "warmup": 0.1,
            "epochs": 1,
            "batchSize": 4,
            "maximumLength": 100,
            "evaluationsPerEpoch": 1,
            "patience": 0,
            "seed": 1,
            "precision": "auto",
            "quantisation": "none",
            **changes,
        }
    )


def make_example(*lengths: int) -> Example:
    sequences = tuple(TokenSequence(np.ones(n, dtype=np.int32), np.ones(n, dtype=np.bool_)) for n in lengths)
    return Example("x", sequences)


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_the_rate_rises_to_its_full_height_and_then_falls(schedule: str) -> None:
    settings = make_settings(schedule=schedule)
    rates = [compute_learning_rate(step, 100, settings) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == 1.0
    assert all(before < after for before, after in pairwise(rates[:10]))
    assert all(before > after for before, after in pairwise(rates[10:]))
    assert 0 < rates[-1] < 0.02


def test_a_constant_rate_stays_after_the_warm_up() -> None:
    settings = make_settings(schedule="constant", warmup=0)
    assert {compute_learning_rate(step, 7, settings) for step in range(7)} == {1.0}


def test_evaluates_so_many_times_an_epoch_and_at_the_end() -> None:
    def evaluated(evaluations_per_epoch: int) -> list[int]:
        return [
            step
            for step in range(1, 21)
            if is_evaluated(step, steps=20, steps_per_epoch=10, evaluations_per_epoch=evaluations_per_epoch)
        ]

    assert evaluated(0) == [20]
    assert evaluated(1) == [10, 20]
    assert evaluated(3) == [4, 7, 10, 14, 17, 20]
    assert evaluated(99) == list(range(1, 21))


def test_each_epoch_learns_each_example_once_in_an_order_of_its_own() -> None:
    steps = [choose_examples(step, count=10, batch_size=4, seed=3) for step in range(6)]
    first, second = [sum(steps[:3], ()), sum(steps[3:], ())]
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    assert [len(step) for step in steps] == [4, 4, 2, 4, 4, 2]


def test_parts_hold_no_more_than_they_may_filling_included() -> None:
    parts = list(cut_into_parts([make_example(90), make_example(10, 40), make_example(12)], 50))
    assert [[len(sequence.tokens) for sequence in part] for part in parts] == [[10, 12], [40], [90]]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk-full"),
        (RuntimeError("Error while serializing: IoError(Os { code: 28, kind: StorageFull })"), "disk-full"),
        (MemoryError(), "out-of-memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), "out-of-memory"),
        (RuntimeError("CUDA error: out of memory"), "out-of-memory"),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), "failed"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "failed"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "parent-gone"),
    ],
)
def test_reads_foreign_errors_as_those_of_the_protocol(error: Exception, code: str) -> None:
    assert read_error(error).code == code
