"""Which of two answers to the same files is better, and how sure that is. Training only.

The cost of a file is flat around its best threshold, so that two good models often cost the same
within the noise. Hence one rule, wherever answers are compared: what the objective tells apart by
more than one standard error of the paired difference, it decides; else the tie goes to the AUC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model import calibration, metrics
from model.calibration import probability
from model.cost import Costs
from model.delong import placements
from model.tune_space import Objective


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much one set of answers is better than another, positive when it is.

    ``error`` is the standard error of the difference, paired file by file.
    """

    value: float
    error: float

    def verdict(self, errors: float = 1.0) -> int:
        """Return 1 if better and -1 if worse by more than so many standard errors, else 0."""
        return int(np.sign(self.value)) if abs(self.value) > errors * self.error else 0


def verdict(gains: Mapping[str, Gain], objective: Objective, errors: float = 1.0) -> int:
    """Return 1 if the objective, or the AUC on a tie of costs, says better; -1 if worse; else 0."""
    decided = gains[objective].verdict(errors)
    return gains["auc"].verdict(errors) if decided == 0 and objective == "cost" else decided


@dataclass(frozen=True)
class Judge:
    """Measures and compares answers to the same files.

    Attributes
    ----------
    outcome : array of {0, 1}, shape (rows,)
    costs : of each error; a file is flagged from their theoretical threshold
    objective : what counts; ``cost`` leaves its ties to the AUC
    """

    outcome: np.ndarray
    costs: Costs
    objective: Objective = "cost"

    def calibrated(self, raw: np.ndarray, fold: np.ndarray) -> np.ndarray:
        """Return log-odds calibrated fold by fold on the others, missing where ``raw`` is.

        With answers for one fold only there are no others, and it is calibrated on itself: good
        enough to compare two trials half-way, and never used for a figure that is reported.
        """
        said, known = np.full(len(raw), np.nan), np.isfinite(raw)
        for number in np.unique(fold[known]):
            here, others = known & (fold == number), known & (fold != number)
            learn = others if others.any() else here
            said[here] = calibration.fit(raw[learn], self.outcome[learn]).apply(raw[here])
        return said

    def measures(self, said: np.ndarray, rows: np.ndarray | slice = slice(None)) -> dict[str, float]:
        """Return cost per file, AUC and log-loss of calibrated log-odds on some rows."""
        return {
            "cost": float(self._each("cost", said, rows).mean()),
            "auc": metrics.auc(self.outcome[rows], said[rows]),
            "log_loss": float(self._each("log_loss", said, rows).mean()),
        }

    def gains(
        self,
        pairs: Sequence[tuple[np.ndarray, np.ndarray]],
        rows: np.ndarray | slice = slice(None),
    ) -> dict[str, Gain]:
        """Return what the second answers of each pair gain over the first.

        Parameters
        ----------
        pairs : of arrays of calibrated log-odds, shape (rows,)
            One pair, or one for each of several assignments to folds. Over several, the gain of a
            file is the mean of its gains, and what the assignments disagree by adds to the error.
        rows : mask or numbers of the files to compare on

        Returns
        -------
        dict
            ``cost``, ``auc`` and ``log_loss``, each a Gain.
        """
        found = {}
        for name in ("cost", "log_loss"):
            saved = [self._each(name, old, rows) - self._each(name, new, rows) for old, new in pairs]
            found[name] = _over_assignments([[one] for one in saved])
        ranked = [self._ranked(old, new, rows) for old, new in pairs]
        return found | {"auc": _over_assignments(ranked)}

    def loss(self, said: np.ndarray, default: np.ndarray, rows: np.ndarray | slice = slice(None)) -> float:
        """Return the one number that a search lowers.

        For ``cost``, the cost of a file, except that answers tied with those of the default settings
        get the default's cost less what they gain in AUC, which keeps them within the tie.
        """
        measured = self.measures(said, rows)
        if self.objective == "auc":
            return 1 - measured["auc"]
        if self.objective == "log_loss":
            return measured["log_loss"]
        gains = self.gains([(default, said)], rows)
        tie = gains["cost"]
        if tie.verdict() != 0:
            return measured["cost"]
        return measured["cost"] + tie.value - float(np.clip(gains["auc"].value, -tie.error, tie.error))

    def _each(self, name: str, said: np.ndarray, rows: np.ndarray | slice) -> np.ndarray:
        """Return the cost or the log-loss of each file."""
        said, outcome = said[rows], self.outcome[rows]
        if name == "log_loss":
            return np.logaddexp(0, said) - outcome * said
        flagged = probability(said) >= self.costs.theoretical_threshold
        return np.where(
            outcome == 1, self.costs.false_negative * ~flagged, self.costs.false_positive * flagged
        )

    def _ranked(self, old: np.ndarray, new: np.ndarray, rows: np.ndarray | slice) -> list[np.ndarray]:
        """Return what each positive, then each negative, gains in rank (DeLong 1988)."""
        outcome = self.outcome[rows]
        before, after = placements(outcome, old[rows]), placements(outcome, new[rows])
        return [late - early for early, late in zip(before, after, strict=True)]


def _over_assignments(parts: list[list[np.ndarray]]) -> Gain:
    """Return the mean gain over assignments, given the gains of files (in one group or two) in each."""
    # The first group's mean is the gain itself; of an AUC both groups have the same.
    values = [float(groups[0].mean()) for groups in parts]
    mean = [np.mean(group, axis=0) for group in zip(*parts, strict=True)]
    variance = sum(group.var(ddof=1) / len(group) for group in mean)
    if len(values) > 1:
        variance += np.var(values, ddof=1) / len(values)
    return Gain(float(np.mean(values)), float(np.sqrt(variance)))
