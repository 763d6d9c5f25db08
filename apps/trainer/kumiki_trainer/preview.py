"""The command `preview`: what the model would see of rows, token by token."""

from kumiki_trainer.base import load_renderer
from kumiki_trainer.chat import LeftOut
from kumiki_trainer.events import Events
from kumiki_trainer.job import PreviewJob
from kumiki_trainer.rows import read_rows


def preview(job: PreviewJob, events: Events) -> None:
    renderer = load_renderer(job.base)
    count = 0
    for row in read_rows(job.rows, "rows"):
        count += 1
        rendered = renderer.render_row(row, job.maximum_length)
        if isinstance(rendered, LeftOut):
            events.tell("row-left-out", id=rendered.id, reason=rendered.reason)
            continue
        for sequence in rendered.sequences:
            numbers = [int(token) for token in sequence.tokens]
            texts = renderer.tell_texts(numbers)
            marks = [bool(mark) for mark in sequence.trained]
            tokens = [
                {"id": number, "text": text, "trained": mark}
                for number, text, mark in zip(numbers, texts, marks, strict=True)
            ]
            events.tell("row", id=rendered.id, tokens=tokens)
    events.tell("end", rows=count)
