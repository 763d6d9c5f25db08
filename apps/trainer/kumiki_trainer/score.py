"""The command `score`: the loss over the trained tokens of rows, with or without an adapter."""

import tempfile
import time
from pathlib import Path

from torch import nn

from kumiki_trainer.base import load_model, make_renderer, prepare_base
from kumiki_trainer.device import choose_computing
from kumiki_trainer.errors import TrainerError
from kumiki_trainer.events import Events
from kumiki_trainer.examples import load_examples
from kumiki_trainer.job import ScoreJob
from kumiki_trainer.lora import load_lora
from kumiki_trainer.loss import ScoredHead, measure_loss
from kumiki_trainer.memory import choose_parts
from kumiki_trainer.processes import Processes


def score(job: ScoreJob, events: Events) -> None:
    with tempfile.TemporaryDirectory(prefix="kumiki-score-") as passing:
        # A base that is not to be kept is converted for this once.
        score_with(job, events, job.cache or Path(passing))


def score_with(job: ScoreJob, events: Events, cache: Path) -> None:
    began = time.monotonic()
    events.tell_state("preparing")
    alone = Processes(rank=0, local_rank=0, count=1)
    computing = choose_computing(job.precision, "none", alone)
    base = prepare_base(job.base, computing.precision, cache)
    renderer = make_renderer(base)
    examples = load_examples(job.rows, "rows", renderer=renderer, maximum_length=job.maximum_length, events=events)
    if not examples:
        raise TrainerError("data-empty", "No row is left that has trained tokens.")
    loaded = load_model(base, computing, "none")
    parts = choose_parts(loaded, computing, longest=max(example.longest for example in examples))
    model: nn.Module = loaded if job.adapter is None else load_lora(loaded, job.adapter)
    head = ScoredHead(model)
    total, tokens = 0.0, 0
    for example in examples:
        loss = measure_loss(model, head, [example], computing=computing, processes=alone, part_tokens=parts.tokens)
        total += loss * example.trained_count
        tokens += example.trained_count
        events.tell("row", id=example.id, loss=loss, tokens=example.trained_count)
    events.tell(
        "end",
        loss=total / tokens,
        tokens=tokens,
        rows=len(examples),
        device=computing.device.type,
        precision=computing.precision,
        seconds=round(time.monotonic() - began, 1),
    )
