"""The adapter: plain LoRA on all linear layers of attention and feed-forward, and nothing else that learns."""

import json
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import PreTrainedModel

from kumiki_trainer.errors import TrainerError
from kumiki_trainer.files import write_json
from kumiki_trainer.job import HubBase, Settings

WEIGHTS_FILE = "adapter_model.safetensors"
CONFIG_FILE = "adapter_config.json"

# By the last part of their names, as transformers calls them in all models of this kind.
LINEAR_LAYERS = (
    *("q_proj", "k_proj", "v_proj", "o_proj", "qkv_proj"),
    *("gate_proj", "up_proj", "down_proj", "gate_up_proj"),
)


def add_lora(model: PreTrainedModel, settings: Settings, *, base_name: str | None) -> PeftModel:
    """Freezes the base and adds what learns, in float32. Starts as no change at all, since B is zero."""
    targets = find_linear_layers(model)
    if settings.quantisation == "nf4":
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,  # type: ignore[arg-type]  # any number works; it is only ever divided by the rank
        lora_dropout=settings.dropout,
        target_modules=targets,
        bias="none",
        task_type="CAUSAL_LM",
        base_model_name_or_path=base_name,
    )
    tuned: Any = get_peft_model(model, config)
    if not isinstance(tuned, PeftModel):
        raise TypeError("A model with LoRA is a PeftModel.")
    return tuned


def find_linear_layers(model: nn.Module) -> list[str]:
    last_names = {name.rpartition(".")[2] for name, module in model.named_modules() if isinstance(module, nn.Linear)}
    found = [name for name in LINEAR_LAYERS if name in last_names]
    if not found:
        raise TrainerError("base-damaged", "The base model has none of the layers that LoRA is put on.")
    return found


def trained_parameters(model: nn.Module) -> dict[str, nn.Parameter]:
    """By the names that they have in an adapter's file, in a fixed order."""
    return {
        name.replace(".default.", "."): parameter
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }


def save_adapter_weights(model: nn.Module, file: Path) -> None:
    tensors = {name: parameter.detach().cpu().contiguous() for name, parameter in trained_parameters(model).items()}
    save_file(tensors, file, metadata={"format": "pt"})


@torch.no_grad()
def load_adapter_weights(model: nn.Module, file: Path) -> None:
    tensors = load_file(file)
    for name, parameter in trained_parameters(model).items():
        parameter.copy_(tensors[name])


def write_adapter_config(model: PeftModel, base: object, folder: Path) -> None:
    """As PEFT would, but without the place where the base lies on this machine, and without what was left unset."""
    config = {
        key: value for key, value in model.peft_config["default"].to_dict().items() if value not in (None, {}, [])
    }
    config |= {
        "base_model_name_or_path": base.name if isinstance(base, HubBase) else None,
        "revision": base.revision if isinstance(base, HubBase) else None,
        "inference_mode": True,
        # Some that read it know whole numbers only.
        "lora_alpha": int(config["lora_alpha"]) if float(config["lora_alpha"]).is_integer() else config["lora_alpha"],
        "target_modules": sorted(config["target_modules"]),
    }
    plain = json.loads(json.dumps(config, default=lambda value: getattr(value, "value", str(value))))
    write_json(folder / CONFIG_FILE, dict(sorted(plain.items())))


def load_lora(model: PreTrainedModel, folder: Path) -> PeftModel:
    """For measuring an adapter that exists already. Throws `job-invalid` where the folder holds none."""
    if not (folder / CONFIG_FILE).is_file() or not (folder / WEIGHTS_FILE).is_file():
        raise TrainerError("job-invalid", f"adapter: the folder holds no adapter in safetensors: {folder}")
    return PeftModel.from_pretrained(model, str(folder))
