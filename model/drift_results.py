"""What is said of a batch against training, as plain frozen data that page and API share."""

from dataclasses import dataclass
from typing import Literal

DriftState = Literal["stable", "watch", "act", "few", "empty"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the verdicts begin (``model.drift`` states the rule); shares of one, but for the index.

    Kept with each verdict, so that an old one says which rule it followed. ``least`` files are
    needed to say anything.
    """

    least: int = 100
    psi_watch: float = 0.10
    psi_act: float = 0.25
    missing_watch: float = 0.05
    missing_act: float = 0.10
    unseen_watch: float = 0.01
    unseen_act: float = 0.05
    refused_watch: float = 0.05
    refused_act: float = 0.10
    covered_watch: float = 0.05
    covered_act: float = 0.25
    weight_watch: float = 0.05
    weight_act: float = 0.25


@dataclass(frozen=True, slots=True)
class Shape:
    """Shares of files in each cell, at training and in a batch.

    Cells lie between ``edges`` for numbers (the ends gather what is beyond), or are ``labels``
    for categories; the last label may be empty: everything else.
    """

    edges: tuple[float, ...]
    labels: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """How one input moved from training (``before``) to a batch (``after``).

    ``psi`` compares the known values (None when there are too few), and ``limit`` is where it
    counts: the watch limit, or what chance alone may give when that is more. ``missing`` are
    shares of the files, ``unseen`` the share of the known values that training never saw,
    ``weight`` the share of the points that the input usually moves. ``points`` is what it did
    to the mean score, None when that was not worked out. ``state`` is ``empty`` when either
    side has nothing to compare; ``causes`` say what it follows from: ``psi``, ``missing``,
    ``unseen``.
    """

    name: str
    state: DriftState
    causes: tuple[str, ...]
    weight: float
    psi: float | None
    limit: float
    known_before: int
    known_after: int
    missing_before: float
    missing_after: float
    unseen: float
    points: float | None
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class CoverageDrift:
    """Share of the files for which a history family was collected."""

    family: str
    state: DriftState
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class ScoreDrift:
    """How the points and the proposals moved; ``refused`` are shares of the files.

    ``explained`` is the part of the change of the mean that the inputs account for, None when
    it was not worked out; ``sample`` the files of each side that it was worked out on.
    """

    state: DriftState
    psi: float
    limit: float
    median_before: float
    median_after: float
    mean_before: float
    mean_after: float
    refused_state: DriftState
    refused_before: float
    refused_after: float
    explained: float | None
    sample: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class MainInput:
    """One of the inputs that weigh most, and the ``inputs`` on the same matter that it speaks for.

    ``weight`` is their share of the points together, its own included.
    """

    name: str
    weight: float
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """What is said of a batch of files against those that the model learnt from.

    ``day`` is the day the batch is about, ``made`` when it was judged (ISO, UTC), ``causes``
    the rules that the state follows from (see ``model.drift``), ``columns`` every input of the
    model, the weightiest first. Under ``limits.least`` files nothing but the sizes is said.
    """

    id: str
    portfolio: str
    name: str
    source: Literal["file", "folder", "bank", "half"]
    day: str
    made: str
    model_version: str
    rows_before: int
    rows: int
    limits: Limits
    state: DriftState
    causes: tuple[str, ...]
    weight_watch: float
    weight_act: float
    score: ScoreDrift | None
    main: tuple[MainInput, ...]
    columns: tuple[ColumnDrift, ...]
    coverage: tuple[CoverageDrift, ...]


@dataclass(frozen=True, slots=True)
class ReportAbout:
    """What is told of a detailed report, without opening it.

    ``values`` is the most that it holds of a column on either side; where there were more, they
    were thinned evenly along the column. ``agreed`` of the ``compared`` columns have the state in
    it that the verdict gives them. ``size`` is in bytes, as it is sent.
    """

    made: str
    columns: int
    values: int
    thinned: bool
    compared: int
    agreed: int
    size: int
