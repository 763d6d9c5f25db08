"""AdamW over the adapter, its state by the names of what it moves, and the scaling that float16 needs."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

MAXIMUM_NORM = 1.0


class Optimizer:
    def __init__(self, parameters: Mapping[str, nn.Parameter], *, device: torch.device, scales: bool) -> None:
        """`scales`: in float16, gradients are so small that they vanish, unless the loss is multiplied first."""
        self._parameters = dict(parameters)
        self._adam = torch.optim.AdamW(self._parameters.values(), weight_decay=0.0, fused=True)
        self._scaler = torch.amp.GradScaler(device.type, enabled=scales)

    def backward(self, loss: torch.Tensor) -> None:
        scaled: Any = self._scaler.scale(loss)
        scaled.backward()

    @property
    def gradients(self) -> list[torch.Tensor]:
        return [parameter.grad for parameter in self._parameters.values() if parameter.grad is not None]

    def step(self, learning_rate: float) -> float:
        """Moves the parameters, and returns the norm of the gradients before they were cut to the highest allowed."""
        for group in self._adam.param_groups:
            group["lr"] = learning_rate
        self._scaler.unscale_(self._adam)
        norm = float(nn.utils.clip_grad_norm_(self._parameters.values(), MAXIMUM_NORM))
        self._scaler.step(self._adam)
        self._scaler.update()
        self._adam.zero_grad(set_to_none=True)
        return norm

    @property
    def skips_overflows(self) -> bool:
        """Whether a step with gradients beyond float16's range is simply left out, with a lower scale from then on."""
        return self._scaler.is_enabled()

    def take_state(self) -> dict[str, torch.Tensor]:
        return {
            f"{name}/{key}": value.detach().cpu()
            for name, parameter in self._parameters.items()
            for key, value in self._adam.state[parameter].items()
        }

    def put_state(self, tensors: Mapping[str, torch.Tensor]) -> None:
        for name, parameter in self._parameters.items():
            state = self._adam.state[parameter]
            for key in ("step", "exp_avg", "exp_avg_sq"):
                state[key] = tensors[f"{name}/{key}"].to(parameter.device)

    def take_scale(self) -> dict[str, float]:
        return {key: float(value) for key, value in self._scaler.state_dict().items()}

    def put_scale(self, scale: Mapping[str, float]) -> None:
        if scale and self._scaler.is_enabled():
            counts = {"growth_interval", "_growth_tracker"}
            self._scaler.load_state_dict({key: int(value) if key in counts else value for key, value in scale.items()})
