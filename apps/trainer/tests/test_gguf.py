"""GGUF bases, adapters and merged models: the same model whichever way it is written."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from peft import PeftModel
from safetensors.numpy import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from kumiki_trainer.gguf_base import load_gguf_tokenizer
from kumiki_trainer.rope_factors import compute_factors
from tests.conftest import Job, MakeJob, build_job, gguf_base, make_row, write_rows
from tests.trainer_process import run_trainer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="trainers are forked off")

TEXTS = ("It is 47 days.", "<|im_start|>user\n本店は?<|im_end|>\n", "  two  spaces\n\n\tand 1234 digits", "visiter")


def compute_logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        logits = model.eval()(input_ids=torch.arange(3, 120).unsqueeze(0)).logits
    assert isinstance(logits, torch.Tensor)
    return logits


@pytest.fixture(scope="session")
def tuned_once(llama: Path, llama_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Job]:
    folder = tmp_path_factory.mktemp("tuned")
    settings = {"epochs": 6, "learningRate": 0.05}
    job = build_job(folder, llama, base=gguf_base(llama_gguf), settings=settings)
    assert run_trainer("train", job, folder)[0] == 0
    return folder, job


@pytest.fixture
def tuned(tuned_once: tuple[Path, Job], tmp_path: Path) -> Job:
    """A finished training over a GGUF base, in a folder of its own."""
    folder, job = tuned_once
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    own: Job = json.loads(json.dumps(job).replace(str(folder), str(tmp_path)))
    return own


def test_a_base_from_gguf_is_the_model_that_was_written(make_job: MakeJob, tuned: Job, tmp_path: Path) -> None:
    [cached] = (tmp_path / "cache").iterdir()
    converted = AutoModelForCausalLM.from_pretrained(cached)
    original = AutoModelForCausalLM.from_pretrained(make_job()["base"]["folder"])
    torch.testing.assert_close(compute_logits(converted), compute_logits(original))


def test_a_base_is_converted_once_for_all_trainings(tuned: Job, tmp_path: Path) -> None:
    [cached] = (tmp_path / "cache").iterdir()
    written = (cached / "model.safetensors").stat().st_mtime_ns
    again = tuned | {"work": str(tmp_path / "again"), "output": str(tmp_path / "other")}
    assert run_trainer("train", again, tmp_path)[0] == 0
    assert (cached / "model.safetensors").stat().st_mtime_ns == written


def test_a_conversion_that_was_damaged_is_made_again(tuned: Job, tmp_path: Path) -> None:
    [cached] = (tmp_path / "cache").iterdir()
    weights = cached / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    again = tuned | {"work": str(tmp_path / "again"), "output": str(tmp_path / "other")}
    code, process = run_trainer("train", again, tmp_path)
    assert (code, process.events[-1]["code"]) == (3, "base-damaged")
    assert run_trainer("train", again, tmp_path)[0] == 0


@pytest.mark.parametrize("text", TEXTS)
def test_a_tokenizer_from_gguf_reads_as_the_one_that_was_written(text: str, llama: Path, llama_gguf: Path) -> None:
    original = AutoTokenizer.from_pretrained(llama)
    assert load_gguf_tokenizer(llama_gguf)(text)["input_ids"] == original(text)["input_ids"]


def convert(command: str, tuned: Job, folder: Path, base: Path, **extra: str) -> Path:
    output = folder / "put" / f"{command}.gguf"
    job = {"adapter": tuned["output"], "baseFile": str(base), "output": str(output), **extra}
    code, process = run_trainer(command, job, folder)
    assert code == 0
    assert process.told("end")[0]["bytes"] == output.stat().st_size
    assert list(output.parent.iterdir()) == [output]
    return output


def read_tensors(file: Path) -> dict[str, np.ndarray[Any, Any]]:
    return {tensor.name: np.array(tensor.data) for tensor in GGUFReader(file).tensors}


def test_an_adapter_as_gguf_changes_the_base_as_the_merged_model_does(
    tuned: Job, tmp_path: Path, llama_gguf: Path
) -> None:
    adapter = read_tensors(convert("to-gguf", tuned, tmp_path, llama_gguf))
    (tmp_path / "put").rename(tmp_path / "adapter")
    merged = read_tensors(convert("merge", tuned, tmp_path, llama_gguf, type="F16"))
    base = read_tensors(llama_gguf)
    changed = {name.rpartition(".lora_")[0] for name in adapter}
    assert len(changed) == 14
    for name in changed:
        expected = base[name] + 2 * adapter[f"{name}.lora_b"] @ adapter[f"{name}.lora_a"]
        np.testing.assert_allclose(merged[name].astype(np.float32), expected, atol=2e-3)
        assert np.abs(expected - base[name]).max() > 0.01
    for name in base.keys() - changed:
        assert merged[name].tobytes() == base[name].tobytes()


def test_a_merged_model_answers_as_base_and_adapter_do(tuned: Job, tmp_path: Path, llama_gguf: Path) -> None:
    merged_file = convert("merge", tuned, tmp_path, llama_gguf, type="F16")
    merged = LlamaForCausalLM.from_pretrained(merged_file.parent, gguf_file=merged_file.name, dtype=torch.float32)
    [cached] = (tmp_path / "cache").iterdir()
    tuned_model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(cached), tuned["output"])
    torch.testing.assert_close(compute_logits(merged), compute_logits(tuned_model), atol=0.05, rtol=0.02)


def test_a_merged_model_keeps_the_metadata_of_its_base(tuned: Job, tmp_path: Path, llama_gguf: Path) -> None:
    merged = GGUFReader(convert("merge", tuned, tmp_path, llama_gguf, type="Q8_0"))
    base = GGUFReader(llama_gguf)
    for key, field in base.fields.items():
        if not key.startswith("GGUF."):
            assert merged.fields[key].contents() == field.contents()
    assert merged.fields["general.file_type"].contents() == 7
    kinds = {tensor.name: tensor.tensor_type.name for tensor in merged.tensors}
    assert kinds["blk.0.attn_q.weight"] == "Q8_0"
    assert kinds["token_embd.weight"] == "F32"


def test_refuses_an_adapter_that_a_gguf_cannot_express(tuned: Job, tmp_path: Path, llama_gguf: Path) -> None:
    config = Path(tuned["output"]) / "adapter_config.json"
    config.write_text(config.read_text().replace('"use_dora": false', '"use_dora": true'))
    job = {"adapter": tuned["output"], "baseFile": str(llama_gguf), "output": str(tmp_path / "out.gguf")}
    code, process = run_trainer("to-gguf", job, tmp_path)
    assert (code, process.events[-1]["code"]) == (2, "job-invalid")
    assert "use_dora" in process.events[-1]["detail"]


def test_refuses_an_adapter_of_another_base(tuned: Job, tmp_path: Path, llama_gguf: Path) -> None:
    weights = Path(tuned["output"]) / "adapter_model.safetensors"
    save_file({name: values[:, :-1].copy() for name, values in load_file(weights).items()}, weights)
    job = {"adapter": tuned["output"], "baseFile": str(llama_gguf), "output": str(tmp_path / "out.gguf")}
    code, process = run_trainer("to-gguf", job, tmp_path)
    assert (code, process.events[-1]["code"]) == (2, "job-invalid")
    assert "another base" in process.events[-1]["detail"]


def test_scores_rows_with_and_without_an_adapter(tuned: Job, tmp_path: Path) -> None:
    job = {
        "base": tuned["base"],
        "rows": tuned["evaluation"],
        "maximumLength": 200,
        "precision": "float32",
        "cache": tuned["cache"],
    }
    _, training = run_trainer("train", tuned, tmp_path)
    losses = training.told("end")[0]["evaluationLoss"]
    _, without = run_trainer("score", job, tmp_path)
    _, tuned_score = run_trainer("score", job | {"adapter": tuned["output"]}, tmp_path)
    assert without.told("end")[0]["loss"] == pytest.approx(losses["before"], rel=1e-5)
    end = tuned_score.told("end")[0]
    assert end["loss"] == pytest.approx(losses["best"], rel=1e-5)
    rows = tuned_score.told("row")
    assert sum(row["loss"] * row["tokens"] for row in rows) / end["tokens"] == pytest.approx(end["loss"])


def test_shows_each_token_of_a_row_and_whether_it_is_trained(tmp_path: Path, llama_gguf: Path) -> None:
    rows = write_rows(
        tmp_path / "rows.jsonl", [make_row("a", "店は?", "能登"), make_row("b", "店は?", "能登", trained=[])]
    )
    job = {"base": gguf_base(llama_gguf), "rows": str(rows), "maximumLength": 200}
    code, process = run_trainer("preview", job, tmp_path)
    assert code == 0
    assert process.told("row-left-out") == [{"event": "row-left-out", "id": "b", "reason": "no-trained-tokens"}]
    [row] = process.told("row")
    text = "".join(token["text"] for token in row["tokens"])
    assert text == "<|im_start|>user\n店は?<|im_end|>\n<|im_start|>assistant\n能登<|im_end|>\n"
    assert "".join(token["text"] for token in row["tokens"] if token["trained"]) == "能登<|im_end|>"


def test_stretched_positions_are_those_of_llama_3() -> None:
    parameters = {
        "rope_type": "llama3",
        "rope_theta": 500000.0,
        "factor": 32.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }
    config = LlamaConfig(hidden_size=2048, num_attention_heads=32, head_dim=64, rope_parameters=parameters)
    stretched, _ = ROPE_INIT_FUNCTIONS["llama3"](config, torch.device("cpu"))
    plain = 500000.0 ** (-np.arange(32) / 32)
    np.testing.assert_allclose(plain / stretched.numpy(), compute_factors(32, 500000.0, 32.0), rtol=1e-4)
