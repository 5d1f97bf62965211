"""The shapes of decisions and reviews in the API; descriptions are keys of the texts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from model.results import STRICTER
from web.schemas import Value, _Asked, _said, coded

OUTCOMES = ("accept", "refuse")
Text = Annotated[str, Field(min_length=1, max_length=5_000)]


class DecisionsAsked(_Asked):
    """What the register may be asked."""

    portfolio: Annotated[str, Field(max_length=64), _said("portfolio")] = ""
    client_id: Annotated[str, Field(max_length=64), _said("client_id")] = ""
    kind: Annotated[Literal["decision", "assessment"] | None, _said("decision_kind")] = None
    state: Annotated[
        Literal["contested", "reviewed", "upheld", "overturned"] | None, _said("decision_state")
    ] = None
    decided: Annotated[str | None, coded("decided", *STRICTER)] = None
    contrary: Annotated[Literal["true", "false"] | None, _said("contrary")] = None
    after: Annotated[int, Field(ge=0, le=2**31 - 1), _said("after")] = 0
    limit: Annotated[int, Field(ge=1, le=200), _said("decisions_limit")] = 50


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DecisionSent(_Sent):
    """A decision to keep."""

    portfolio: Annotated[str, Field(max_length=64), _said("portfolio")]
    client_id: Annotated[str, Field(min_length=1, max_length=64), _said("client_id")]
    decided: Annotated[str, coded("decided", *STRICTER)]
    motive: Annotated[str, Field(max_length=2_000), _said("motive")] = ""
    offer: Annotated[str | None, Field(max_length=64), _said("offer_sent")] = None


class ContestSent(_Sent):
    """What the client says against a decision."""

    statement: Annotated[Text, _said("statement")]
    corrections: Annotated[dict[str, Value], Field(max_length=50), _said("corrections")] = {}


class ReviewSent(_Sent):
    """The outcome of a review."""

    decided: Annotated[str, coded("review_decided", *OUTCOMES)]
    reasons: Annotated[Text, _said("review_reasons")]


class Decision(BaseModel):
    """A decision, or an assessment made for a system, in the register."""

    id: Annotated[str, _said("decision_id")]
    kind: Annotated[Literal["decision", "assessment"], _said("decision_kind")]
    at: Annotated[str, _said("at")]
    portfolio: Annotated[str, _said("portfolio")]
    client_id: Annotated[str, _said("client_id")]
    account: Annotated[str, _said("account")]
    channel: Annotated[Literal["page", "api", "command"], _said("channel")]
    points: Annotated[float | None, _said("points")]
    proposed: Annotated[str | None, coded("proposed", *STRICTER)]
    decided: Annotated[str | None, coded("decided", *STRICTER)]
    final: Annotated[str | None, coded("final", *STRICTER)]
    model_version: Annotated[str | None, _said("model_version")]
    contested: Annotated[str | None, _said("contested")]
    reviewed: Annotated[str | None, _said("reviewed")]
    letter: Annotated[str | None, _said("letter_at")]
    erased: Annotated[bool, _said("erased")]


class Decisions(BaseModel):
    """A page of the register, newest first."""

    total: Annotated[int, _said("decisions_total")]
    limit: Annotated[int, _said("decisions_limit")]
    next: Annotated[int | None, _said("next")]
    decisions: list[Decision]


class ShownReason(BaseModel):
    """A reason as it was shown that day."""

    code: Annotated[str, _said("reason_code")]
    direction: Annotated[Literal["takes", "adds"], _said("direction")]
    points: Annotated[int, _said("contribution_points")]
    text: Annotated[str, _said("text")]


class Event(BaseModel):
    """What came after a decision."""

    id: Annotated[str, _said("event_id")]
    kind: Annotated[str, _said("event_kind")]
    at: Annotated[str, _said("at")]
    account: Annotated[str, _said("account")]
    points: Annotated[float | None, _said("points")]
    decided: Annotated[str | None, coded("decided", *STRICTER)]
    text: Annotated[str, _said("event_text")]


class DecisionRead(Decision):
    """A decision with what was shown that day and all that came after it."""

    probability: Annotated[float | None, _said("probability")]
    threshold: Annotated[float | None, _said("threshold")]
    pass_mark: Annotated[float | None, _said("pass_mark")]
    motive: Annotated[str, _said("motive")]
    offer: Annotated[str | None, _said("offer_decided")]
    reasons: list[ShownReason]
    rules: Annotated[list[str], _said("rules")]
    events: list[Event]
