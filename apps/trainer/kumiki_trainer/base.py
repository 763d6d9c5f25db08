"""Loads the base: its tokenizer, so as its host tokenises, and its weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from huggingface_hub import snapshot_download
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from kumiki_trainer.chat import ChatRenderer
from kumiki_trainer.device import Computing, Resolved
from kumiki_trainer.errors import TrainerError
from kumiki_trainer.files import remove
from kumiki_trainer.gguf_base import SERVING_FILE, begins_by_itself, convert_once, load_gguf_tokenizer
from kumiki_trainer.job import FolderBase, GgufBase, HubBase
from kumiki_trainer.reading_base import reading_base

# A log is no terminal
logging.disable_progress_bar()


class Serving(BaseModel):
    """What a file told of how prompts are served that transformers has no place for."""

    model_config = ConfigDict(alias_generator=to_camel)

    begins_by_itself: bool = False


@dataclass(frozen=True)
class BaseFolder:
    folder: Path
    serving: Serving
    # Made from a file that is still there, so that it can be made again.
    converted: bool


def prepare_base(base: GgufBase | FolderBase | HubBase, precision: Resolved, cache: Path) -> BaseFolder:
    with reading_base():
        match base:
            case GgufBase():
                folder = convert_once(base, precision, cache)
            case FolderBase():
                folder = base.folder
                if not (folder / "config.json").is_file():
                    raise TrainerError("base-damaged", f"The base model's folder has no config.json: {folder}.")
            case HubBase():
                folder = fetch_from_hub(base)
        return BaseFolder(folder, read_serving(folder), converted=isinstance(base, GgufBase))


def read_serving(folder: Path) -> Serving:
    file = folder / SERVING_FILE
    return Serving.model_validate_json(file.read_text(encoding="utf-8")) if file.is_file() else Serving()


def fetch_from_hub(base: HubBase, *, weights: bool = True) -> Path:
    """Weights as safetensors only: other formats can run code when they are read."""
    patterns = ["*.json", "*.jinja", "*.txt", "*.model", *(["*.safetensors"] if weights else [])]
    return Path(snapshot_download(base.name, revision=base.revision, allow_patterns=patterns))


def load_renderer(base: GgufBase | FolderBase | HubBase) -> ChatRenderer:
    """Without the weights, which rendering does not need."""
    with reading_base():
        if isinstance(base, GgufBase):
            if not base.file.is_file():
                raise TrainerError("base-damaged", f"The base model's file is not there: {base.file}.")
            return ChatRenderer(load_gguf_tokenizer(base.file), begins_by_itself=begins_by_itself(base.file))
        if isinstance(base, HubBase):
            folder = fetch_from_hub(base, weights=False)
            return make_renderer(BaseFolder(folder, read_serving(folder), converted=False))
        return make_renderer(prepare_base(base, "float32", Path()))


def make_renderer(base: BaseFolder) -> ChatRenderer:
    with reading_base():
        return ChatRenderer(load_tokenizer(base.folder), begins_by_itself=base.serving.begins_by_itself)


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    if not isinstance(tokenizer, PreTrainedTokenizerBase):
        raise TypeError(f"{type(tokenizer).__name__} is no tokenizer.")
    return tokenizer


def load_model(base: BaseFolder, computing: Computing, quantisation: Literal["none", "nf4"]) -> PreTrainedModel:
    """On the device, in the type of `computing`; nothing of it learns yet."""
    try:
        return load_weights(base.folder, computing, quantisation)
    except TrainerError as error:
        if error.code == "base-damaged" and base.converted:
            remove(base.folder)
            raise TrainerError(error.code, f"{error.detail} Its conversion was removed: start again.") from error
        raise


def load_weights(folder: Path, computing: Computing, quantisation: Literal["none", "nf4"]) -> PreTrainedModel:
    options: dict[str, Any] = {}
    if quantisation == "nf4":
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=computing.type,
        )
    if computing.device.type == "cuda":
        options["device_map"] = {"": computing.device}
    with reading_base():
        try:
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                dtype=computing.type,
                use_safetensors=True,
                trust_remote_code=False,
                output_loading_info=True,
                **options,
            )
        except ImportError as error:
            if quantisation == "nf4":
                raise TrainerError(
                    "device-missing", "4-bit weights need bitsandbytes: install the trainer with its extra `cuda`."
                ) from error
            raise
    model, info = loaded
    missing = sorted(info["missing_keys"])
    if missing:
        raise TrainerError("base-damaged", f"The base model lacks weights: {', '.join(missing[:3])}.")
    if not isinstance(model, PreTrainedModel):
        raise TypeError(f"{type(model).__name__} is no model.")
    model.config.use_cache = False
    model.requires_grad_(False)
    return model
