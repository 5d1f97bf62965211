"""The tables of ``docs/prospects.md``, written from its figures in either language."""

import re
from collections.abc import Iterable, Iterator, Mapping

from benchmarks import published
from model.compared import ALGORITHMS, METRICS

_TABLE = re.compile(r"(<!--table ([a-z_0-9]+)-->\n).*?(<!--end-->)", re.DOTALL)
_SPACE, _MINUS = "\u202f", "\u2212"
POPULATIONS = ("all", "segment_1", "segment_2")
_REPORT = dict(zip(POPULATIONS, published.POPULATIONS, strict=True))
_THEIRS = {"xgboost_style": "xgboost"}

WORDS = {
    "en": {
        "logistic": "logistic regression", "svm": "SVM (linear)", "tree": "decision tree",
        "forest": "random forest", "boosting": "gradient boosting", "xgboost_style": "XGBoost-style",
        "lightgbm": "LightGBM, ours", "retained": "what is retained",
        "all": "all", "segment_1": "under 30", "segment_2": "30 and over", "routed": "both segments together",
        "accuracy": "accuracy", "recall": "recall", "precision": "precision", "f1": "F1",
        "balanced_accuracy": "balanced accuracy", "auc": "ranking AUC", "brier": "Brier",
        "cost": "cost per file",
        "algorithm": "algorithm", "fit": "fit, s", "report": "report: recall; “AUC”", "metric": "by",
        "population": "population", "search": "search, out of fold", "own": "retained", "rows": "rows",
        "gain": "recall gained", "ranked": "AUC gained", "mark": "", "said": "printed",
        "redone": "done again", "ours": "demo, its test year", "usual": "usual settings",
        "50": "from 50 %", "80": "from 80 %", "contacts": "contacts", "conversion": "accepted, of contacts",
        "accepted": "acceptances", "of_accepted": "of all acceptances", "avoided": "contacts avoided",
        "saved": "saved, EUR", "lost": "acceptances lost", "break_even": "lost again if one brings, EUR",
    },
    "fr": {
        "logistic": "régression logistique", "svm": "SVM (linéaire)", "tree": "arbre de décision",
        "forest": "forêt aléatoire", "boosting": "gradient boosting", "xgboost_style": "façon XGBoost",
        "lightgbm": "LightGBM, le nôtre", "retained": "ce qui est retenu",
        "all": "tous", "segment_1": "moins de 30 ans", "segment_2": "30 ans et plus",
        "routed": "les deux segments ensemble",
        "accuracy": "exactitude", "recall": "rappel", "precision": "précision", "f1": "F1",
        "balanced_accuracy": "exactitude équilibrée", "auc": "AUC de classement", "brier": "Brier",
        "cost": "coût par dossier",
        "algorithm": "algorithme", "fit": "ajustement, s", "report": "rapport : rappel ; « AUC »",
        "metric": "selon", "population": "population", "search": "recherche, hors échantillon",
        "own": "retenu", "rows": "lignes", "gain": "rappel gagné", "ranked": "AUC gagnée", "mark": "",
        "said": "imprimé", "redone": "refait", "ours": "démo, son année de test",
        "usual": "réglages usuels", "50": "dès 50 %", "80": "dès 80 %", "contacts": "contacts",
        "conversion": "acceptations, sur contacts", "accepted": "acceptations",
        "of_accepted": "de toutes les acceptations", "avoided": "contacts évités", "saved": "économie, EUR",
        "lost": "acceptations perdues", "break_even": "reperdu si l’une rapporte, EUR",
    },
}  # fmt: skip


def written(text: str, lang: str, held: Mapping) -> str:
    """Return a document with every table written again.

    Raises
    ------
    KeyError
        When a table is unknown or a figure of it is not held.
    """

    def again(match: re.Match) -> str:
        name, _, where = match[2].partition("_of_")
        rows = list(_TABLES[name](Pen(lang, held), *([where] if where else [])))
        lines = [rows[0], ["---", *["--:"] * (len(rows[0]) - 1)], *rows[1:]]
        return match[1] + "".join(f"| {' | '.join(line)} |\n" for line in lines) + match[3]

    return _TABLE.sub(again, text)


class Pen:
    """Writes words and figures in a language."""

    def __init__(self, lang: str, held: Mapping):
        self._lang, self._held = lang, held

    def word(self, key: str) -> str:
        return WORDS[self._lang][key]

    def name(self, section: str, key: str) -> str:
        return self._held[section]["names"][key]

    def has(self, section: str, key: str) -> bool:
        return key in self._held[section]["figures"]

    def figure(
        self, section: str, key: str, digits: int = 3, *, signed: bool = False, factor: int = 1
    ) -> str:
        return self.number(self._held[section]["figures"][key] * factor, digits, signed=signed)

    def number(self, value: float, digits: int, *, signed: bool = False, factor: int = 1) -> str:
        value *= factor
        plain = f"{abs(value):,.{digits}f}"
        if self._lang == "fr":
            plain = plain.replace(",", _SPACE).replace(".", ",")
        nothing = not float(f"{abs(value):.{digits}f}")
        return ("" if nothing else _MINUS if value < 0 else "+" if signed else "") + plain

    def listed(self, parts: Iterable[str]) -> str:
        return (" ; " if self._lang == "fr" else "; ").join(parts)

    def between(self, section: str, key: str, *, signed: bool = False) -> str:
        value, low, high = (self.figure(section, key + end, signed=signed) for end in ("", "_low", "_high"))
        return f"{value} ({low} {'to' if self._lang == 'en' else 'à'} {high})"


def _compared(pen: Pen, where: str) -> Iterator[list[str]]:
    """Yield every algorithm's figures on one population, and the report's beside."""
    yield [*(pen.word(key) for key in ("algorithm", *METRICS)), pen.word("report"), pen.word("fit")]
    theirs = {row.algorithm: row for row in published.AS_THEY_COME if row.population == _REPORT[where]}
    for name in ALGORITHMS:
        row = theirs.get(_THEIRS.get(name, name))
        cells = (
            pen.between("compared", f"{where}_{name}_auc")
            if metric == "auc"
            else pen.figure("compared", f"{where}_{name}_{metric}")
            for metric in METRICS
        )
        beside = pen.listed(pen.number(value, 3) for value in (row.recall, row.area)) if row else ""
        yield [pen.word(name), *cells, beside, pen.figure("compared", f"{where}_{name}_seconds", 1)]


def _best(pen: Pen) -> Iterator[list[str]]:
    """Yield who is best on each population, by each metric out of fold."""
    yield [pen.word("metric"), *(pen.word(where) for where in POPULATIONS)]
    for metric in METRICS:
        leaders = (pen.name("compared", f"{where}_best_{metric}") for where in POPULATIONS)
        yield [pen.word(metric), *(pen.word(name) for name in leaders)]


def _retained(pen: Pen) -> Iterator[list[str]]:
    """Yield what the search gained out of fold, and what is retained is worth on the test year."""
    heads = ("population", "search", "own", "recall", "precision", "balanced_accuracy", "auc")
    yield [pen.word(key) for key in heads]
    for where in POPULATIONS:
        tried = []
        for number in (1, 2):
            name = f"{where}_finalist_{number}"
            before, after = (pen.figure("compared", f"{name}_{end}", 4) for end in ("before", "after"))
            tried.append(f"{pen.word(pen.name('compared', name))} {before} → {after}")
        kept = pen.word(pen.name("compared", f"{where}_retained"))
        settings = ", ".join(f"`{one}`" for one in pen.name("compared", f"{where}_tuned")) or pen.word(
            "usual"
        )
        figures = (pen.figure("compared", f"{where}_retained_{one}") for one in heads[3:6])
        area = pen.between("compared", f"{where}_retained_auc")
        yield [pen.word(where), pen.listed(tried), f"{kept} ({settings})", *figures, area]


def _gained(pen: Pen) -> Iterator[list[str]]:
    """Yield what a model of their own gains for each segment, on the same rows."""
    places = (*POPULATIONS[1:], "routed")
    yield [
        pen.word("algorithm"),
        *(f"{pen.word(where)}: {pen.word(what)}" for where in places for what in ("gain", "ranked")),
    ]
    for name in (*ALGORITHMS, "retained"):
        gains = (f"{where}_{name}_gain_{metric}" for where in places for metric in ("recall", "auc"))
        yield [pen.word(name), *(pen.between("compared", gain, signed=True) for gain in gains)]


def _learning(pen: Pen) -> Iterator[list[str]]:
    """Yield the ranking AUC of what is retained, by rows learnt from: one line for each share."""
    heads = ((f"{pen.word(where)}: {pen.word('rows')}", pen.word("auc")) for where in POPULATIONS)
    yield [cell for pair in heads for cell in pair]
    for number in range(5):
        cells = []
        for where in POPULATIONS:
            key = f"{where}_point_{number}"
            there = pen.has("compared", f"{key}_rows")
            cells += [pen.figure("compared", f"{key}_rows", 0) if there else ""]
            cells += [pen.between("compared", f"{key}_score") if there else ""]
        yield cells


def _savings(pen: Pen) -> Iterator[list[str]]:
    """Yield the report's campaign as printed and done again, and the demo's."""

    def head(who: str, at: str) -> str:
        return f"{pen.word(who)}, {pen.word(at)}"

    yield ["", head("said", "50"), *(head(who, at) for at in ("50", "80") for who in ("redone", "ours"))]
    printed = {
        "conversion": "said_share",
        "accepted": "said_accepted",
        "avoided": "said_avoided",
        "saved": "said_saved",
    }
    shown = {
        "contacts": (0, 1), "accepted": (0, 1), "conversion": (1, 100), "of_accepted": (1, 100),
        "avoided": (0, 1), "saved": (0, 1), "lost": (0, 1), "break_even": (2, 1),
    }  # fmt: skip
    for key, (digits, factor) in shown.items():
        name = printed.get(key)
        end = " %" if factor == 100 else ""
        cells = [pen.figure("roi", name, digits, factor=factor) + end if name else ""]
        for at in ("50", "80"):
            for section in ("roi", "campaign"):
                cells.append(pen.figure(section, f"at_{at}_{key}", digits, factor=factor) + end)
        yield [pen.word(key), *cells]


_TABLES = {
    "compared": _compared,
    "best": _best,
    "retained": _retained,
    "gained": _gained,
    "learning": _learning,
    "savings": _savings,
}
