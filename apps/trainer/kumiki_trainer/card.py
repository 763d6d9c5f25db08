"""The model card: what an adapter was made of and how, beside its weights."""

import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kumiki_trainer.files import write_json
from kumiki_trainer.job import FolderBase, GgufBase, HubBase

CARD_FILE = "card.json"
LIBRARIES = ("torch", "transformers", "peft", "safetensors", "gguf")


def describe_base(base: GgufBase | FolderBase | HubBase) -> dict[str, str]:
    """What the base is, but not where it lies on this machine."""
    match base:
        case GgufBase():
            return {"kind": "gguf", "sha256": base.sha256}
        case FolderBase():
            return {"kind": "folder", "name": base.folder.name}
        case HubBase():
            return {"kind": "hub", "name": base.name, "revision": base.revision}


def list_versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


def write_card(folder: Path, card: dict[str, Any]) -> None:
    write_json(folder / CARD_FILE, {"format": "kumiki/adapter@1", **card, "versions": list_versions()})
