"""The shape of what the API says of a model; descriptions are keys of the texts."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


def _said(name: str) -> object:
    return Field(description=f"web.field.{name}")


class Measured(BaseModel):
    """A figure with its 95 % interval."""

    value: Annotated[float, _said("measured_value")]
    low: Annotated[float | None, _said("measured_low")]
    high: Annotated[float | None, _said("measured_high")]


class Thresholds(BaseModel):
    """The threshold in force, and the two it was chosen between."""

    in_force: Annotated[float, Field(gt=0, lt=1), _said("threshold")]
    theoretical: Annotated[float, Field(gt=0, lt=1), _said("threshold_theoretical")]
    tuned: Annotated[float, Field(gt=0, lt=1), _said("threshold_tuned")]
    pass_mark: Annotated[float, _said("pass_mark")]
    grey_low: Annotated[float, _said("grey_low")]
    grey_high: Annotated[float, _said("grey_high")]


class ModelCosts(BaseModel):
    """What each kind of error costs."""

    false_negative: Annotated[float, _said("cost_false_negative")]
    false_positive: Annotated[float, _said("cost_false_positive")]


class Confusion(BaseModel):
    """The confusion matrix of 1,000 files at the threshold in force."""

    true_positive: Annotated[float, _said("true_positive")]
    false_positive: Annotated[float, _said("false_positive")]
    true_negative: Annotated[float, _said("true_negative")]
    false_negative: Annotated[float, _said("false_negative")]


class ModelData(BaseModel):
    """What the model learnt from."""

    rows: Annotated[int, _said("model_rows")]
    positives: Annotated[int, _said("model_positives")]
    synthetic: Annotated[bool, _said("synthetic")]
    fingerprint: Annotated[str, _said("fingerprint")]


class SetAside(BaseModel):
    """Rows that the model never learnt from, and what it is worth on them."""

    column: Annotated[str, _said("set_aside_column")]
    values: Annotated[list[int | float | str], _said("set_aside_values")]
    rows: Annotated[int, _said("model_rows")]
    positives: Annotated[int, _said("model_positives")]
    metrics: Annotated[dict[str, Measured], _said("metrics")]


class Segments(BaseModel):
    """Segments whose own models were compared with one for all."""

    column: Annotated[str, _said("segments_column")]
    edges: Annotated[list[float], _said("segments_edges")]
    served: Annotated[Literal["pooled", "segments"], _said("segments_served")]


class ModelCard(BaseModel):
    """The model in service: what it is, learnt from, reads and is worth."""

    portfolio: Annotated[str, _said("portfolio")]
    model_version: Annotated[str, _said("model_version")]
    created: Annotated[str, _said("model_created")]
    threshold: Thresholds
    costs: ModelCosts
    metrics: Annotated[dict[str, Measured], _said("metrics")]
    per_1000: Confusion
    data: ModelData
    inputs: Annotated[list[str], _said("inputs")]
    excluded: Annotated[list[str], _said("excluded")]
    set_aside: Annotated[SetAside | None, _said("set_aside")]
    segments: Annotated[Segments | None, _said("segments")]
    approved_by: Annotated[str | None, _said("approved_by")]
