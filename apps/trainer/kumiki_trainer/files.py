"""Files and folders that are there whole or not at all, also after a power cut."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

UNFINISHED = ".unfinished"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """
    Yields a folder to write to, which takes the place of `target` when all of it is on the disk. Where writing fails,
    nothing of it is left, and what was at `target` before stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = name_unfinished(target)
    remove(unfinished)
    try:
        unfinished.mkdir()
        yield unfinished
        for path in unfinished.rglob("*"):
            synchronise(path)
        synchronise(unfinished)
        if target.exists():
            # A folder cannot be replaced in one step; the old one goes aside first.
            aside = target.with_name(f"{target.name}.replaced.{os.getpid()}{UNFINISHED}")
            target.rename(aside)
            unfinished.rename(target)
            remove(aside)
        else:
            unfinished.rename(target)
        synchronise(target.parent)
    except BaseException:
        remove(unfinished)
        raise


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Yields a path to write to, which takes the place of `target` when all of it is on the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = name_unfinished(target)
    remove(unfinished)
    try:
        yield unfinished
        synchronise(unfinished)
        unfinished.replace(target)
        synchronise(target.parent)
    except BaseException:
        remove(unfinished)
        raise


def name_unfinished(target: Path) -> Path:
    return target.with_name(f"{target.name}.{os.getpid()}{UNFINISHED}")


def remove_unfinished(folder: Path) -> None:
    """What killed processes were writing to in `folder`; other processes may be writing there now."""
    for path in folder.glob(f"*{UNFINISHED}"):
        writer = path.name.removesuffix(UNFINISHED).rpartition(".")[2]
        if not writer.isdecimal() or not psutil.pid_exists(int(writer)):
            remove(path)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def synchronise(path: Path) -> None:
    if path.is_dir() and sys.platform == "win32":
        return  # Windows has no such thing for folders
    # Windows flushes only what is open for writing
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
