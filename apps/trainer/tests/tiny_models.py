"""Models of a few thousand weights, made anew for each test run: real ones in all but size."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFWriter, TokenType
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from transformers.convert_slow_tokenizer import bytes_to_unicode

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
MERGES = (("i", "s"), ("e", "r"))

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def list_tokens() -> list[str]:
    """Every byte is a token; so any text can be said, and Japanese takes three tokens a character."""
    return [*SPECIAL, *bytes_to_unicode().values(), *("".join(pair) for pair in MERGES)]


def make_tokenizer(chat_template: str | None = CHAT_TEMPLATE) -> PreTrainedTokenizerFast:
    vocabulary = {token: number for number, token in enumerate(list_tokens())}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=list(MERGES)))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIAL])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|endoftext|>",
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=chat_template,
        clean_up_tokenization_spaces=False,
    )


SHAPE: dict[str, Any] = {
    "vocab_size": len(list_tokens()),
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 1024,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": True,
    "initializer_range": 0.3,
}


def make_llama_folder(folder: Path, *, chat_template: str | None = CHAT_TEMPLATE) -> Path:
    torch.manual_seed(5)
    LlamaForCausalLM(LlamaConfig(**SHAPE)).save_pretrained(folder)
    make_tokenizer(chat_template).save_pretrained(folder)
    return folder


def make_qwen_folder(folder: Path) -> Path:
    torch.manual_seed(5)
    Qwen2ForCausalLM(Qwen2Config(**SHAPE)).save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder


def write_llama_gguf(model: LlamaForCausalLM, file: Path, *, chat_template: str | None = CHAT_TEMPLATE) -> Path:
    """As llama.cpp's converter writes it: rows of Q and K in pairs."""
    writer = GGUFWriter(file, "llama")
    write_metadata(writer, chat_template)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight":
            continue
        values = tensor.float().numpy()
        for part, heads in (("q_proj", 4), ("k_proj", 2)):
            if part in name:
                values = values.reshape(heads, 2, 4, 32).swapaxes(1, 2).reshape(values.shape)
        writer.add_tensor(name_gguf_tensor(name), np.ascontiguousarray(values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def write_metadata(writer: GGUFWriter, chat_template: str | None) -> None:
    writer.add_name("Tiny")
    writer.add_license("apache-2.0")
    writer.add_block_count(2)
    writer.add_context_length(1024)
    writer.add_embedding_length(32)
    writer.add_feed_forward_length(64)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(8)
    writer.add_vocab_size(len(list_tokens()))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(list_tokens())
    kinds = [TokenType.CONTROL if token in SPECIAL else TokenType.NORMAL for token in list_tokens()]
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in MERGES])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)
    if chat_template is not None:
        writer.add_chat_template(chat_template)


def name_gguf_tensor(name: str) -> str:
    names = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
    if name in names:
        return names[name]
    _, _, layer, *rest = name.split(".")
    parts = {
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    return f"blk.{layer}.{parts['.'.join(rest[:-1])]}.weight"
