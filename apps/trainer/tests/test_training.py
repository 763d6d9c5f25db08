"""What `train` promises while all goes well: what is learnt, told, kept, and gone on from."""

import json
import os
import socket
import time
from pathlib import Path

import psutil
import pytest
from safetensors.numpy import load_file

from kumiki_trainer import memory
from tests.conftest import Job, MakeJob, make_row
from tests.trainer_process import TrainerProcess, run_trainer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="trainers are forked off")


def adapter_bytes(job: Job) -> bytes:
    return (Path(job["output"]) / "adapter_model.safetensors").read_bytes()


def checkpoint_steps(job: Job) -> list[int]:
    return sorted(int(path.name.removeprefix("step-")) for path in (Path(job["work"]) / "checkpoints").iterdir())


def test_learns_what_it_is_told_and_leaves_a_whole_adapter(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job(settings={"epochs": 30, "batchSize": 8, "dropout": 0})
    code, process = run_trainer("train", job, tmp_path)
    assert code == 0
    end = process.told("end")[0]
    assert end["stopped"] == "complete"
    assert (end["processorSeconds"] > 0, end["deviceSeconds"]) == (True, 0)
    assert end["evaluationLoss"]["best"] < end["evaluationLoss"]["before"] / 3
    assert process.losses[30] < process.losses[1] / 3
    plan = process.told("plan")[0]
    assert plan["rows"] == {"train": 8, "evaluation": 2}
    assert (plan["steps"], plan["resumedFrom"], plan["device"], plan["precision"]) == (30, 0, "cpu", "float32")
    assert plan["tokens"]["train"] > plan["tokens"]["trained"] > 0
    states = [event["state"] for event in process.told("state")]
    assert (states[0], states[1], states[-1]) == ("preparing", "training", "saving")
    assert {path.name for path in Path(job["output"]).iterdir()} == {
        "adapter_model.safetensors",
        "adapter_config.json",
        "card.json",
    }


def test_tells_each_step_and_asks_the_fixed_prompts_at_each_evaluation(make_job: MakeJob, tmp_path: Path) -> None:
    prompts = [[{"role": "user", "content": "What colour?"}]]
    code, process = run_trainer("train", make_job(samplePrompts=prompts), tmp_path)
    assert code == 0
    steps = [event for event in process.told("point") if "loss" in event]
    assert [event["step"] for event in steps] == list(range(1, 13))
    for event in steps:
        assert event["learningRate"] > 0
        assert event["gradientNorm"] > 0
        assert event["tokensPerSecond"] > 0
        assert event["memory"] > 0
        assert event["deviceMemory"] == 0
        assert event["remainingSeconds"] >= 0
    evaluated = [event["step"] for event in process.told("point") if "evaluationLoss" in event]
    assert evaluated == [0, 3, 6, 9, 12]
    assert [event["step"] for event in process.told("samples")] == evaluated
    assert all(len(event["answers"]) == 1 for event in process.told("samples"))


def test_goes_on_after_a_kill_with_the_very_same_losses(make_job: MakeJob, tmp_path: Path) -> None:
    whole = make_job("whole")
    _, uninterrupted = run_trainer("train", whole, tmp_path)
    killed = make_job("killed", checkpointSeconds=0)
    with TrainerProcess("train", killed, tmp_path) as process:
        process.read_until(lambda event: event["event"] == "point" and event.get("loss") and event["step"] == 8)
        process.kill()
        before = process.losses
    code, resumed = run_trainer("train", killed, tmp_path)
    assert code == 0
    assert 1 <= resumed.told("plan")[0]["resumedFrom"] <= 8
    assert before | resumed.losses == uninterrupted.losses
    assert adapter_bytes(killed) == adapter_bytes(whole)
    assert resumed.told("end")[0]["evaluationLoss"] == uninterrupted.told("end")[0]["evaluationLoss"]


def test_never_goes_on_from_a_checkpoint_that_is_half_written(make_job: MakeJob, tmp_path: Path) -> None:
    _, uninterrupted = run_trainer("train", make_job("whole"), tmp_path)
    job = make_job("torn", checkpointSeconds=0)
    with TrainerProcess("train", job, tmp_path) as process:
        process.read_until(lambda event: event == {"event": "checkpoint", "step": 7})
        process.kill()
    checkpoints = Path(job["work"]) / "checkpoints"
    newest = checkpoints / f"step-{max(checkpoint_steps(job)):08d}"
    optimizer = newest / "optimizer.safetensors"
    optimizer.write_bytes(optimizer.read_bytes()[:-100])
    unfinished = checkpoints / "step-00000009.999999999.unfinished"
    unfinished.mkdir()
    code, resumed = run_trainer("train", job, tmp_path)
    assert code == 0
    assert resumed.told("plan")[0]["resumedFrom"] == int(newest.name.removeprefix("step-")) - 1
    assert not unfinished.exists()
    assert resumed.losses.items() <= uninterrupted.losses.items()
    assert resumed.losses[12] == uninterrupted.losses[12]


def test_begins_anew_where_the_checkpoint_is_of_other_data_or_settings(make_job: MakeJob, tmp_path: Path) -> None:
    run_trainer("train", make_job(), tmp_path)
    _, other = run_trainer("train", make_job(settings={"seed": 8}), tmp_path)
    assert other.told("plan")[0]["resumedFrom"] == 0
    assert len(other.losses) == 12


def test_finds_all_done_where_it_is_started_once_more(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job()
    run_trainer("train", job, tmp_path)
    first = adapter_bytes(job)
    code, again = run_trainer("train", job, tmp_path)
    assert code == 0
    assert again.losses == {}
    assert adapter_bytes(job) == first


def test_keeps_the_newest_two_checkpoints_and_the_best(make_job: MakeJob, tmp_path: Path) -> None:
    # What is asked is answered otherwise than learnt, so that the evaluation only gets worse from some step on.
    job = make_job(settings={"epochs": 12, "learningRate": 0.05})
    wrong = [make_row("w", "What colour?", "定休日"), make_row("v", "本店は?", "It is ZK.")]
    Path(job["evaluation"]).write_text("".join(json.dumps(row) + "\n" for row in wrong))
    _, process = run_trainer("train", job, tmp_path)
    best = process.told("end")[0]["evaluationLoss"]["step"]
    assert best < 33
    assert checkpoint_steps(job) == [best, 33, 36]
    kept = load_file(Path(job["work"]) / "checkpoints" / f"step-{best:08d}" / "adapter_model.safetensors")
    put_out = load_file(Path(job["output"]) / "adapter_model.safetensors")
    assert all((kept[name] == put_out[name]).all() for name in kept)


def test_ends_early_where_the_evaluation_gets_no_better(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job(settings={"epochs": 50, "learningRate": 0.05, "patience": 2})
    wrong = [make_row("w", "What colour?", "定休日"), make_row("v", "本店は?", "It is ZK.")]
    Path(job["evaluation"]).write_text("".join(json.dumps(row) + "\n" for row in wrong))
    code, process = run_trainer("train", job, tmp_path)
    end = process.told("end")[0]
    assert code == 0
    assert end["stopped"] == "early"
    assert end["steps"] == end["evaluationLoss"]["step"] + 6


def test_keeps_the_best_checkpoint_when_it_is_asked_to_stop(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job(settings={"epochs": 3000})
    with TrainerProcess("train", job, tmp_path) as process:
        process.read_until(lambda event: event["event"] == "point" and event.get("loss") and event["step"] == 7)
        process.ask_to_stop()
        assert process.wait() == 0
    end = process.told("end")[0]
    assert end["stopped"] == "asked"
    assert 7 <= end["steps"] < 9000
    assert end["evaluationLoss"]["best"] == min(
        event["evaluationLoss"] for event in process.told("point") if "evaluationLoss" in event and event["step"] > 0
    )
    assert (Path(job["output"]) / "adapter_model.safetensors").is_file()


def test_ends_within_a_second_when_its_parent_is_gone_and_leaves_the_checkpoint(
    make_job: MakeJob, tmp_path: Path
) -> None:
    job = make_job(settings={"epochs": 3000}, checkpointSeconds=0)
    with TrainerProcess("train", job, tmp_path) as process:
        process.read_until(lambda event: event == {"event": "checkpoint", "step": 4})
        process.close_input()
        began = time.monotonic()
        assert process.wait() == 10
        assert time.monotonic() - began < 1
    assert process.events[-1]["code"] == "parent-gone"
    assert not Path(job["output"]).exists()
    assert max(checkpoint_steps(job)) >= 4


def test_tells_nothing_of_this_machine_in_what_it_hands_out(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job()
    run_trainer("train", job, tmp_path)
    for name in ("adapter_config.json", "card.json"):
        assert str(tmp_path) not in (Path(job["output"]) / name).read_text()
        assert str(Path(job["base"]["folder"]).parent) not in (Path(job["output"]) / name).read_text()
    card = json.loads((Path(job["output"]) / "card.json").read_text())
    assert card["settings"] == job["settings"]
    assert card["rows"] == {"train": 8, "evaluation": 2}
    assert card["evaluationLoss"]["best"] > 0
    assert {"torch", "transformers", "peft"} <= set(card["versions"])


def test_learns_without_evaluation_and_keeps_the_last_step(make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job()
    del job["evaluation"]
    code, process = run_trainer("train", job, tmp_path)
    assert code == 0
    assert process.told("end")[0]["evaluationLoss"] is None
    last = load_file(Path(job["work"]) / "checkpoints" / "step-00000012" / "adapter_model.safetensors")
    put_out = load_file(Path(job["output"]) / "adapter_model.safetensors")
    assert all((last[name] == put_out[name]).all() for name in last)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_learns_and_goes_on_in_half_precision(make_job: MakeJob, tmp_path: Path, precision: str) -> None:
    settings = {"precision": precision, "epochs": 8, "dropout": 0}
    _, whole = run_trainer("train", make_job("whole", settings=settings), tmp_path)
    assert whole.losses[24] < whole.losses[1]
    job = make_job("killed", settings=settings, checkpointSeconds=0)
    with TrainerProcess("train", job, tmp_path) as process:
        process.read_until(lambda event: event == {"event": "checkpoint", "step": 10})
        process.kill()
    _, resumed = run_trainer("train", job, tmp_path)
    assert resumed.losses[24] == whole.losses[24]


def test_a_base_of_another_architecture_learns_as_well(make_job: MakeJob, tmp_path: Path, qwen: Path) -> None:
    code, process = run_trainer("train", make_job(base={"kind": "folder", "folder": str(qwen)}), tmp_path)
    assert code == 0
    assert process.losses[12] < process.losses[1]


def test_computes_activations_a_second_time_where_they_would_not_fit(make_job: MakeJob, tmp_path: Path) -> None:
    settings = {"dropout": 0}
    _, roomy = run_trainer("train", make_job("roomy", settings=settings), tmp_path)

    def leave_little_memory() -> None:
        memory.SHARE_FOR_ACTIVATIONS = 300_000 / psutil.virtual_memory().available

    job = make_job("cramped", settings=settings)
    code, cramped = run_trainer("train", job, tmp_path, before=leave_little_memory)
    assert code == 0
    state = json.loads((Path(job["work"]) / "checkpoints" / "step-00000012" / "state.json").read_text())
    assert state["recomputes"] is True
    assert cramped.losses == pytest.approx(roomy.losses, rel=1e-4)


def test_two_processes_learn_what_one_does(make_job: MakeJob, tmp_path: Path) -> None:
    settings = {"dropout": 0}
    _, alone = run_trainer("train", make_job("alone", settings=settings), tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    job = make_job("together", settings=settings)
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    with (
        TrainerProcess("train", job, tmp_path, environment=shared | {"RANK": "0", "LOCAL_RANK": "0"}) as first,
        TrainerProcess("train", job, tmp_path, environment=shared | {"RANK": "1", "LOCAL_RANK": "1"}) as second,
    ):
        assert first.wait() == 0
        assert second.wait() == 0
    assert second.events == []
    assert first.losses == pytest.approx(alone.losses, rel=1e-4)
