"""What the API answers on drift; the descriptions are keys of the texts (see ``web.schemas``)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["stable", "watch", "act", "few", "empty"]


def _said(name: str) -> object:
    return Field(description=f"web.field.drift.{name}")


class DriftAsked(BaseModel):
    """What the address on drift may be asked."""

    model_config = ConfigDict(extra="forbid")

    lang: Annotated[Literal["fr", "en"] | None, Field(description="web.field.lang")] = None
    batch: Annotated[str, Field(max_length=32), _said("asked")] = ""


class DriftShape(BaseModel):
    """Shares of the files in each cell, at training and in the batch."""

    edges: Annotated[list[float], _said("edges")]
    labels: Annotated[list[str], _said("labels")]
    before: Annotated[list[float], _said("shares_before")]
    after: Annotated[list[float], _said("shares_after")]


class DriftColumn(BaseModel):
    """How one input moved from training to the batch."""

    name: Annotated[str, Field(description="web.field.feature")]
    state: Annotated[State, _said("state")]
    causes: Annotated[list[Literal["psi", "missing", "unseen"]], _said("column_causes")]
    weight: Annotated[float, _said("weight")]
    psi: Annotated[float | None, _said("psi")]
    limit: Annotated[float, _said("limit")]
    known_before: Annotated[int, _said("known_before")]
    known_after: Annotated[int, _said("known_after")]
    missing_before: Annotated[float, _said("missing_before")]
    missing_after: Annotated[float, _said("missing_after")]
    unseen: Annotated[float, _said("unseen")]
    points: Annotated[float | None, _said("points")]
    shape: Annotated[DriftShape | None, _said("shape")]


class DriftScore(BaseModel):
    """How the points and the proposals moved."""

    state: Annotated[State, _said("state")]
    psi: Annotated[float, _said("psi")]
    limit: Annotated[float, _said("limit")]
    median_before: Annotated[float, _said("median_before")]
    median_after: Annotated[float, _said("median_after")]
    mean_before: Annotated[float, _said("mean_before")]
    mean_after: Annotated[float, _said("mean_after")]
    refused_state: Annotated[State, _said("state")]
    refused_before: Annotated[float, _said("refused_before")]
    refused_after: Annotated[float, _said("refused_after")]
    explained: Annotated[float | None, _said("explained")]
    sample: Annotated[int, _said("sample")]
    shape: Annotated[DriftShape, _said("shape")]


class DriftMain(BaseModel):
    """One of the inputs that weigh most, with those on the same matter."""

    name: Annotated[str, Field(description="web.field.feature")]
    weight: Annotated[float, _said("weight")]
    inputs: Annotated[list[str], _said("inputs")]


class DriftCoverage(BaseModel):
    """Share of the files for which a history was collected."""

    family: Annotated[str, _said("family")]
    state: Annotated[State, _said("state")]
    before: Annotated[float, _said("covered_before")]
    after: Annotated[float, _said("covered_after")]


class DriftBatch(BaseModel):
    """A batch that was judged, in short."""

    id: Annotated[str, _said("batch")]
    name: Annotated[str, _said("name")]
    source: Annotated[Literal["file", "folder", "bank", "half"], _said("source")]
    day: Annotated[str, _said("day")]
    made: Annotated[str, _said("made")]
    model_version: Annotated[str, _said("model_version")]
    rows_before: Annotated[int, _said("rows_before")]
    rows: Annotated[int, _said("rows")]
    state: Annotated[State, _said("state")]


class DriftListed(DriftBatch):
    """A batch in the list."""

    report: Annotated[str | None, _said("report")]


class DriftVerdict(DriftBatch):
    """The whole verdict on a batch."""

    portfolio: Annotated[str, Field(description="web.field.portfolio")]
    limits: Annotated[dict[str, float], _said("limits")]
    causes: Annotated[list[str], _said("causes")]
    weight_watch: Annotated[float, _said("weight_watch")]
    weight_act: Annotated[float, _said("weight_act")]
    score: Annotated[DriftScore | None, _said("score")]
    main: list[DriftMain]
    columns: list[DriftColumn]
    coverage: list[DriftCoverage]


class Drift(BaseModel):
    """The batches judged, the latest first, and the verdict on one of them."""

    portfolio: Annotated[str, Field(description="web.field.portfolio")]
    batches: list[DriftListed]
    verdict: Annotated[DriftVerdict | None, _said("verdict")]
