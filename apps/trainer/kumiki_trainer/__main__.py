"""python -m kumiki_trainer <command> <job.json>"""

import contextlib
import ctypes
import logging
import os
import sys
import threading
from pathlib import Path

from kumiki_trainer.commands import COMMANDS
from kumiki_trainer.errors import EXIT_CODES, TrainerError, read_error
from kumiki_trainer.events import Events
from kumiki_trainer.standard_input import StandardInput, listen_to_parent

log = logging.getLogger("kumiki_trainer")

# Of glibc's mallopt (malloc.h).
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
LARGE_BLOCK = 1024 * 1024


def main(arguments: list[str]) -> int:
    leads = os.environ.get("RANK", "0") == "0"
    events = Events.take_standard_output() if leads else Events.silent()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", force=True)
    give_back_large_blocks()
    prepare_libraries()
    parent = listen_to_parent(lambda: leave_at_once(events)) if leads else StandardInput.deaf()
    try:
        if len(arguments) != 2 or arguments[0] not in COMMANDS:
            raise TrainerError("job-invalid", f"Usage: kumiki_trainer {'|'.join(COMMANDS)} <job.json>")
        COMMANDS[arguments[0]](Path(arguments[1]), events, parent)
    except Exception as error:
        named = read_error(error)
        if named.code == "failed":
            log.exception("The command failed.")
        else:
            log.error("%s: %s", named.code, named.detail, exc_info=error is not named)
        with contextlib.suppress(BrokenPipeError):
            events.tell("error", code=named.code, detail=named.detail)
        return named.exit_code
    return 0


def give_back_large_blocks() -> None:
    """
    Tensors of a mebibyte and more come from the system and go back to it one by one. By itself, glibc raises that limit
    to 32 MiB as it sees large blocks go; rows are of many lengths, and the holes that they leave are never filled
    again: half a billion weights took 1 GB more. Other C libraries are left as they are.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
        library.mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK)


def prepare_libraries() -> None:
    """What is read from the environment when torch and transformers are loaded: nothing is told to anybody outside."""
    for name, value in {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TRANSFORMERS_VERBOSITY": "error",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
        # Threads that wait for work without a pause take the processor from whoever else works here.
        "OMP_WAIT_POLICY": "passive",
        "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True",
    }.items():
        os.environ.setdefault(name, value)


def leave_at_once(events: Events) -> None:
    """The parent is gone, and nobody wants what is being computed. The newest checkpoint stays."""
    if events.concluded:
        return
    # Nobody may be reading any more either, and writing would wait for ever.
    threading.Timer(0.5, os._exit, [EXIT_CODES["parent-gone"]]).start()
    with contextlib.suppress(OSError, ValueError):
        events.tell("error", code="parent-gone", detail="Standard input has closed, or the parent is silent.")
    os._exit(EXIT_CODES["parent-gone"])


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # The thread that listens is still waiting for the parent; nothing is left to be done for it.
    os._exit(code)
