"""The learning rate of each step, and at which steps the model is evaluated: functions of the step alone."""

import math

from kumiki_trainer.job import Settings


def compute_learning_rate(step: int, steps: int, settings: Settings) -> float:
    """Of step `step` (from 0) of `steps`: rises in a line to the full rate, then falls along the schedule towards 0."""
    warmup_steps = math.ceil(settings.warmup * steps)
    if step < warmup_steps:
        return settings.learning_rate * (step + 1) / warmup_steps
    share = (step - warmup_steps) / max(1, steps - warmup_steps)
    match settings.schedule:
        case "cosine":
            return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * share))
        case "linear":
            return settings.learning_rate * (1 - share)
        case "constant":
            return settings.learning_rate


def is_evaluated(finished: int, *, steps: int, steps_per_epoch: int, evaluations_per_epoch: int) -> bool:
    """Whether the model is evaluated when `finished` steps are done: spread evenly over each epoch, and at the end."""
    if finished == steps:
        return True
    done = finished * evaluations_per_epoch // steps_per_epoch
    return done > (finished - 1) * evaluations_per_epoch // steps_per_epoch
