"""The shapes of what the API is asked and answers; their descriptions are keys of the texts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Value = float | str | bool | None


# Where a schema names decisions: ``web.openapi`` puts the codes of every portfolio in its place.
DECISIONS = "decisions"


def _said(name: str) -> object:
    return Field(description=f"web.field.{name}")


def coded(name: str, *decisions: str) -> object:
    """Describe a field that holds one of ``decisions``, by the codes of its portfolio."""
    extra = {DECISIONS: list(decisions)}
    return Field(description=f"web.field.{name}", max_length=64, json_schema_extra=extra)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lang: Annotated[Literal["fr", "en"] | None, _said("lang")] = None


class Asked(_Asked):
    """What every address of the API may be asked."""


class ClientsAsked(_Asked):
    """What the list of clients may be asked."""

    search: Annotated[str, Field(max_length=64), _said("search")] = ""
    limit: Annotated[int, Field(ge=1, le=1000), _said("limit")] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000_000), _said("offset")] = 0


class AssessmentsAsked(_Asked):
    """What may be asked of records that are sent: to be ranked as a campaign, and how to be answered."""

    rank: Annotated[Literal["best"] | None, _said("rank_asked")] = None
    budget: Annotated[float | None, Field(ge=0, le=1e12, allow_inf_nan=False), _said("budget")] = None
    contact_cost: Annotated[float | None, Field(ge=0, le=1e9, allow_inf_nan=False), _said("contact_cost")] = (
        None
    )
    format: Annotated[Literal["json", "csv"] | None, _said("format")] = None


class PortfolioState(BaseModel):
    """A portfolio and what is in place for it."""

    id: Annotated[str, _said("portfolio")]
    name: Annotated[str, _said("name")]
    question: Annotated[str, _said("question")]
    synthetic: Annotated[bool | None, _said("synthetic")]
    clients: Annotated[int | None, _said("clients")]
    model_version: Annotated[str | None, _said("model_version")]


class Portfolios(BaseModel):
    """The portfolios of this application."""

    portfolios: list[PortfolioState]


class Part(BaseModel):
    """State of a bank or of a model."""

    state: Annotated[Literal["ready", "missing", "unreadable"], _said("state")]


class BankPart(Part):
    """State of a bank."""

    synthetic: Annotated[bool | None, _said("synthetic")] = None
    clients: Annotated[int | None, _said("clients")] = None


class ModelPart(Part):
    """State of a model."""

    version: Annotated[str | None, _said("model_version")] = None


class PortfolioHealth(BaseModel):
    """State of one portfolio."""

    id: Annotated[str, _said("portfolio")]
    bank: BankPart
    model: ModelPart


class Health(BaseModel):
    """Whether the application answers, and whether it can assess."""

    status: Annotated[Literal["ok"], _said("status")]
    ready: Annotated[bool, _said("ready")]
    portfolios: list[PortfolioHealth]


class ClientId(BaseModel):
    """A client of the bank."""

    client_id: Annotated[str, _said("client_id")]


class Clients(BaseModel):
    """A page of clients, in the order of their file numbers."""

    total: Annotated[int, _said("total")]
    limit: Annotated[int, _said("limit")]
    offset: Annotated[int, _said("offset")]
    clients: list[ClientId]


class Record(BaseModel):
    """What the bank holds of one client."""

    client_id: Annotated[str, _said("client_id")]
    portfolio: Annotated[str, _said("portfolio")]
    record: Annotated[dict[str, Value], _said("record")]


class Contribution(BaseModel):
    """Points that one input moves, from the average file to this one."""

    feature: Annotated[str, _said("feature")]
    theme: Annotated[str, _said("theme")]
    value: Annotated[Value, _said("value")]
    points: Annotated[float, _said("contribution_points")]


class Reason(BaseModel):
    """One thing that moved this file, as a sentence."""

    code: Annotated[str, _said("reason_code")]
    feature: Annotated[str, _said("feature")]
    direction: Annotated[Literal["takes", "adds"], _said("direction")]
    text: Annotated[str, _said("text")]


class Warning(BaseModel):
    """Something to check before deciding."""

    field: Annotated[str, _said("warning_field")]
    code: Annotated[
        Literal["missing", "out_of_range", "impossible", "unseen", "not_collected"], _said("warning_code")
    ]
    text: Annotated[str, _said("text")]


class PolicyRule(BaseModel):
    """A rule of the lender that a file falls under, apart from the points."""

    code: Annotated[str, _said("policy_code")]
    decision: Annotated[str, coded("policy_decision", "review", "refuse")]
    text: Annotated[str, _said("text")]


class Offer(BaseModel):
    """An offer and how often it is taken."""

    code: Annotated[str, _said("offer_code")]
    share: Annotated[float, Field(ge=0, le=1), _said("offer_share")]


class Offers(BaseModel):
    """The likeliest offers, should the file be accepted."""

    top: Annotated[list[Offer], _said("offers_top")]
    others: Annotated[int, Field(ge=0), _said("offers_others")]
    others_share: Annotated[float, Field(ge=0, le=1), _said("offers_others_share")]
    most_of_others: Annotated[float, Field(ge=0, le=1), _said("offers_most_of_others")]
    rare_share: Annotated[float, Field(ge=0, le=1), _said("offers_rare_share")]


class Ranking(BaseModel):
    """Where a file stands in a list that is ranked."""

    rank: Annotated[int, Field(ge=1), _said("rank")]
    cumulated_cost: Annotated[float | None, _said("cumulated_cost")]
    expected_acceptances: Annotated[float, _said("expected_acceptances")]
    within_budget: Annotated[bool | None, _said("within_budget")]
    above_mark: Annotated[bool, _said("above_mark")]


class Assessment(BaseModel):
    """Everything said about one file."""

    client_id: Annotated[str | None, _said("client_id")]
    portfolio: Annotated[str, _said("portfolio")]
    model_version: Annotated[str, _said("model_version")]
    probability: Annotated[float, Field(gt=0, lt=1), _said("probability")]
    points: Annotated[float, _said("points")]
    threshold: Annotated[float, _said("threshold")]
    pass_mark: Annotated[float, _said("pass_mark")]
    grey_low: Annotated[float, _said("grey_low")]
    grey_high: Annotated[float, _said("grey_high")]
    decision: Annotated[str, coded("decision", "accept", "review", "refuse")]
    proposal: Annotated[str, coded("proposal", "accept", "review", "refuse")]
    policy: list[PolicyRule]
    base_points: Annotated[float, _said("base_points")]
    contributions: list[Contribution]
    reasons: list[Reason]
    warnings: list[Warning]
    decision_id: Annotated[str | None, _said("decision_id")]
    # Absent where the portfolio makes no offers, and from a list that is not ranked.
    offers: Annotated[Offers | None, _said("offers")] = None
    ranking: Annotated[Ranking | None, _said("ranking")] = None


class Change(BaseModel):
    """One value changed in a proposal."""

    field: Annotated[str, _said("feature")]
    label: Annotated[str, _said("label")]
    before: Annotated[Value, Field(alias="from", description="web.field.from")]
    after: Annotated[Value, Field(alias="to", description="web.field.to")]
    text: Annotated[str, _said("text")]


class Proposal(BaseModel):
    """Changes that lead to another decision."""

    changes: Annotated[list[Change], Field(min_length=1, max_length=2), _said("changes")]
    points: Annotated[float, _said("proposed_points")]
    probability: Annotated[float, Field(gt=0, lt=1), _said("proposed_probability")]
    decision: Annotated[str, coded("proposed_decision", "accept", "review")]
    effort: Annotated[float, Field(gt=0), _said("effort")]
    text: Annotated[str, _said("text")]


class Lever(BaseModel):
    """One item of the file that may be changed, and how far."""

    field: Annotated[str, _said("feature")]
    label: Annotated[str, _said("label")]
    value: Annotated[float, _said("lever_value")]
    low: Annotated[float, _said("low")]
    high: Annotated[float, _said("high")]
    step: Annotated[float, _said("step")]


class Recourse(BaseModel):
    """What would change the proposal for one client."""

    client_id: Annotated[str, _said("client_id")]
    portfolio: Annotated[str, _said("portfolio")]
    model_version: Annotated[str, _said("model_version")]
    decision: Annotated[str, coded("decision", "accept", "review", "refuse")]
    points: Annotated[float, _said("points")]
    pass_mark: Annotated[float, _said("pass_mark")]
    proposals: Annotated[list[Proposal], Field(max_length=3), _said("proposals")]
    levers: Annotated[list[Lever], _said("levers")]
    tried: Annotated[int, Field(ge=0), _said("tried")]
    text: Annotated[str, _said("text")]


class Detail(BaseModel):
    """One thing wrong with what was sent."""

    index: Annotated[int | None, _said("index")] = None
    field: Annotated[str, _said("detail_field")]
    code: Annotated[str, _said("detail_code")]
    value: Annotated[Value, _said("detail_value")] = None
    expected: Annotated[str | None, _said("expected")] = None
    remedy: Annotated[str | None, _said("remedy")] = None


class Told(BaseModel):
    """What is told of an error."""

    code: Annotated[str, _said("error_code")]
    message: Annotated[str, _said("message")]
    details: Annotated[list[Detail], _said("details")]
    request_id: Annotated[str, _said("request_id")]


class Error(BaseModel):
    """The shape of every error."""

    error: Told
