"""What a command tells its parent: one JSON object a line on standard output, and nothing else there."""

import json
import os
import sys
import threading
from typing import TextIO


class Events:
    """Writes events. Whatever else prints to standard output is led to standard error, so that no line is foreign."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self.concluded = False

    @classmethod
    def take_standard_output(cls) -> "Events":
        own = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(own)

    @classmethod
    def silent(cls) -> "Events":
        """For the processes of a training that do not lead it."""
        return cls(None)

    def tell(self, event: str, **fields: object) -> None:
        if self._stream is None:
            return
        line = json.dumps({"event": event, **fields}, ensure_ascii=False, allow_nan=False)
        with self._lock:
            # Before the line is out: whoever reads it may close standard input at once.
            self.concluded = self.concluded or event in {"end", "error"}
            self._stream.write(line + "\n")
            self._stream.flush()

    def tell_state(self, state: str, share: float | None = None) -> None:
        self.tell("state", state=state, share=share)
