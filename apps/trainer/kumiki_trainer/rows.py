"""Rows of conversations, one a line of JSON, and why one of them cannot be learnt from."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from kumiki_trainer.errors import TrainerError
from kumiki_trainer.job import Message, Row, tell_first_problem

Reason = Literal["no-trained-tokens", "role-order", "too-long"]


def read_rows(file: Path, field: str) -> Iterator[Row]:
    """Yields the rows of a JSON-lines file. Throws `job-invalid` with the number of the line that is none."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    yield Row.model_validate_json(line)
                except ValidationError as error:
                    problem = tell_first_problem(error)
                    raise TrainerError("job-invalid", f"{field}: line {number}: {problem}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError("job-invalid", f"{field}: the file cannot be read: {error}") from error


def follows_role_order(messages: Sequence[Message]) -> bool:
    """After a system message, or none, user and assistant speak in turn."""
    spoken = messages[1:] if messages and messages[0].role == "system" else messages
    return all(message.role == ("user", "assistant")[place % 2] for place, message in enumerate(spoken))


def find_fault(row: Row) -> Reason | None:
    """What is wrong with a row before it is rendered."""
    if not follows_role_order(row.messages):
        return "role-order"
    places = row.trained
    if any(place >= len(row.messages) or row.messages[place].role != "assistant" for place in places):
        return "role-order"
    if list(places) != sorted(set(places)):
        return "role-order"
    if not any(row.messages[place].content.strip() for place in places):
        return "no-trained-tokens"
    return None
