"""Listens to the parent: a line `stop`, and the end of input, which means that the parent is gone."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


class StandardInput:
    """A thread that reads; so it hears of the parent's end also while a step is computed."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    @classmethod
    def deaf(cls) -> "StandardInput":
        """For the processes of a training that do not lead it: they hear of the parent's end by their leader's."""
        return cls()

    @property
    def stop_asked(self) -> bool:
        return self._stop.is_set()

    def listen(self, stream: BinaryIO, when_closed: Callable[[], None]) -> None:
        def read() -> None:
            with contextlib.suppress(OSError, ValueError):
                for line in stream:
                    if line.strip() == b"stop":
                        self._stop.set()
            when_closed()

        threading.Thread(target=read, name="standard-input", daemon=True).start()


def listen_to_parent(when_closed: Callable[[], None]) -> StandardInput:
    # Its own descriptor: nothing that asks a question by mistake can take a line away.
    own = os.fdopen(os.dup(0), "rb")
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    parent = StandardInput()
    parent.listen(own, when_closed)
    return parent
