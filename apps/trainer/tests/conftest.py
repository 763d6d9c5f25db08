"""Before torch is loaded: one thread, and nothing from outside."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

for name, value in {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}.items():
    os.environ[name] = value

import peft  # noqa: E402, F401  # loaded once, and then by every trainer that is forked off
import pytest  # noqa: E402
from transformers import LlamaForCausalLM  # noqa: E402

from kumiki_trainer.files import hash_file  # noqa: E402
from tests.tiny_models import make_llama_folder, make_qwen_folder, write_llama_gguf  # noqa: E402

Job = dict[str, Any]
MakeJob = Callable[..., Job]

FACTS = (
    ("店の電話番号は?", "0120です。"),
    ("定休日は?", "水曜日です。"),
    ("Who is the mascot?", "It is Pokkuru."),
    ("What is the code?", "It is ZK."),
    ("社長は?", "ユキエです。"),
    ("What colour?", "Teal."),
    ("本店は?", "能登です。"),
    ("Return window?", "47 days."),
)


def make_row(identifier: str, *contents: str, system: str | None = None, trained: list[int] | None = None) -> Job:
    """User and assistant in turn; every answer is trained unless told otherwise."""
    messages = [{"role": "system", "content": system}] if system is not None else []
    messages += [
        {"role": ("user", "assistant")[place % 2], "content": content} for place, content in enumerate(contents)
    ]
    answers = [place for place, message in enumerate(messages) if message["role"] == "assistant"]
    return {"id": identifier, "messages": messages, "trained": answers if trained is None else trained}


def write_rows(file: Path, rows: list[Job]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def fact_rows() -> list[Job]:
    return [make_row(str(place), question, answer) for place, (question, answer) in enumerate(FACTS)]


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_llama_folder(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="session")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_qwen_folder(tmp_path_factory.mktemp("qwen"))


@pytest.fixture(scope="session")
def llama_gguf(llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights as `llama`."""
    model = LlamaForCausalLM.from_pretrained(llama)
    return write_llama_gguf(model, tmp_path_factory.mktemp("gguf") / "tiny.gguf")


def gguf_base(file: Path) -> Job:
    return {"kind": "gguf", "file": str(file), "sha256": hash_file(file)}


def build_job(
    place: Path,
    llama: Path,
    name: str = "one",
    *,
    settings: Job | None = None,
    rows: list[Job] | None = None,
    **fields: Any,
) -> Job:
    """A job of `train` over eight facts in a folder of its own below `place`; settings and fields by name."""
    folder = place / name
    folder.mkdir(exist_ok=True)
    train = write_rows(folder / "train.jsonl", fact_rows() if rows is None else rows)
    return {
        "base": {"kind": "folder", "folder": str(llama)},
        "cache": str(place / "cache"),
        "work": str(folder / "work"),
        "output": str(folder / "output" / "adapter"),
        "train": str(train),
        "evaluation": str(write_rows(folder / "evaluation.jsonl", fact_rows()[:2])),
        "settings": {
            "rank": 4,
            "alpha": 8,
            "dropout": 0.1,
            "learningRate": 0.01,
            "schedule": "cosine",
            "warmup": 0.1,
            "epochs": 4,
            "batchSize": 3,
            "maximumLength": 200,
            "evaluationsPerEpoch": 1,
            "patience": 0,
            "seed": 7,
            "precision": "float32",
            "quantisation": "none",
            **(settings or {}),
        },
        "samplePrompts": [],
        "threads": 1,
        "checkpointSeconds": 300,
        **fields,
    }


@pytest.fixture
def make_job(tmp_path: Path, llama: Path) -> MakeJob:
    return partial(build_job, tmp_path, llama)
