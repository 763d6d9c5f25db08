"""A PEFT adapter in the terms of a GGUF base: llama.cpp's tensor names, and its order of rows."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from gguf import GGUFReader
from numpy.typing import NDArray
from safetensors import safe_open

from kumiki_trainer.errors import TrainerError
from kumiki_trainer.reading_base import reading_base

Matrix = NDArray[np.float32]

TENSOR_NAMES: Final = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.qkv_proj": "attn_qkv",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "mlp.gate_up_proj": "ffn_up",
}
# Whether llama.cpp stores the rows of Q and K in pairs for its rotation. Wrong, a model still answers, only worse.
PAIRS_ROWS: Final = {
    "llama": True,
    "qwen2": False,
    "qwen3": False,
    "gemma": False,
    "gemma2": False,
    "gemma3": False,
    "phi3": False,
}
TENSOR_KEY: Final = re.compile(r"base_model\.model\.(?:model\.)?layers\.(\d+)\.(.+)\.lora_([AB])\.weight")
# What a GGUF adapter cannot express, by the field of PEFT's configuration that asks for it.
NOT_PLAIN: Final = (
    *("use_dora", "use_rslora", "use_qalora", "alpha_pattern", "rank_pattern", "modules_to_save", "fan_in_fan_out"),
    *("lora_bias", "target_parameters", "trainable_token_indices"),
)


@dataclass(frozen=True)
class Factors:
    """One layer's change: alpha / rank · B · A."""

    a: Matrix  # [rank, in]
    b: Matrix  # [out, rank]


@dataclass(frozen=True)
class Adapter:
    alpha: float
    rank: int
    # By the name of the base's tensor, with rows as the base has them.
    factors: Mapping[str, Factors]


class GgufFile:
    """A GGUF base: its metadata, and its tensors mapped into memory."""

    def __init__(self, file: Path) -> None:
        with reading_base():
            if not file.is_file():
                raise TrainerError("base-damaged", f"The base model's file is not there: {file}.")
            self.reader = GGUFReader(file)
            self.architecture = str(self.read("general.architecture"))
            # In the order of numpy: [out, in]
            self.shapes = {t.name: tuple(int(size) for size in reversed(t.shape)) for t in self.reader.tensors}

    def read(self, key: str) -> Any:
        field = self.reader.fields.get(key)
        return None if field is None else field.contents()


def read_adapter(folder: Path, base: GgufFile) -> Adapter:
    """Throws `job-invalid` where the adapter is not plain LoRA, or was made for another base."""
    config = read_plain_config(folder)
    if base.architecture not in PAIRS_ROWS:
        raise TrainerError(
            "job-invalid", f"baseFile: adapters cannot be written for the architecture {base.architecture} yet."
        )
    halves: dict[str, dict[str, Matrix]] = {}
    for key, values in read_tensors(folder):
        name, half = name_tensor(key)
        halves.setdefault(name, {})[half] = values
    if not halves:
        raise TrainerError("job-invalid", "adapter: it changes nothing.")
    rank = int(config["r"])
    factors = {name: match_base(name, both, rank, base) for name, both in sorted(halves.items())}
    return Adapter(alpha=float(config["lora_alpha"]), rank=rank, factors=factors)


def read_plain_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        plain = config["peft_type"] == "LORA" and config["r"] > 0 and config["lora_alpha"] > 0
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainerError("job-invalid", f"adapter: its adapter_config.json cannot be read: {error!r}") from error
    asked = [field for field in NOT_PLAIN if config.get(field)]
    if config.get("bias", "none") != "none":
        asked.append("bias")
    if not plain or asked:
        what = f" ({', '.join(asked)})" if asked else ""
        raise TrainerError("job-invalid", f"adapter: only plain LoRA can be written as GGUF{what}.")
    return dict(config)


def read_tensors(folder: Path) -> list[tuple[str, Matrix]]:
    file = folder / "adapter_model.safetensors"
    try:
        with safe_open(file, framework="np") as tensors:
            keys = list(tensors.keys())
            if all(tensors.get_slice(key).get_dtype() != "BF16" for key in keys):
                return [(key, tensors.get_tensor(key).astype(np.float32)) for key in keys]
        # NumPy has no such type.
        from safetensors.torch import load_file

        return [(key, tensor.float().numpy()) for key, tensor in load_file(file).items()]
    except TrainerError:
        raise
    except Exception as error:
        raise TrainerError("job-invalid", f"adapter: its weights cannot be read: {error}") from error


def name_tensor(key: str) -> tuple[str, str]:
    """The base's tensor that a key of an adapter's file belongs to, and which half of the change it is."""
    found = TENSOR_KEY.fullmatch(key)
    if found is None or found.group(2) not in TENSOR_NAMES:
        raise TrainerError("job-invalid", f"adapter: a GGUF adapter cannot change {key}; merge it elsewhere.")
    return f"blk.{found.group(1)}.{TENSOR_NAMES[found.group(2)]}.weight", found.group(3)


def match_base(name: str, halves: Mapping[str, Matrix], rank: int, base: GgufFile) -> Factors:
    if set(halves) != {"A", "B"}:
        raise TrainerError("job-invalid", f"adapter: one half of the change of {name} is missing.")
    a, b = halves["A"], halves["B"]
    shape = base.shapes.get(name)
    if shape != (b.shape[0], a.shape[1]) or a.shape[0] != rank or b.shape[1] != rank:
        raise TrainerError(
            "job-invalid",
            f"adapter: it was made for another base, since {name} is {shape} and not {(b.shape[0], a.shape[1])}.",
        )
    if PAIRS_ROWS[base.architecture] and name.endswith((".attn_q.weight", ".attn_k.weight")):
        heads = "head_count" if name.endswith(".attn_q.weight") else "head_count_kv"
        b = pair_rows(b, int(base.read(f"{base.architecture}.attention.{heads}")))
    return Factors(a, b)


def pair_rows(rows: Matrix, heads: int) -> Matrix:
    """From transformers' order (first halves, then second halves of each head) to llama.cpp's (halves in pairs)."""
    size = rows.shape[0] // heads // 2
    return np.ascontiguousarray(rows.reshape(heads, 2, size, -1).swapaxes(1, 2).reshape(rows.shape))
