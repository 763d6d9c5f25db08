"""
Measures `train` against the bare script, in turns, and prints the ratios: the trainer should make at least 0.95 of the
steps a second, with at most 1.05 of the memory.

    OMP_NUM_THREADS=1 python -m bench.compare <base.gguf> [steps] [rounds]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from kumiki_trainer.files import hash_file
from kumiki_trainer.memory import CPU_PART_TOKENS

BATCH_SIZE = 2
PRECISION = "float32"
ANSWER = "The parcel leaves our house on the next working day and is with you two days later, rain or shine. "

Measured = dict[str, float]


def main(base: Path, steps: int = 20, rounds: int = 3) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = write_rows(folder / "rows.jsonl", steps * BATCH_SIZE)
        job = make_job(base, rows, folder)
        # The bare script is spared the conversion, so that the trainer has to be as well.
        converted = convert(job, folder)
        trainer: list[Measured] = []
        bare: list[Measured] = []
        for place in range(rounds):
            bare.append(run_bare(converted, rows, steps))
            trainer.append(run_trainer(job | {"work": str(folder / f"work-{place}")}, folder))
        print(json.dumps({"trainer": trainer, "bare": bare, **compare(trainer, bare)}, indent=2))


def compare(trainer: list[Measured], bare: list[Measured]) -> Measured:
    """The quickest of each: whatever else a machine does only ever makes a step slower."""
    return {
        "steps": min(one["seconds"] for one in bare) / min(one["seconds"] for one in trainer),
        "stepsByProcessorTime": min(one["processor"] for one in bare) / min(one["processor"] for one in trainer),
        "memory": min(one["peakMemory"] for one in trainer) / min(one["peakMemory"] for one in bare),
    }


def write_rows(file: Path, count: int) -> Path:
    rows = [
        {
            "id": str(place),
            "messages": [
                {"role": "user", "content": f"When will parcel {place} be here?"},
                {"role": "assistant", "content": f"{ANSWER * 3}Its number is {place}."},
            ],
            "trained": [1],
        }
        for place in range(count)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def make_job(base: Path, rows: Path, folder: Path) -> dict[str, Any]:
    return {
        "base": {"kind": "gguf", "file": str(base), "sha256": hash_file(base)},
        "cache": str(folder / "cache"),
        "output": str(folder / "adapter"),
        "train": str(rows),
        "settings": {
            "rank": 16,
            "alpha": 32,
            "dropout": 0,
            "learningRate": 2e-4,
            "schedule": "cosine",
            "warmup": 0.1,
            "epochs": 1,
            "batchSize": BATCH_SIZE,
            "maximumLength": 512,
            "evaluationsPerEpoch": 0,
            "patience": 0,
            "seed": 0,
            "precision": PRECISION,
            "quantisation": "none",
        },
        "threads": 1,
    }


def convert(job: dict[str, Any], folder: Path) -> Path:
    fields = {key: job[key] for key in ("base", "cache", "threads")}
    rows = write_rows(folder / "one.jsonl", 1)
    run_command("score", {**fields, "rows": str(rows), "maximumLength": 512, "precision": PRECISION}, folder)
    [converted] = (folder / "cache").iterdir()
    return converted


def run_trainer(job: dict[str, Any], folder: Path) -> Measured:
    told = run_command("train", job, folder)
    points = [(wall, used) for wall, used, event in told if event["event"] == "point"]
    return {
        "seconds": middle([after - before for (before, _), (after, _) in pairwise(points)]),
        "processor": middle([after - before for (_, before), (_, after) in pairwise(points)]),
        "peakMemory": told[-1][2]["peakMemory"],
    }


def run_command(command: str, job: dict[str, Any], folder: Path) -> list[tuple[float, float, dict[str, Any]]]:
    """The events, each with the time at which it came and the processor time that the trainer had used by then."""
    file = folder / "job.json"
    file.write_text(json.dumps(job), encoding="utf-8")
    arguments = [sys.executable, "-m", "kumiki_trainer", command, str(file)]
    told = []
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise TypeError("The trainer's standard output is a pipe.")
        trainer = psutil.Process(process.pid)
        for line in process.stdout:
            used = trainer.cpu_times()
            told.append((time.monotonic(), used.user + used.system, json.loads(line)))
    if process.returncode != 0:
        raise RuntimeError(f"The trainer ended with {process.returncode}: {told[-1]}")
    return told


def run_bare(folder: Path, rows: Path, steps: int) -> Measured:
    arguments = [str(folder), str(rows), str(steps), str(BATCH_SIZE), str(CPU_PART_TOKENS), PRECISION]
    script = Path(__file__).with_name("bare_training.py")
    told = subprocess.run([sys.executable, str(script), *arguments], check=True, stdout=subprocess.PIPE)
    result = json.loads(told.stdout.splitlines()[-1])
    return {
        "seconds": middle(result["seconds"]),
        "processor": middle(result["processor"]),
        "peakMemory": result["peakMemory"],
    }


def middle(durations: list[float]) -> float:
    """Without the first two steps, in which libraries warm up."""
    return statistics.median(durations[2:])


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[2:]]
    main(Path(sys.argv[1]), *numbers)
