"""Libraries complain about damaged models in a hundred ways; all of them are one error of the protocol."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from kumiki_trainer.errors import TrainerError, describe, is_disk_full, is_out_of_memory

log = logging.getLogger(__name__)


@contextmanager
def reading_base() -> Iterator[None]:
    """Makes `base-damaged` of whatever goes wrong inside, but for lacking memory and a full disk."""
    try:
        yield
    except TrainerError:
        raise
    except Exception as error:
        if is_out_of_memory(error) or is_disk_full(error):
            raise
        log.exception("The base model cannot be loaded.")
        raise TrainerError("base-damaged", f"The base model cannot be loaded: {describe(error)}") from error
