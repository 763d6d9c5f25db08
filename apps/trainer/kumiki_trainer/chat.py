"""
Conversations as tokens, by the model's own chat template and by nothing else, and which of them are learnt.

What is trained has to be, token for token, what is served: packages/models renders prompts by the same rules.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jinja2.exceptions import TemplateError
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from kumiki_trainer.errors import TrainerError
from kumiki_trainer.job import Message, Row
from kumiki_trainer.rows import Reason, find_fault

# Private-use characters, which no document means anything by; the same as in packages/models.
PLACE = re.compile("\U000f0000(\\d+)\U000f0001")


@dataclass(frozen=True)
class TokenSequence:
    """Tokens that the model reads in one piece; `trained` marks those whose prediction is learnt."""

    tokens: NDArray[np.int32]
    trained: NDArray[np.bool_]

    @property
    def trained_count(self) -> int:
        return int(self.trained.sum())


@dataclass(frozen=True)
class Example:
    """A row as the model sees it. Where a template rewrites what was said before, it takes several sequences."""

    id: str
    sequences: tuple[TokenSequence, ...]

    @property
    def token_count(self) -> int:
        return sum(len(sequence.tokens) for sequence in self.sequences)

    @property
    def trained_count(self) -> int:
        return sum(sequence.trained_count for sequence in self.sequences)

    @property
    def longest(self) -> int:
        return max(len(sequence.tokens) for sequence in self.sequences)


@dataclass(frozen=True)
class LeftOut:
    id: str
    reason: Reason


class ChatRenderer:
    """Throws `chat-template-missing` where the tokenizer has none."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, *, begins_by_itself: bool) -> None:
        """`begins_by_itself`: hosts put the beginning-of-sequence token before prompts that lack it."""
        if not tokenizer.chat_template:
            raise TrainerError(
                "chat-template-missing",
                "The base model has no chat template, so nobody knows what prompts it is served with. Take an instruct"
                " model, or add its template to the base.",
            )
        self._tokenizer = tokenizer
        self._begin: int | None = tokenizer.bos_token_id if begins_by_itself else None
        self._special = frozenset(
            number for number, token in tokenizer.added_tokens_decoder.items() if token.special
        ) | frozenset(tokenizer.all_special_ids)
        texts = [str(tokenizer.convert_ids_to_tokens(number)) for number in self._special]
        self._control_text = re.compile("|".join(re.escape(text) for text in texts if text) or r"(?!)")

    def render_prompt(self, messages: Sequence[Message]) -> list[int]:
        """The tokens after which the model is to answer."""
        return self._read(messages, self._write(messages, asks=True))

    def render_row(self, row: Row, maximum_length: int) -> Example | LeftOut:
        fault = find_fault(row)
        if fault is not None:
            return LeftOut(row.id, fault)
        try:
            sequences = self._render_answers(row)
        except TemplateError:
            # How templates refuse roles that they do not know, or not in this order.
            return LeftOut(row.id, "role-order")
        example = Example(row.id, sequences)
        return LeftOut(row.id, "too-long") if example.longest > maximum_length else example

    def tell_answer(self, tokens: Sequence[int]) -> str:
        """What people read of a generated answer, without a character of which it was cut off in the middle."""
        text = self._tokenizer.decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return str(text).strip().rstrip("\ufffd")

    def find_end_tokens(self) -> list[int]:
        """Where an answer ends: at the tokenizer's own end, and at what the template closes an answer with."""
        ends = {self._tokenizer.eos_token_id} if self._tokenizer.eos_token_id is not None else set()
        row = Row(
            id="", messages=(Message(role="user", content="1"), Message(role="assistant", content="2")), trained=(1,)
        )
        closing = self._render_answers(row)[-1]
        last = int(closing.tokens[np.flatnonzero(closing.trained)[-1]])
        return sorted(ends | {last} if last in self._special else ends)

    def tell_texts(self, tokens: Sequence[int]) -> list[str]:
        """
        The text that each token adds. A character made of several tokens belongs to the last of them, so that the
        texts put together are the whole.
        """
        texts: list[str] = []
        pending: list[int] = []
        for place, token in enumerate(tokens):
            pending.append(token)
            text = self._decode(pending)
            whole = not text.endswith("\ufffd") or len(pending) == 4 or place == len(tokens) - 1
            texts.append(text if whole else "")
            if whole:
                pending = []
        return texts

    def _render_answers(self, row: Row) -> tuple[TokenSequence, ...]:
        sequences: list[TokenSequence] = []
        tokens: list[int] = []
        trained: list[bool] = []
        for place in row.trained:
            prompt, answer = self._render_answer(row.messages[: place + 1])
            if tokens and prompt[: len(tokens)] != tokens:
                sequences.append(make_sequence(tokens, trained))
                tokens, trained = [], []
            trained += [False] * (len(prompt) - len(tokens))
            end = self._find_end(answer)
            tokens = prompt + answer
            trained += [number < end for number in range(len(answer))]
        return (*sequences, make_sequence(tokens, trained))

    def _render_answer(self, messages: Sequence[Message]) -> tuple[list[int], list[int]]:
        """Prompt, and what the template makes of the answer to it, by the difference of the two renderings."""
        asked = self._write(messages[:-1], asks=True)
        answered = self._write(messages, asks=False)
        if not answered.startswith(asked):
            raise TrainerError(
                "failed",
                "The base model's chat template does not continue its prompts: an answered conversation does not begin"
                " with what was asked. Such a model cannot be trained with the prompt that it is served with.",
            )
        prompt = self._read(messages, asked)
        whole = self._read(messages, answered)
        if whole[: len(prompt)] == prompt:
            return prompt, whole[len(prompt) :]
        # The answer's first characters would melt into the prompt's last token; serving keeps the two apart.
        return prompt, self._tokenise_parts(messages, answered[len(asked) :])

    def _find_end(self, answer: Sequence[int]) -> int:
        """How many of the tokens are the model's to say: up to its end-of-turn, without what the template adds then."""
        end = len(answer)
        while end > 0 and (answer[end - 1] in self._special or not self._decode([answer[end - 1]]).strip()):
            end -= 1
        for place in range(end, len(answer)):
            if answer[place] in self._special:
                return place + 1
        return end

    def _write(self, messages: Sequence[Message], *, asks: bool) -> str:
        shown = [
            {"role": message.role, "content": name_place(place) if self._hides(message) else message.content}
            for place, message in enumerate(messages)
        ]
        text = self._tokenizer.apply_chat_template(shown, tokenize=False, add_generation_prompt=asks)
        if not isinstance(text, str):
            raise TypeError("A chat template renders to text.")
        return text

    def _read(self, messages: Sequence[Message], text: str) -> list[int]:
        tokens = self._tokenise_parts(messages, text)
        if self._begin is not None and tokens[:1] != [self._begin]:
            tokens.insert(0, self._begin)
        return tokens

    def _tokenise_parts(self, messages: Sequence[Message], text: str) -> list[int]:
        """
        Contents that hold the very text of a control token stand in `text` as placeholders. They are tokenised as plain
        text, so that no message can pretend to be another's turn.
        """
        if not any(self._hides(message) for message in messages):
            return self._tokenise(text)
        tokens: list[int] = []
        for place, part in enumerate(PLACE.split(text)):
            is_content = place % 2 == 1
            tokens += self._tokenise(messages[int(part)].content if is_content else part, plain=is_content)
        return tokens

    def _hides(self, message: Message) -> bool:
        return self._control_text.search(message.content) is not None

    def _tokenise(self, text: str, *, plain: bool = False) -> list[int]:
        if not text:
            return []
        return list(self._tokenizer(text, add_special_tokens=False, split_special_tokens=plain)["input_ids"])

    def _decode(self, tokens: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=False, clean_up_tokenization_spaces=False))


def name_place(place: int) -> str:
    return f"\U000f0000{place}\U000f0001"


def make_sequence(tokens: Sequence[int], trained: Sequence[bool]) -> TokenSequence:
    marks = np.array(trained, dtype=np.bool_)
    marks[:1] = False  # nothing stands before the first token that it could be predicted from
    return TokenSequence(np.array(tokens, dtype=np.int32), marks)
