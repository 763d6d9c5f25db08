"""A trainer as its parent sees it: a process with standard input and output. Forked, since torch is loaded already."""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self

from kumiki_trainer.__main__ import main

Event = dict[str, Any]


class TrainerProcess:
    def __init__(
        self,
        command: str,
        job: object,
        folder: Path,
        *,
        before: Callable[[], None] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        file = folder / f"{command}-{time.monotonic_ns()}.json"
        file.write_text(json.dumps(job) if not isinstance(job, str) else job, encoding="utf-8")
        input_read, input_write = os.pipe()
        output_read, output_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(input_read, 0)
                os.dup2(output_write, 1)
                os.dup2(os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
                for descriptor in (input_read, input_write, output_read, output_write):
                    os.close(descriptor)
                sys.stderr = os.fdopen(2, "w", buffering=1)
                os.environ.update(environment or {})
                if before is not None:
                    before()
                os._exit(main([command, str(file)]))
            finally:
                traceback.print_exc()
                os._exit(99)
        os.close(input_read)
        os.close(output_write)
        self._input: BinaryIO | None = os.fdopen(input_write, "wb", buffering=0)
        self._output = os.fdopen(output_read, "rb")
        self.events: list[Event] = []
        self._code: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._code is None:
            self.kill()
        self.close_input()
        self._output.close()

    def read(self) -> Iterator[Event]:
        """Events as they come; each line has to be one."""
        for line in self._output:
            event = json.loads(line)
            self.events.append(event)
            yield event

    def read_until(self, wanted: Callable[[Event], object]) -> Event:
        for event in self.read():
            if wanted(event):
                return event
        raise AssertionError(f"The trainer ended without it: {self.events[-1:]}")

    def ask_to_stop(self) -> None:
        assert self._input is not None
        self._input.write(b"stop\n")

    def close_input(self) -> None:
        if self._input is not None:
            self._input.close()
            self._input = None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Reads all that is left; returns the exit code, or the negative number of the signal."""
        for _ in self.read():
            pass
        if self._code is None:
            _, status = os.waitpid(self.pid, 0)
            self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def told(self, name: str) -> list[Event]:
        return [event for event in self.events if event["event"] == name]

    @property
    def losses(self) -> dict[int, float]:
        """By step; where one was told twice, the later counts."""
        return {event["step"]: event["loss"] for event in self.told("point") if "loss" in event}


def run_trainer(command: str, job: object, folder: Path, **options: Any) -> tuple[int, TrainerProcess]:
    with TrainerProcess(command, job, folder, **options) as process:
        return process.wait(), process
