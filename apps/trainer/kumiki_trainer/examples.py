"""Rows as the model sees them, ready to be learnt from; what is left out is told."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from kumiki_trainer.chat import ChatRenderer, Example, LeftOut
from kumiki_trainer.events import Events
from kumiki_trainer.rows import read_rows


def load_examples(
    file: Path, field: str, *, renderer: ChatRenderer, maximum_length: int, events: Events
) -> list[Example]:
    examples: list[Example] = []
    for row in read_rows(file, field):
        rendered = renderer.render_row(row, maximum_length)
        if isinstance(rendered, LeftOut):
            events.tell("row-left-out", id=rendered.id, reason=rendered.reason)
        else:
            examples.append(rendered)
    return examples


def hash_examples(examples: Sequence[Example]) -> str:
    digest = hashlib.sha256()
    for example in examples:
        for sequence in example.sequences:
            digest.update(len(sequence.tokens).to_bytes(8, "little"))
            digest.update(sequence.tokens.tobytes())
            digest.update(sequence.trained.tobytes())
    return digest.hexdigest()
