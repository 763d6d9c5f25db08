"""The commands by their names. Each is imported only when it is asked for: torch takes seconds to load."""

import os
from collections.abc import Callable
from pathlib import Path

from kumiki_trainer.events import Events
from kumiki_trainer.job import (
    HubBase,
    InspectJob,
    JobType,
    MergeJob,
    PreviewJob,
    ScoreJob,
    ToGgufJob,
    TrainJob,
    read_job,
)
from kumiki_trainer.standard_input import StandardInput

Command = Callable[[Path, Events, StandardInput], None]


def run_inspect(file: Path, events: Events, _parent: StandardInput) -> None:
    prepare_environment(read_job(file, InspectJob))
    from kumiki_trainer.inspect_machine import inspect_machine

    inspect_machine(events)


def run_preview(file: Path, events: Events, _parent: StandardInput) -> None:
    job = prepare_environment(read_job(file, PreviewJob))
    from kumiki_trainer.preview import preview

    preview(job, events)


def run_train(file: Path, events: Events, parent: StandardInput) -> None:
    job = prepare_environment(read_job(file, TrainJob))
    from kumiki_trainer.processes import read_processes
    from kumiki_trainer.train import train

    train(job, events, parent, read_processes())


def run_score(file: Path, events: Events, _parent: StandardInput) -> None:
    job = prepare_environment(read_job(file, ScoreJob))
    from kumiki_trainer.score import score

    score(job, events)


def run_to_gguf(file: Path, events: Events, _parent: StandardInput) -> None:
    job = prepare_environment(read_job(file, ToGgufJob))
    from kumiki_trainer.to_gguf import write_gguf_adapter

    write_gguf_adapter(job, events)


def run_merge(file: Path, events: Events, _parent: StandardInput) -> None:
    job = prepare_environment(read_job(file, MergeJob))
    from kumiki_trainer.merge import merge

    merge(job, events)


COMMANDS: dict[str, Command] = {
    "inspect": run_inspect,
    "preview": run_preview,
    "train": run_train,
    "score": run_score,
    "to-gguf": run_to_gguf,
    "merge": run_merge,
}


def prepare_environment(job: JobType) -> JobType:
    """Before torch and transformers are loaded, since they read this once."""
    if job.threads is not None:
        for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            os.environ[name] = str(job.threads)
    if not isinstance(getattr(job, "base", None), HubBase):
        # Whoever has the model at hand is not to be told of to any hub.
        os.environ["HF_HUB_OFFLINE"] = "1"
    return job
