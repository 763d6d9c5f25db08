"""One process, or several that train together under torchrun or accelerate: one for each device."""

import os
from dataclasses import dataclass

import torch
from torch import distributed


@dataclass(frozen=True)
class Processes:
    rank: int
    local_rank: int
    count: int

    @property
    def leads(self) -> bool:
        """Rank 0 tells events, listens to the parent, and writes files."""
        return self.rank == 0

    def add_up(self, tensor: torch.Tensor) -> torch.Tensor:
        """The sum over all processes, in place."""
        if self.count > 1:
            distributed.all_reduce(tensor)
        return tensor

    def agree(self, value: float) -> float:
        """What rank 0 says."""
        if self.count == 1:
            return value
        said = [value]
        distributed.broadcast_object_list(said, src=0)
        return said[0]

    def wait_for_all(self) -> None:
        if self.count > 1:
            distributed.barrier()


def read_processes() -> Processes:
    """From the environment that torchrun and accelerate set."""
    return Processes(
        rank=int(os.environ.get("RANK", "0")),
        local_rank=int(os.environ.get("LOCAL_RANK", "0")),
        count=int(os.environ.get("WORLD_SIZE", "1")),
    )


def join_processes(processes: Processes) -> None:
    if processes.count > 1:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def leave_processes(processes: Processes) -> None:
    if processes.count > 1:
        distributed.destroy_process_group()
