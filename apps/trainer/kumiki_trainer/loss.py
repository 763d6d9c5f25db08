"""The loss over trained tokens. The vocabulary head, the most costly layer of small models, sees nothing else."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from kumiki_trainer.batches import Batch, cut_into_parts, fill_up
from kumiki_trainer.chat import Example
from kumiki_trainer.device import Computing
from kumiki_trainer.processes import Processes


class ScoredHead:
    """
    Leads only chosen positions into the vocabulary head, of whatever model: what a model does to its logits
    afterwards, it does to each by itself.
    """

    def __init__(self, model: nn.Module) -> None:
        self._scored: torch.Tensor | None = None
        head: Any = model
        head.get_output_embeddings().register_forward_pre_hook(self._choose)
        self._model = model

    def compute_loss(self, batch: Batch) -> torch.Tensor:
        """The sum over the batch's trained tokens, in nats."""
        # The token at a place is predicted from the place before it.
        self._scored = functional.pad(batch.trained[:, 1:], (0, 1))
        try:
            logits = self._model(input_ids=batch.tokens, use_cache=False).logits
        finally:
            self._scored = None
        return functional.cross_entropy(logits[0].float(), batch.tokens[batch.trained], reduction="sum")

    def _choose(self, _head: nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...] | None:
        if self._scored is None:
            return None
        return (inputs[0][self._scored].unsqueeze(0),)


def measure_loss(
    model: nn.Module,
    head: ScoredHead,
    examples: Sequence[Example],
    *,
    computing: Computing,
    processes: Processes,
    part_tokens: int,
) -> float:
    """The mean over all trained tokens of the examples, spread over the processes."""
    total = torch.zeros(2, dtype=torch.float64, device=computing.device)
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad(), computing.autocast():
            for part in cut_into_parts(examples[processes.rank :: processes.count], part_tokens):
                batch = fill_up(part, computing.device)
                total[0] += head.compute_loss(batch).double()
                total[1] += batch.trained.sum()
    finally:
        model.train(was_training)
    processes.add_up(total)
    return float(total[0] / total[1])
