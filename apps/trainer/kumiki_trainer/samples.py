"""Short answers to fixed questions, so that people see what a model has learnt by now."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import GenerationConfig

from kumiki_trainer.chat import ChatRenderer
from kumiki_trainer.device import Computing

MAXIMUM_NEW_TOKENS = 40


def answer_prompts(
    model: Any, renderer: ChatRenderer, prompts: Sequence[Sequence[int]], computing: Computing
) -> list[str]:
    """Greedy, one prompt at a time: a batch would be filled up, and answers differ by what they are filled up with."""
    base = model.get_base_model()
    was_training = model.training
    model.eval()
    base.config.use_cache = True
    config = GenerationConfig(
        do_sample=False,
        max_new_tokens=MAXIMUM_NEW_TOKENS,
        eos_token_id=renderer.find_end_tokens(),
        pad_token_id=0,
        use_cache=True,
    )
    try:
        with torch.no_grad(), computing.autocast():
            return [answer_prompt(model, renderer, prompt, config, computing) for prompt in prompts]
    finally:
        base.config.use_cache = False
        model.train(was_training)


def answer_prompt(
    model: Any, renderer: ChatRenderer, prompt: Sequence[int], config: GenerationConfig, computing: Computing
) -> str:
    tokens = torch.tensor([list(prompt)], device=computing.device)
    answer = model.generate(input_ids=tokens, attention_mask=torch.ones_like(tokens), generation_config=config)
    return renderer.tell_answer([int(token) for token in answer[0, len(prompt) :]])
