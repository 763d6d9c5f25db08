"""What can go wrong, by the codes of the protocol, and how foreign exceptions are read as one of them."""

import errno
import re
from typing import Final

EXIT_CODES: Final[dict[str, int]] = {
    "failed": 1,
    "job-invalid": 2,
    "base-damaged": 3,
    "chat-template-missing": 4,
    "out-of-memory": 5,
    "diverged": 6,
    "disk-full": 7,
    "data-empty": 8,
    "device-missing": 9,
    "parent-gone": 10,
}

DISK_FULL_NUMBERS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# Rust's and C++'s texts, since neither safetensors nor torch hands the number of the system's error over.
SYSTEM_ERROR_IN_TEXT: Final = re.compile(r"os error (\d+)|\bcode: (\d+)")
NO_MEMORY: Final = re.compile(
    r"out of memory|can't allocate memory|cannot allocate memory|std::bad_alloc", re.IGNORECASE
)


class TrainerError(Exception):
    """Ends the command with the exit code that belongs to `code`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.code]


def read_error(error: BaseException) -> TrainerError:
    """Any exception as one of the protocol: full disks and lacking memory have many shapes, the rest is `failed`."""
    if isinstance(error, TrainerError):
        return error
    if isinstance(error, BrokenPipeError):
        return TrainerError("parent-gone", "Nobody reads standard output any more.")
    if is_disk_full(error):
        return TrainerError("disk-full", f"The disk took no more: {describe(error)}. Free some space and start again.")
    if is_out_of_memory(error):
        return TrainerError(
            "out-of-memory",
            f"Memory was not enough: {describe(error)}. A smaller model, shorter examples, a lower batch size, or 4-bit"
            " weights on CUDA take less.",
        )
    return TrainerError("failed", describe(error))


def is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in DISK_FULL_NUMBERS
    number = SYSTEM_ERROR_IN_TEXT.search(str(error))
    return number is not None and int(number.group(1) or number.group(2)) in DISK_FULL_NUMBERS


def is_out_of_memory(error: BaseException) -> bool:
    """Torch's errors are RuntimeErrors, told apart by name and text; so that torch need not be loaded to ask."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, RuntimeError) and NO_MEMORY.search(str(error)) is not None


def describe(error: BaseException) -> str:
    """The first line of what an exception says, with its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
