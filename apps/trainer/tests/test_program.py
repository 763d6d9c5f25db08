"""The program as it is started: by `python -m`, before anything heavy is loaded."""

import json
import subprocess
import sys
from pathlib import Path


def start(*arguments: str, standard_input: int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "kumiki_trainer", *arguments]
    return subprocess.Popen(command, stdin=standard_input, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_standard_output_holds_one_event_and_no_traceback_where_the_job_is_wrong(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text('{"adapter": "a", "baseFile": "b", "output": "c", "type": "Q2_K"}')
    with start("merge", str(job)) as process:
        assert process.stdout is not None
        [line] = process.stdout.readlines()
    event = json.loads(line)
    assert (process.returncode, event["event"], event["code"]) == (2, "error", "job-invalid")
    assert event["detail"].startswith("type: ")


def test_a_command_that_there_is_not_is_an_invalid_job(tmp_path: Path) -> None:
    with start("bake", str(tmp_path / "job.json")) as process:
        assert process.stdout is not None
        assert "inspect" in json.loads(process.stdout.readline())["detail"]
    assert process.returncode == 2


def test_ends_also_where_the_parent_goes_while_libraries_are_still_loading(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text("{}")
    with start("inspect", str(job), standard_input=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["code"] == "parent-gone"
    assert process.returncode == 10
