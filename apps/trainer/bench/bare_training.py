"""
The yardstick: the same training by the same libraries, in the least code that does it, and without all that a training
needs to be trusted: no events, no checkpoints, no evaluation, no resume. It tells steps a second and its peak memory.

    python bench/bare_training.py <base folder> <rows.jsonl> <steps> <batch size> <part tokens> <float32|bfloat16>
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer


def main(folder: str, rows: str, steps: int, batch_size: int, part_tokens: int, precision: str) -> None:
    kind = getattr(torch, precision)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    examples = [encode(tokenizer, json.loads(line)) for line in Path(rows).read_text(encoding="utf-8").splitlines()]
    loaded: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=kind)
    torch.manual_seed(0)
    layers = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    config = LoraConfig(r=16, lora_alpha=32, target_modules=layers, task_type="CAUSAL_LM")
    model: Any = get_peft_model(loaded, config)
    model.train()
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=2e-4, weight_decay=0.0, fused=True)
    seconds: list[float] = []
    processor: list[float] = []
    for step in range(steps):
        began, used = time.monotonic(), time.process_time()
        batch = [examples[(step * batch_size + place) % len(examples)] for place in range(batch_size)]
        trained = sum(int((labels != -100).sum()) for _, labels in batch)
        for part in cut(sorted(batch, key=lambda example: len(example[0])), part_tokens):
            tokens = torch.nn.utils.rnn.pad_sequence([tokens for tokens, _ in part], batch_first=True)
            labels = torch.nn.utils.rnn.pad_sequence(
                [labels for _, labels in part], batch_first=True, padding_value=-100
            )[:, 1:]
            with torch.autocast("cpu", kind, enabled=precision != "float32"):
                hidden = loaded.model(input_ids=tokens, use_cache=False).last_hidden_state[:, :-1]
                logits = loaded.lm_head(hidden[labels != -100]).float()
                loss = functional.cross_entropy(logits, labels[labels != -100], reduction="sum") / trained
            loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(time.monotonic() - began)
        processor.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "peakMemory": peak}))


def encode(tokenizer: Any, row: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
    """The last message is the answer that is learnt, with its end-of-turn and without the line break after it."""
    prompt = tokenizer.apply_chat_template(row["messages"][:-1], add_generation_prompt=True, return_dict=False)
    tokens = torch.tensor(tokenizer.apply_chat_template(row["messages"], return_dict=False))
    labels = tokens.clone()
    labels[: len(prompt)] = -100
    labels[-1] = -100
    return tokens, labels


def cut(
    batch: list[tuple[torch.Tensor, torch.Tensor]], part_tokens: int
) -> list[list[tuple[torch.Tensor, torch.Tensor]]]:
    parts: list[list[tuple[torch.Tensor, torch.Tensor]]] = [[]]
    for example in batch:
        if parts[-1] and (len(parts[-1]) + 1) * len(example[0]) > part_tokens:
            parts.append([])
        parts[-1].append(example)
    return parts


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]), sys.argv[6])
