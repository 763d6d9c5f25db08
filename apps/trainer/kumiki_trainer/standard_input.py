"""
Listens to the parent: a line `stop`, the end of input, which means that the parent is gone, and silence, which means
that it is frozen.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

# A parent that shows itself does so every 3 s. A machine's GPU is somebody else's after 20 s, so this ends well before.
SILENT_SECONDS = 12


class StandardInput:
    """A thread that reads; so it hears of the parent's end also while a step is computed."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._silent_seconds: int | None = None

    @classmethod
    def deaf(cls) -> "StandardInput":
        """For the processes of a training that do not lead it: they hear of the parent's end by their leader's."""
        return cls()

    @property
    def stop_asked(self) -> bool:
        return self._stop.is_set()

    def listen(
        self, stream: BinaryIO, when_closed: Callable[[], None], *, silent_seconds: int = SILENT_SECONDS
    ) -> None:
        def read() -> None:
            with contextlib.suppress(OSError, ValueError):
                for line in stream:
                    if line.strip() == b"stop":
                        self._stop.set()
                    if line.strip() == b"alive":
                        self._silent_seconds = 0
            when_closed()

        def watch() -> None:
            # Seconds are counted one by one and not read from a clock: where this process itself stood still, the lines
            # of that time are read before the count has gone on.
            while self._silent_seconds is None or self._silent_seconds < silent_seconds:
                time.sleep(1)
                if self._silent_seconds is not None:
                    self._silent_seconds += 1
            when_closed()

        threading.Thread(target=read, name="standard-input", daemon=True).start()
        threading.Thread(target=watch, name="silence", daemon=True).start()


def listen_to_parent(when_closed: Callable[[], None]) -> StandardInput:
    # Its own descriptor: nothing that asks a question by mistake can take a line away.
    own = os.fdopen(os.dup(0), "rb")
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    parent = StandardInput()
    parent.listen(own, when_closed)
    return parent
