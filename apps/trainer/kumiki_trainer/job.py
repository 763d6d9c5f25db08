"""The job files, parsed once. Field names are those of the protocol, in camelCase."""

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from kumiki_trainer.errors import TrainerError


class Part(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, allow_inf_nan=False, protected_namespaces=()
    )


class GgufBase(Part):
    kind: Literal["gguf"]
    file: Path
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class FolderBase(Part):
    kind: Literal["folder"]
    folder: Path


class HubBase(Part):
    kind: Literal["hub"]
    name: Annotated[str, Field(pattern="^[^/\\s]+/[^/\\s]+$")]
    revision: Annotated[str, Field(min_length=1)]


Base = Annotated[GgufBase | FolderBase | HubBase, Field(discriminator="kind")]
Role = Literal["system", "user", "assistant"]
Precision = Literal["auto", "float32", "bfloat16", "float16"]


class Message(Part):
    role: Role
    content: str


class Row(Part):
    id: str
    messages: tuple[Message, ...]
    trained: tuple[Annotated[int, Field(ge=0)], ...]


class Settings(Part):
    rank: Annotated[int, Field(ge=1)]
    alpha: Annotated[float, Field(gt=0)]
    dropout: Annotated[float, Field(ge=0, lt=1)]
    learning_rate: Annotated[float, Field(gt=0)]
    schedule: Literal["cosine", "linear", "constant"]
    warmup: Annotated[float, Field(ge=0, le=1)]
    epochs: Annotated[int, Field(ge=1)]
    batch_size: Annotated[int, Field(ge=1)]
    maximum_length: Annotated[int, Field(ge=2)]
    evaluations_per_epoch: Annotated[int, Field(ge=0)]
    patience: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    precision: Precision
    quantisation: Literal["none", "nf4"]


class Job(Part):
    threads: Annotated[int, Field(ge=1)] | None = None


class InspectJob(Job):
    pass


class PreviewJob(Job):
    base: Base
    rows: Path
    maximum_length: Annotated[int, Field(ge=2)]


class TrainJob(Job):
    base: Base
    cache: Path
    work: Path
    output: Path
    train: Path
    evaluation: Path | None = None
    settings: Settings
    sample_prompts: tuple[tuple[Message, ...], ...] = ()
    checkpoint_seconds: Annotated[float, Field(ge=0)] = 300


class ScoreJob(Job):
    base: Base
    adapter: Path | None = None
    cache: Path | None = None
    rows: Path
    maximum_length: Annotated[int, Field(ge=2)]
    precision: Precision


class ToGgufJob(Job):
    adapter: Path
    base_file: Path
    output: Path


class MergeJob(ToGgufJob):
    type: Literal["F16", "Q8_0"]


JobType = TypeVar("JobType", bound=Job)


def read_job(file: Path, kind: type[JobType]) -> JobType:
    """Throws `job-invalid`, which names the field that is not as the protocol says."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError("job-invalid", f"The job file cannot be read: {error}") from error
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise TrainerError("job-invalid", tell_first_problem(error)) from error


def tell_first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
