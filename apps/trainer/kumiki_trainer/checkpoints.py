"""
Checkpoints: all that a training needs to go on as if nothing had happened.

Each is a folder that is there whole or not at all, of safetensors and JSON only: nothing in it can run code when it is
read. A manifest holds the hash of each file, so that what a disk has damaged is not gone on from either.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import BaseModel, ValidationError
from safetensors.torch import load_file, save_file

from kumiki_trainer.files import hash_file, remove, remove_unfinished, whole_folder, write_json
from kumiki_trainer.lora import WEIGHTS_FILE
from kumiki_trainer.random_state import RandomState, RandomValues

log = logging.getLogger(__name__)

OPTIMIZER_FILE = "optimizer.safetensors"
RANDOM_FILE = "random.safetensors"
STATE_FILE = "state.json"
MANIFEST_FILE = "manifest.json"
KEPT = 2


class Progress(BaseModel):
    """How far a training is, and what it found on the way."""

    step: int = 0
    loss_before: float | None = None
    best_loss: float | None = None
    best_step: int | None = None
    evaluations_without_gain: int = 0
    seconds: float = 0
    processor_seconds: float = 0
    peak_memory: int = 0


class State(BaseModel):
    """What is no tensor."""

    fingerprint: str
    part_tokens: int
    recomputes: bool
    progress: Progress
    scaler: dict[str, float]
    random: list[RandomValues]


class Manifest(BaseModel):
    sha256: dict[str, str]


@dataclass(frozen=True)
class Checkpoint:
    state: State
    adapter: Path
    optimizer: dict[str, torch.Tensor]
    random: list[RandomState]


class Checkpoints:
    """Those of one training, in a folder of its own. The newest two and the best stay."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(folder)

    def write(
        self,
        state: State,
        *,
        adapter: Mapping[str, torch.Tensor],
        optimizer: Mapping[str, torch.Tensor],
        random: list[RandomState],
    ) -> None:
        with whole_folder(self._place(state.progress.step)) as folder:
            save_file(dict(adapter), folder / WEIGHTS_FILE, metadata={"format": "pt"})
            save_file(dict(optimizer), folder / OPTIMIZER_FILE)
            drawn = {
                f"{rank}.{name}": tensor for rank, one in enumerate(random) for name, tensor in one.tensors.items()
            }
            save_file(drawn, folder / RANDOM_FILE)
            write_json(folder / STATE_FILE, state.model_dump())
            hashes = {path.name: hash_file(path) for path in sorted(folder.iterdir())}
            write_json(folder / MANIFEST_FILE, Manifest(sha256=hashes).model_dump())
        self._keep_few(best=state.progress.best_step)

    def read_newest(self, fingerprint: str) -> Checkpoint | None:
        """The newest that is whole and of this very training. Others are removed: nothing can go on from them."""
        for step in sorted(self._steps(), reverse=True):
            state = read_whole(self._place(step))
            if state is not None and state.fingerprint == fingerprint:
                return self._read(state)
            log.warning("The checkpoint of step %d is damaged or of another training, and is left aside.", step)
            remove(self._place(step))
        return None

    def find_adapter(self, step: int) -> Path | None:
        """The weights as they were after `step`, where that checkpoint is whole."""
        folder = self._place(step)
        return folder / WEIGHTS_FILE if read_whole(folder) is not None else None

    def _read(self, state: State) -> Checkpoint:
        folder = self._place(state.progress.step)
        drawn = load_file(folder / RANDOM_FILE)
        random = [
            RandomState(
                {
                    name.removeprefix(f"{rank}."): tensor
                    for name, tensor in drawn.items()
                    if name.startswith(f"{rank}.")
                },
                values,
            )
            for rank, values in enumerate(state.random)
        ]
        return Checkpoint(state, folder / WEIGHTS_FILE, load_file(folder / OPTIMIZER_FILE), random)

    def _steps(self) -> list[int]:
        names = [path.name.removeprefix("step-") for path in self._folder.glob("step-*")]
        return [int(name) for name in names if name.isdecimal()]

    def _place(self, step: int) -> Path:
        return self._folder / f"step-{step:08d}"

    def _keep_few(self, *, best: int | None) -> None:
        steps = sorted(self._steps())
        for step in steps[:-KEPT]:
            if step != best:
                remove(self._place(step))


def read_whole(folder: Path) -> State | None:
    """The state of a checkpoint whose files are what its manifest says; null where they are not."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST_FILE).read_bytes())
        if any(hash_file(folder / name) != sha256 for name, sha256 in manifest.sha256.items()):
            return None
        if STATE_FILE not in manifest.sha256:
            return None
        return State.model_validate_json((folder / STATE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
