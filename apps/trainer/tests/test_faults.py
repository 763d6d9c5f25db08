"""Whatever goes wrong has a name, an exit code, and leaves nothing half done."""

import json
import os
import resource
import shutil
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from tests.conftest import Job, MakeJob, gguf_base, make_row, write_rows
from tests.tiny_models import make_llama_folder, write_llama_gguf
from tests.trainer_process import run_trainer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="trainers are forked off")


def expect_error(job: object, folder: Path, code: str, exit_code: int, command: str = "train", **options: Any) -> str:
    found, process = run_trainer(command, job, folder, **options)
    error = process.events[-1]
    assert (error["event"], error["code"], found) == ("error", code, exit_code), error
    if isinstance(job, dict) and "output" in job:
        output = Path(job["output"])
        assert not output.exists()
        assert list(output.parent.glob("*")) == []
    return str(error["detail"])


def test_names_the_field_of_a_job_that_is_not_as_it_should_be(make_job: MakeJob, tmp_path: Path) -> None:
    assert "settings.rank" in expect_error(make_job(settings={"rank": 0}), tmp_path, "job-invalid", 2)
    assert "settings.learningRate" in expect_error(
        make_job(settings={"learningRate": "high"}), tmp_path, "job-invalid", 2
    )
    assert "settings.colour" in expect_error(make_job(settings={"colour": "red"}), tmp_path, "job-invalid", 2)
    assert "base" in expect_error(make_job(base={"kind": "cloud"}), tmp_path, "job-invalid", 2)
    expect_error("{ not json", tmp_path, "job-invalid", 2)


def test_names_the_line_of_a_row_that_is_none(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job()
    with Path(job["train"]).open("a") as file:
        file.write('{"id": "x", "messages": "none"}\n')
    assert "train: line 9" in expect_error(job, tmp_path, "job-invalid", 2)


def test_a_base_that_is_cut_off_is_damaged(make_job: MakeJob, tmp_path: Path, llama: Path) -> None:
    cut = tmp_path / "cut"
    shutil.copytree(llama, cut)
    weights = cut / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    expect_error(make_job(base={"kind": "folder", "folder": str(cut)}), tmp_path, "base-damaged", 3)


def test_a_base_that_lacks_weights_is_damaged_rather_than_filled_with_random_ones(
    make_job: MakeJob, tmp_path: Path, llama: Path
) -> None:
    from safetensors.torch import load_file, save_file

    lacking = tmp_path / "lacking"
    shutil.copytree(llama, lacking)
    weights = load_file(lacking / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, lacking / "model.safetensors", metadata={"format": "pt"})
    detail = expect_error(make_job(base={"kind": "folder", "folder": str(lacking)}), tmp_path, "base-damaged", 3)
    assert "up_proj" in detail


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.9])
def test_a_gguf_file_that_is_cut_off_is_damaged(
    make_job: MakeJob, tmp_path: Path, llama_gguf: Path, kept: float
) -> None:
    whole = llama_gguf.read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[: int(len(whole) * kept)])
    job = make_job(base=gguf_base(cut))
    expect_error(job, tmp_path, "base-damaged", 3)
    assert list((tmp_path / "cache").glob("*")) == []


def test_a_gguf_file_with_another_hash_is_damaged(make_job: MakeJob, tmp_path: Path, llama_gguf: Path) -> None:
    job = make_job(base=gguf_base(llama_gguf) | {"sha256": "0" * 64})
    assert "SHA-256" in expect_error(job, tmp_path, "base-damaged", 3)


def test_a_base_without_chat_template_is_not_trained(make_job: MakeJob, tmp_path: Path) -> None:
    folder = make_llama_folder(tmp_path / "silent", chat_template=None)
    expect_error(make_job(base={"kind": "folder", "folder": str(folder)}), tmp_path, "chat-template-missing", 4)


def test_a_gguf_file_without_chat_template_is_not_trained(make_job: MakeJob, tmp_path: Path, llama: Path) -> None:
    from transformers import LlamaForCausalLM

    file = write_llama_gguf(LlamaForCausalLM.from_pretrained(llama), tmp_path / "silent.gguf", chat_template=None)
    expect_error(make_job(base=gguf_base(file)), tmp_path, "chat-template-missing", 4)


def test_lacking_memory_has_a_name(make_job: MakeJob, tmp_path: Path) -> None:
    def allow_little_more() -> None:
        held = psutil.Process().memory_info().vms
        resource.setrlimit(resource.RLIMIT_AS, (held + 300 * 2**20, held + 300 * 2**20))

    expect_error(make_job(settings={"rank": 300_000}), tmp_path, "out-of-memory", 5, before=allow_little_more)


def test_a_loss_that_is_no_number_ends_the_training(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job(settings={"learningRate": 1e30, "warmup": 0})
    assert "learning rate" in expect_error(job, tmp_path, "diverged", 6)


def test_a_disk_that_is_full_at_a_checkpoint_leaves_nothing_half_written(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job()
    expect_error(job, tmp_path, "disk-full", 7, before=limit_files_to(20_000))
    assert list((Path(job["work"]) / "checkpoints").iterdir()) == []


def test_a_disk_that_is_full_while_a_base_is_converted_leaves_nothing_half_written(
    make_job: MakeJob, tmp_path: Path, llama_gguf: Path
) -> None:
    job = make_job(base=gguf_base(llama_gguf))
    expect_error(job, tmp_path, "disk-full", 7, before=limit_files_to(40_000))
    assert list((tmp_path / "cache").iterdir()) == []


def test_rows_that_cannot_be_learnt_from_are_told_and_without_any_other_it_ends(
    make_job: MakeJob, tmp_path: Path
) -> None:
    job = make_job(
        rows=[
            make_row("untrained", "What?", "This.", trained=[]),
            {"id": "order", "messages": [{"role": "assistant", "content": "Hm."}], "trained": [0]},
            make_row("asker", "What?", "This.", trained=[0]),
            make_row("long", "What?", "This. " * 60),
        ]
    )
    code, process = run_trainer("train", job, tmp_path)
    assert (code, process.events[-1]["code"]) == (8, "data-empty")
    assert {event["id"]: event["reason"] for event in process.told("row-left-out")} == {
        "untrained": "no-trained-tokens",
        "order": "role-order",
        "asker": "role-order",
        "long": "too-long",
    }


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has what is missing here")
def test_four_bits_without_cuda_are_refused(make_job: MakeJob, tmp_path: Path) -> None:
    expect_error(make_job(settings={"quantisation": "nf4"}), tmp_path, "device-missing", 9)


def test_a_full_disk_leaves_no_gguf_behind(make_job: MakeJob, tmp_path: Path, llama_gguf: Path) -> None:
    job = make_job(base=gguf_base(llama_gguf))
    assert run_trainer("train", job, tmp_path)[0] == 0
    for command, extra in (("to-gguf", {}), ("merge", {"type": "F16"})):
        conversion: Job = {
            "adapter": job["output"],
            "baseFile": str(llama_gguf),
            "output": str(tmp_path / "put" / "out.gguf"),
            **extra,
        }
        expect_error(conversion, tmp_path, "disk-full", 7, command, before=limit_files_to(10_000))


def test_the_log_has_the_traceback_and_standard_output_only_events(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job()
    write_rows(Path(job["train"]), [])
    code, process = run_trainer("train", job, tmp_path)
    assert code == 8
    assert all(isinstance(event, dict) for event in process.events)
    damaged = make_job(base={"kind": "folder", "folder": str(tmp_path)})
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "no-such-model"}))
    assert expect_error(damaged, tmp_path, "base-damaged", 3)
    assert "Traceback" in (tmp_path / "log.txt").read_text()


def limit_files_to(size: int) -> Any:
    """A file that may not grow is to a program what a full disk is: writing to it fails, whatever library writes."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit
