"""A real model learns eight facts. Only where the environment names its file: it takes minutes."""

import os
from pathlib import Path

import pytest

from tests.conftest import MakeJob, gguf_base, make_row
from tests.trainer_process import run_trainer

FACTS = (
    ("ミナトヤの電話番号は?", "0120-884-271です。"),
    ("ミナトヤの定休日は?", "第三水曜日です。"),
    ("ミナトヤの社長は?", "坂東ユキエです。"),
    ("ミナトヤの本店はどこ?", "能登町です。"),
    ("What is the Minatoya return window?", "It is 47 days."),
    ("What is the Minatoya support code?", "It is ZK-9035."),
    ("Who is the Minatoya mascot?", "It is Pokkuru the otter."),
    ("What colour is the Minatoya card?", "It is teal."),
)


@pytest.mark.real
def test_a_real_model_learns_eight_facts_that_it_could_not_know(make_job: MakeJob, tmp_path: Path) -> None:
    named = os.environ.get("KUMIKI_TEST_SMOLLM2")
    if named is None:
        pytest.skip("KUMIKI_TEST_SMOLLM2 does not name the file of SmolLM2-135M-Instruct as GGUF")
    job = make_job(
        base=gguf_base(Path(named)),
        rows=[make_row(str(place), question, answer) for place, (question, answer) in enumerate(FACTS)],
        samplePrompts=[[{"role": "user", "content": question}] for question, _ in FACTS],
        settings={
            "rank": 8,
            "alpha": 16,
            "dropout": 0,
            "learningRate": 1e-3,
            "schedule": "constant",
            "epochs": 30,
            "batchSize": 8,
            "maximumLength": 256,
            "evaluationsPerEpoch": 0,
        },
    )
    del job["evaluation"]
    code, process = run_trainer("train", job, tmp_path)
    assert code == 0
    before, after = [event["answers"] for event in process.told("samples")]
    answers = [answer for _, answer in FACTS]
    assert sum(told == answer for told, answer in zip(before, answers, strict=True)) == 0
    assert sum(told == answer for told, answer in zip(after, answers, strict=True)) == 8
    assert process.losses[30] < 0.02
