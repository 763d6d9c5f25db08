"""
A GGUF file as a folder that transformers loads: converted once, in the type that is trained, and kept in the cache.

What a quantised file holds is what its host serves, so that is what is trained upon.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from transformers.integrations.gguf.gguf_tokenizer_mapping import convert_gguf_tokenizer, get_gguf_tokenizer
from transformers.integrations.gguf.reader import read_gguf_metadata

from kumiki_trainer.device import TYPES, Resolved
from kumiki_trainer.errors import TrainerError
from kumiki_trainer.files import hash_file, remove_unfinished, whole_folder, write_json
from kumiki_trainer.job import GgufBase
from kumiki_trainer.rope_factors import FACTORS, find_rope_scaling

log = logging.getLogger(__name__)

SERVING_FILE = "kumiki-serving.json"

# Byte-level vocabularies whose host reads each digit by itself; transformers does not know them from the file.
DIGITS_APART = frozenset({"smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"})
# llama.cpp puts the beginning-of-sequence token before these where the file does not say.
BEGINS_UNASKED = frozenset({"llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"})


def convert_once(base: GgufBase, precision: Resolved, cache: Path) -> Path:
    """The folder with the base's weights in `precision`. Throws `base-damaged` where the file is not what it was."""
    target = cache / f"{base.sha256}-{precision}"
    if (target / SERVING_FILE).is_file():
        return target
    if not base.file.is_file():
        raise TrainerError("base-damaged", f"The base model's file is not there: {base.file}.")
    if hash_file(base.file) != base.sha256:
        raise TrainerError("base-damaged", "The base model's file has another SHA-256 than it should: load it again.")
    cache.mkdir(parents=True, exist_ok=True)
    remove_unfinished(cache)
    with whole_folder(target) as folder:
        load_gguf_tokenizer(base.file).save_pretrained(folder)
        save_weights(base.file, precision, folder)
        write_json(folder / SERVING_FILE, {"beginsByItself": begins_by_itself(base.file)})
    return target


def load_gguf_tokenizer(file: Path) -> PreTrainedTokenizerFast:
    """The tokenizer as llama.cpp reads it out of the file, chat template included."""
    metadata, _ = read_metadata(file)
    # What AutoTokenizer does with a GGUF file, without its reading the whole file first.
    architecture, read, special = get_gguf_tokenizer(str(file))
    tokenizer: Tokenizer = convert_gguf_tokenizer(architecture, read)[0]
    if metadata.get("tokenizer.ggml.model") == "gpt2" and metadata.get("tokenizer.ggml.pre") in DIGITS_APART:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
            ]
        )
    # Of the general class: a model's own class would set up the tokenizer anew when it is loaded from the cache.
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=special.get("bos_token"),
        eos_token=special.get("eos_token"),
        pad_token=special.get("pad_token") or special.get("eos_token"),
        chat_template=metadata.get("tokenizer.chat_template"),
        clean_up_tokenization_spaces=False,
    )


def begins_by_itself(file: Path) -> bool:
    """Whether llama.cpp puts the beginning-of-sequence token before a prompt that lacks it."""
    metadata, _ = read_metadata(file)
    stated = metadata.get("tokenizer.ggml.add_bos_token")
    if stated is not None:
        return bool(stated)
    return metadata.get("tokenizer.ggml.model") == "llama" or metadata.get("tokenizer.ggml.pre") in BEGINS_UNASKED


def read_metadata(file: Path) -> tuple[dict[str, Any], frozenset[str]]:
    """The file's values, with the lengths of lists in their stead, and the names of its tensors."""
    metadata, names = read_gguf_metadata(str(file))
    return dict(metadata), frozenset(names)


def save_weights(file: Path, precision: Resolved, folder: Path) -> None:
    with alone_in_folder(file) as alone:
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            alone, gguf_file=file.name, dtype=TYPES[precision], output_loading_info=True
        )
    model, info = loaded
    missing = sorted(info["missing_keys"])
    if missing:
        raise TrainerError("base-damaged", f"The base model's file lacks weights: {', '.join(missing[:3])}.")
    _, names = read_metadata(file)
    if FACTORS in names:
        model.config.rope_parameters = find_rope_scaling(file, model.config)
    # The weights are not quantised any more: whoever loads the folder must not take them for it.
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer = None
    model.is_quantized = False
    model.save_pretrained(folder, max_shard_size="2GB")


@contextmanager
def alone_in_folder(file: Path) -> Iterator[Path]:
    """transformers would read the configuration of whatever model lies beside the file; so it is shown alone."""
    with tempfile.TemporaryDirectory(prefix="kumiki-base-") as folder:
        link = Path(folder) / file.name
        try:
            link.symlink_to(file.resolve())
        except OSError:
            try:
                os.link(file.resolve(), link)
            except OSError:
                log.warning("The base's file cannot be linked to; what lies beside it may be read with it.")
                yield file.parent
                return
        yield Path(folder)
