"""A parent that is frozen says nothing, and its input stays open."""

import os
import threading

from kumiki_trainer.standard_input import StandardInput


def listen(silent_seconds: int) -> tuple[threading.Event, int]:
    reading, writing = os.pipe()
    closed = threading.Event()
    StandardInput().listen(os.fdopen(reading, "rb"), closed.set, silent_seconds=silent_seconds)
    return closed, writing


def test_a_parent_that_showed_itself_and_falls_silent_counts_as_gone() -> None:
    closed, writing = listen(silent_seconds=1)
    os.write(writing, b"alive\n")
    assert closed.wait(timeout=10)
    os.close(writing)


def test_a_parent_that_never_showed_itself_may_be_silent() -> None:
    closed, writing = listen(silent_seconds=1)
    os.write(writing, b"hello\n")
    assert not closed.wait(timeout=3)
    os.close(writing)
    assert closed.wait(timeout=10)
