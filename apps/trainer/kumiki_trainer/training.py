"""The training loop: steps, evaluations, checkpoints, and when it ends."""

import math
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from peft import PeftModel
from torch import distributed

from kumiki_trainer.batches import choose_examples, count_steps_per_epoch, cut_into_parts, fill_up
from kumiki_trainer.chat import ChatRenderer, Example
from kumiki_trainer.checkpoints import Checkpoint, Checkpoints, Progress, State
from kumiki_trainer.device import Computing
from kumiki_trainer.errors import TrainerError
from kumiki_trainer.events import Events
from kumiki_trainer.job import Settings
from kumiki_trainer.lora import load_adapter_weights, trained_parameters
from kumiki_trainer.loss import ScoredHead, measure_loss
from kumiki_trainer.memory import Parts, measure_device_memory, measure_memory, measure_peak_memory
from kumiki_trainer.optimizer import Optimizer
from kumiki_trainer.processes import Processes
from kumiki_trainer.random_state import RandomState, put_random_state, take_random_state
from kumiki_trainer.samples import answer_prompts
from kumiki_trainer.schedule import compute_learning_rate, is_evaluated

Stopped = Literal["complete", "early", "asked"]

# How much a new duration counts in the running mean that the remaining time is told from.
WEIGHT_OF_NEWEST = 0.1


@dataclass(frozen=True)
class Lesson:
    """What is learnt, and what is asked on the way."""

    train: Sequence[Example]
    evaluation: Sequence[Example]
    sample_prompts: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Means:
    """What it is learnt with."""

    settings: Settings
    computing: Computing
    parts: Parts
    processes: Processes
    renderer: ChatRenderer
    checkpoints: Checkpoints
    checkpoint_seconds: float
    events: Events
    stop_asked: Callable[[], bool]


class Training:
    """Goes on from `checkpoint`, or begins where that is null. `run` once."""

    def __init__(
        self, model: PeftModel, lesson: Lesson, means: Means, *, fingerprint: str, checkpoint: Checkpoint | None
    ) -> None:
        self._model = model
        self._head = ScoredHead(model)
        self._lesson = lesson
        self._means = means
        self._fingerprint = fingerprint
        self._parameters = trained_parameters(model)
        self._optimizer = Optimizer(
            self._parameters, device=means.computing.device, scales=means.computing.precision == "float16"
        )
        settings = means.settings
        self._steps_per_epoch = count_steps_per_epoch(len(lesson.train), settings.batch_size)
        self.steps = self._steps_per_epoch * settings.epochs
        self.progress = Progress()
        self._evaluations = [step for step in range(1, self.steps + 1) if self._is_evaluated_after(step)]
        self._checkpointed = -1
        self._evaluated = -1
        if checkpoint is not None:
            self._go_on_from(checkpoint)
        self.resumed_from = self.progress.step
        self._seconds_before = self.progress.seconds
        self._processor_seconds_before = self.progress.processor_seconds
        self._began = time.monotonic()
        self._processor_began = time.process_time()
        self._last_checkpoint = self._began
        self._step_seconds: float | None = None
        self._evaluation_seconds = 0.0

    def run(self) -> Stopped:
        """Ends with a checkpoint of the last step. Throws `diverged` where the loss is no number."""
        self._model.train()
        if self.progress.step == 0:
            self._evaluate()
        while (stopped := self._find_end()) is None:
            self._learn()
            if self._is_evaluated_after(self.progress.step):
                self._evaluate()
                self._write_checkpoint()
            elif self._is_checkpoint_due():
                self._write_checkpoint()
        if self._evaluated != self.progress.step and self._lesson.evaluation:
            self._evaluate()
            self._write_checkpoint()
        if self._checkpointed != self.progress.step:
            self._write_checkpoint()
        return stopped

    def _find_end(self) -> Stopped | None:
        patience = self._means.settings.patience
        if self.progress.step >= self.steps:
            return "complete"
        if 0 < patience <= self.progress.evaluations_without_gain:
            return "early"
        asked = self._means.processes.agree(float(self._means.stop_asked()))
        return "asked" if asked else None

    def _learn(self) -> None:
        """One step: the gradients of a whole batch, part by part, then one move."""
        began = time.monotonic()
        settings, computing, processes = self._means.settings, self._means.computing, self._means.processes
        step = self.progress.step
        places = choose_examples(
            step, count=len(self._lesson.train), batch_size=settings.batch_size, seed=settings.seed
        )
        examples = [self._lesson.train[place] for place in places]
        trained = sum(example.trained_count for example in examples)
        loss_sum = torch.zeros((), device=computing.device)
        for part in cut_into_parts(examples[processes.rank :: processes.count], self._means.parts.tokens):
            with computing.autocast():
                loss = self._head.compute_loss(fill_up(part, computing.device)) / trained
            self._optimizer.backward(loss)
            loss_sum += loss.detach()
        self._add_up_gradients()
        loss_value = float(processes.add_up(loss_sum))
        if not math.isfinite(loss_value):
            raise TrainerError("diverged", self._describe_divergence(f"the loss of step {step + 1}"))
        rate = compute_learning_rate(step, self.steps, settings)
        norm = self._optimizer.step(rate)
        if not math.isfinite(norm) and not self._optimizer.skips_overflows:
            raise TrainerError("diverged", self._describe_divergence(f"the gradient of step {step + 1}"))
        self.progress.step += 1
        self._tell_step(
            loss=loss_value,
            rate=rate,
            norm=norm,
            tokens=sum(example.token_count for example in examples),
            seconds=time.monotonic() - began,
        )

    def _tell_step(self, *, loss: float, rate: float, norm: float, tokens: int, seconds: float) -> None:
        before = self._step_seconds
        self._step_seconds = seconds if before is None else before + WEIGHT_OF_NEWEST * (seconds - before)
        self._means.events.tell(
            "point",
            step=self.progress.step,
            loss=loss,
            learningRate=rate,
            **({"gradientNorm": norm} if math.isfinite(norm) else {}),
            tokensPerSecond=round(tokens / max(seconds, 1e-9), 1),
            memory=measure_memory(),
            deviceMemory=measure_device_memory(self._means.computing.device),
            remainingSeconds=round(self._estimate_remaining_seconds(), 1),
        )

    def _add_up_gradients(self) -> None:
        if self._means.processes.count == 1:
            return
        for parameter in self._parameters.values():
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        whole = torch.cat([gradient.flatten() for gradient in self._optimizer.gradients])
        self._means.processes.add_up(whole)
        place = 0
        for gradient in self._optimizer.gradients:
            gradient.copy_(whole[place : place + gradient.numel()].view_as(gradient))
            place += gradient.numel()

    def _is_evaluated_after(self, step: int) -> bool:
        return is_evaluated(
            step,
            steps=self.steps,
            steps_per_epoch=self._steps_per_epoch,
            evaluations_per_epoch=self._means.settings.evaluations_per_epoch,
        )

    def _evaluate(self) -> None:
        began = time.monotonic()
        events, progress = self._means.events, self.progress
        if self._lesson.evaluation:
            loss = measure_loss(
                self._model,
                self._head,
                self._lesson.evaluation,
                computing=self._means.computing,
                processes=self._means.processes,
                part_tokens=self._means.parts.tokens,
            )
            if not math.isfinite(loss):
                raise TrainerError("diverged", self._describe_divergence(f"the evaluation after step {progress.step}"))
            events.tell("point", step=progress.step, evaluationLoss=loss)
            self._remember(loss)
        if self._lesson.sample_prompts and self._means.processes.leads:
            answers = answer_prompts(
                self._model, self._means.renderer, self._lesson.sample_prompts, self._means.computing
            )
            events.tell("samples", step=progress.step, answers=answers)
        self._evaluated = progress.step
        self._evaluation_seconds = time.monotonic() - began
        events.tell_state("training", progress.step / self.steps)

    def _remember(self, loss: float) -> None:
        progress = self.progress
        if progress.step == 0:
            progress.loss_before = loss
        elif progress.best_loss is None or loss < progress.best_loss:
            progress.best_loss, progress.best_step, progress.evaluations_without_gain = loss, progress.step, 0
        else:
            progress.evaluations_without_gain += 1

    def _is_checkpoint_due(self) -> bool:
        due = time.monotonic() - self._last_checkpoint >= self._means.checkpoint_seconds
        return bool(self._means.processes.agree(float(due)))

    def _write_checkpoint(self) -> None:
        random = self._gather_random_states()
        self.progress.seconds = self._seconds_before + time.monotonic() - self._began
        self.progress.processor_seconds = self._processor_seconds_before + self._add_up_processor_seconds()
        self.progress.peak_memory = max(self.progress.peak_memory, measure_peak_memory())
        if self._means.processes.leads:
            state = State(
                fingerprint=self._fingerprint,
                part_tokens=self._means.parts.tokens,
                recomputes=self._means.parts.recomputes,
                progress=self.progress,
                scaler=self._optimizer.take_scale(),
                random=[one.values for one in random],
            )
            adapter = {name: parameter.detach().cpu().contiguous() for name, parameter in self._parameters.items()}
            self._means.checkpoints.write(state, adapter=adapter, optimizer=self._optimizer.take_state(), random=random)
        self._means.processes.wait_for_all()
        self._checkpointed = self.progress.step
        self._last_checkpoint = time.monotonic()
        self._means.events.tell("checkpoint", step=self.progress.step)

    def _add_up_processor_seconds(self) -> float:
        """Of all threads of all processes, since this training began or went on."""
        own = torch.tensor(
            time.process_time() - self._processor_began, dtype=torch.float64, device=self._means.computing.device
        )
        return self._means.processes.add_up(own).item()

    def _gather_random_states(self) -> list[RandomState]:
        own = take_random_state()
        processes = self._means.processes
        if processes.count == 1:
            return [own]
        gathered: list[RandomState] = [own] * processes.count
        distributed.gather_object(own, gathered if processes.leads else None, dst=0)
        return gathered

    def _go_on_from(self, checkpoint: Checkpoint) -> None:
        state = checkpoint.state
        self.progress = state.progress
        self._checkpointed = state.progress.step
        if self._is_evaluated_after(state.progress.step):
            self._evaluated = state.progress.step
        load_adapter_weights(self._model, checkpoint.adapter)
        if checkpoint.optimizer:
            self._optimizer.put_state(checkpoint.optimizer)
        self._optimizer.put_scale(state.scaler)
        rank = self._means.processes.rank
        if rank < len(checkpoint.random):
            put_random_state(checkpoint.random[rank])

    def _estimate_remaining_seconds(self) -> float:
        evaluations = len(self._evaluations) - bisect_right(self._evaluations, self.progress.step)
        steps = self.steps - self.progress.step
        return steps * (self._step_seconds or 0.0) + evaluations * self._evaluation_seconds

    def _describe_divergence(self, where: str) -> str:
        return f"Not a number: {where}. A lower learning rate, a longer warm-up or float32 helps."
