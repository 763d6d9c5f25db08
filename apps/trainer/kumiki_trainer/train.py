"""The command `train`: from a job to an adapter in its place."""

import json
import logging
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from jinja2.exceptions import TemplateError
from peft import PeftModel
from transformers import PreTrainedModel

from kumiki_trainer.base import BaseFolder, load_model, make_renderer, prepare_base
from kumiki_trainer.card import describe_base, write_card
from kumiki_trainer.chat import ChatRenderer
from kumiki_trainer.checkpoints import Checkpoint, Checkpoints
from kumiki_trainer.device import Computing, choose_computing
from kumiki_trainer.errors import TrainerError
from kumiki_trainer.events import Events
from kumiki_trainer.examples import hash_examples, load_examples
from kumiki_trainer.files import hash_file, remove_unfinished, whole_folder
from kumiki_trainer.job import FolderBase, GgufBase, HubBase, TrainJob
from kumiki_trainer.lora import WEIGHTS_FILE, add_lora, save_adapter_weights, write_adapter_config
from kumiki_trainer.memory import Parts, choose_parts
from kumiki_trainer.processes import Processes, join_processes, leave_processes
from kumiki_trainer.random_state import seed_everything
from kumiki_trainer.standard_input import StandardInput
from kumiki_trainer.training import Lesson, Means, Stopped, Training

log = logging.getLogger(__name__)


def train(job: TrainJob, events: Events, parent: StandardInput, processes: Processes) -> None:
    join_processes(processes)
    try:
        tune(job, events, parent, processes)
    finally:
        leave_processes(processes)


def tune(job: TrainJob, events: Events, parent: StandardInput, processes: Processes) -> None:
    events.tell_state("preparing")
    settings = job.settings
    computing = choose_computing(settings.precision, settings.quantisation, processes)
    base = prepare_base_together(job, computing, processes)
    renderer = make_renderer(base)
    lesson = prepare_lesson(job, renderer, events)
    model = load_model(base, computing, settings.quantisation)
    seed_everything(settings.seed)
    tuned = add_lora(model, settings, base_name=job.base.name if isinstance(job.base, HubBase) else None)

    checkpoints = Checkpoints(job.work / "checkpoints")
    fingerprint = make_fingerprint(job, lesson, computing, identify_base(job.base, base.folder))
    processes.wait_for_all()
    checkpoint = checkpoints.read_newest(fingerprint)
    means = Means(
        settings=settings,
        computing=computing,
        parts=settle_parts(model, lesson, computing, checkpoint),
        processes=processes,
        renderer=renderer,
        checkpoints=checkpoints,
        checkpoint_seconds=job.checkpoint_seconds,
        events=events,
        stop_asked=lambda: parent.stop_asked,
    )
    if processes.count > 1:
        torch.manual_seed(settings.seed + processes.rank)
    training = Training(tuned, lesson, means, fingerprint=fingerprint, checkpoint=checkpoint)
    tell_plan(training, lesson, computing, events)
    events.tell_state("training", training.progress.step / training.steps)
    stopped = training.run()
    events.tell_state("saving")
    if processes.leads:
        save(job, tuned, training, stopped, lesson=lesson, means=means)
    processes.wait_for_all()
    tell_end(job, training, stopped, means)


def prepare_base_together(job: TrainJob, computing: Computing, processes: Processes) -> BaseFolder:
    """Rank 0 converts or downloads; the others find it done."""
    if processes.leads:
        base = prepare_base(job.base, computing.precision, job.cache)
        processes.wait_for_all()
        return base
    processes.wait_for_all()
    return prepare_base(job.base, computing.precision, job.cache)


def prepare_lesson(job: TrainJob, renderer: ChatRenderer, events: Events) -> Lesson:
    length = job.settings.maximum_length
    learnt = load_examples(job.train, "train", renderer=renderer, maximum_length=length, events=events)
    if not learnt:
        raise TrainerError("data-empty", "No row is left that can be learnt from: see why each was left out.")
    evaluation = (
        load_examples(job.evaluation, "evaluation", renderer=renderer, maximum_length=length, events=events)
        if job.evaluation is not None
        else []
    )
    try:
        prompts = [renderer.render_prompt(messages) for messages in job.sample_prompts]
    except TemplateError as error:
        raise TrainerError("job-invalid", f"samplePrompts: the chat template refuses one: {error}") from error
    return Lesson(learnt, evaluation, prompts)


def settle_parts(model: PreTrainedModel, lesson: Lesson, computing: Computing, checkpoint: Checkpoint | None) -> Parts:
    """The same parts as before a resume: sums in another order would not be the same to the last bit."""
    if checkpoint is None:
        parts = choose_parts(model, computing, longest=max(example.longest for example in lesson.train))
    else:
        parts = Parts(checkpoint.state.part_tokens, checkpoint.state.recomputes)
    if parts.recomputes:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    return parts


def make_fingerprint(job: TrainJob, lesson: Lesson, computing: Computing, base: str) -> str:
    """Two trainings with the same one go the same way; a checkpoint is of use to no other."""
    parts = {
        "base": base,
        "settings": job.settings.model_dump(),
        "precision": computing.precision,
        "train": hash_examples(lesson.train),
        "evaluation": hash_examples(lesson.evaluation),
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def identify_base(base: GgufBase | FolderBase | HubBase, folder: Path) -> str:
    match base:
        case GgufBase():
            return base.sha256
        case HubBase():
            return f"{base.name}@{base.revision}"
        case FolderBase():
            # Sizes rather than hashes of the weights: reading them all would take as long as loading them.
            sizes = [f"{path.name} {path.stat().st_size}" for path in sorted(folder.glob("*.safetensors"))]
            return " ".join([hash_file(folder / "config.json"), *sizes])


def tell_plan(training: Training, lesson: Lesson, computing: Computing, events: Events) -> None:
    events.tell(
        "plan",
        steps=training.steps,
        resumedFrom=training.resumed_from,
        rows={"train": len(lesson.train), "evaluation": len(lesson.evaluation)},
        tokens={
            "train": sum(example.token_count for example in lesson.train),
            "trained": sum(example.trained_count for example in lesson.train),
        },
        device=computing.device.type,
        precision=computing.precision,
    )


def save(
    job: TrainJob, tuned: PeftModel, training: Training, stopped: Stopped, *, lesson: Lesson, means: Means
) -> None:
    """The best checkpoint's weights, or the last step's where nothing was evaluated, to their place in one move."""
    progress = training.progress
    best = means.checkpoints.find_adapter(progress.best_step) if progress.best_step is not None else None
    if progress.best_step is not None and best is None:
        log.warning("The best checkpoint is damaged; the weights of the last step are kept instead.")
    remove_unfinished(job.output.parent)
    with whole_folder(job.output) as folder:
        if best is None:
            save_adapter_weights(tuned, folder / WEIGHTS_FILE)
        else:
            shutil.copyfile(best, folder / WEIGHTS_FILE)
        write_adapter_config(tuned, job.base, folder)
        write_card(
            folder,
            {
                "base": describe_base(job.base),
                "settings": job.settings.model_dump(by_alias=True),
                "precision": means.computing.precision,
                "device": means.computing.describe(),
                "processes": means.processes.count,
                "rows": {"train": len(lesson.train), "evaluation": len(lesson.evaluation)},
                "tokens": {
                    "train": sum(example.token_count for example in lesson.train),
                    "trained": sum(example.trained_count for example in lesson.train),
                },
                "data": {"train": hash_examples(lesson.train), "evaluation": hash_examples(lesson.evaluation)},
                "steps": progress.step,
                "stopped": stopped,
                "evaluationLoss": summarise_evaluation(training),
                "seconds": round(progress.seconds, 1),
                "peakMemory": progress.peak_memory,
            },
        )


def tell_end(job: TrainJob, training: Training, stopped: Stopped, means: Means) -> None:
    devices = means.processes.count if means.computing.device.type == "cuda" else 0
    means.events.tell(
        "end",
        steps=training.progress.step,
        stopped=stopped,
        evaluationLoss=summarise_evaluation(training),
        seconds=round(training.progress.seconds, 1),
        processorSeconds=round(training.progress.processor_seconds, 1),
        deviceSeconds=round(training.progress.seconds * devices, 1),
        peakMemory=training.progress.peak_memory,
        output=str(job.output),
    )


def summarise_evaluation(training: Training) -> dict[str, Any] | None:
    progress = training.progress
    if progress.best_loss is None:
        return None
    return {"before": progress.loss_before, "best": progress.best_loss, "step": progress.best_step}
