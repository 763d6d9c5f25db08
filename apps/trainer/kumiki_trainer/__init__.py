"""Fine-tunes language models by LoRA: one JSON job in, one JSON event a line out."""
