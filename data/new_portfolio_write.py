"""The files of a portfolio that is made: portfolio.toml, columns.csv, schema.sql and its words."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from data import new_portfolio_names as names
from data.new_portfolio_kinds import Choice
from data.new_portfolio_target import Outcome
from data.portfolios import FOLDER, Column
from data.schema import literal, quoted

TABLE = "file"
THEME = "file"
LANGUAGES = ("fr", "en")
# How wide a value may be on the strip of facts, and how many facts stand where.
WIDEST_FACT, IN_STRIP, AT_A_GLANCE, DECLARED = 30, 4, 2, 8
# Ages and quarters by which people are counted apart, as built-in portfolios do.
AGE_EDGES, PARTS = [30, 40, 50, 60], 4
MOST_GROUPS, GROUPINGS = 12, 4


@dataclass(frozen=True)
class Plan:
    """All that is written of a portfolio; ``id_choice`` is None when lines are numbered."""

    name: str
    file: str
    titles: dict[str, str]
    outcome: Outcome
    id_choice: Choice | None
    row: str
    choices: tuple[Choice, ...]
    dropped: tuple[Choice, ...]
    leaking: Mapping[str, float]
    is_good: bool
    false_negative: float
    false_positive: float
    currency: str
    decimal: str

    @property
    def id_column(self) -> str:
        return self.id_choice.name if self.id_choice else self.row

    @property
    def inputs(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.role == "input"]

    @property
    def protected(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.role == "protected"]

    @property
    def watched(self) -> list[Choice]:
        """What fairness is watched by: protected columns, and those that are used all the same."""
        return [one for one in self.choices if one.role == "protected" or names.is_protected(one.seen.name)]


def write(plan: Plan, folder: Path) -> None:
    """Write the portfolio's files into ``folder``, which is made."""
    (folder / "locales").mkdir(parents=True)
    (folder / "portfolio.toml").write_text("\n".join(_settings(plan)) + "\n", encoding="utf-8")
    (folder / "schema.sql").write_text(_schema(plan), encoding="utf-8")
    with (folder / "columns.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [one.name for one in fields(Column)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(_columns(plan))
    for lang in LANGUAGES:
        words = {"name": plan.titles[lang], "categories": _categories(plan)}
        text = json.dumps(words, ensure_ascii=False, indent=2)
        (folder / "locales" / f"{lang}.json").write_text(text + "\n", encoding="utf-8")


def _settings(plan: Plan) -> Iterator[str]:
    good = "good" if plan.is_good else "bad"
    odds = plan.false_positive / plan.false_negative
    yield f"# Made from {json.dumps(plan.file)} by `python -m data new-portfolio`; to be refined by hand."
    yield f"id = {_toml(plan.name)}"
    yield f"main_table = {_toml(TABLE)}"
    yield f"id_column = {_toml(plan.id_column)}"
    yield f"target = {_toml(plan.outcome.name)}"
    yield f"positive = {_toml(plan.outcome.positive)}"
    yield f"positive_is_good = {_toml(plan.is_good)}   # the value to foresee is {good} news"
    yield f"currency = {_toml(plan.currency)}"
    yield from ("", "[costs]", f"false_negative = {plan.false_negative:g}   # a case of it that is missed")
    yield f"false_positive = {plan.false_positive:g}   # a false alarm"
    yield from ("", "[scale]   # 600 points = the mark that these costs call for; 20 points double the odds")
    yield from ("anchor_points = 600", f"anchor_odds = {odds if plan.is_good else 1 / odds!r}")
    yield from ("points_to_double = 20", "grey_zone = 10   # points on each side of the mark")
    yield from _table(plan)
    if amounts := [one for one in plan.inputs if one.kind == "amount"]:
        amount = min(amounts, key=lambda one: names.is_income(one.seen.name)).name
        yield from ("", "[desk]   # what the cost desk may weigh files by", f"amount = {_toml(amount)}")
    yield from _groups(plan)
    facts = _facts(plan)
    yield from (
        "",
        "[facts]   # what stands at the head of a file, on the home page, and among what is declared",
    )
    yield f"strip = {_toml(facts[:IN_STRIP])}"
    yield f"glance = {_toml(facts[:AT_A_GLANCE])}"
    yield f"declared = {_toml(facts[IN_STRIP:][:DECLARED] or facts[:DECLARED])}"


def _table(plan: Plan) -> Iterator[str]:
    """Yield how files of the portfolio are read: later ones too, whatever program wrote them."""
    choices = [*([plan.id_choice] if plan.id_choice else ()), *plan.choices]
    yield from ("", "# Each file tells its encoding, its separator and, column by column, its decimal mark.")
    yield from (f"[tables.{TABLE}]", "flat = true")
    yield f"labelled = {_toml(plan.name)}"
    yield f"unlabelled = {_toml(plan.name + '_unlabelled')}"
    yield f"decimal = {_toml(plan.decimal)}   # where nothing in a file tells whether 1,234 has decimals"
    if plan.id_choice is None:
        yield f"row = {_toml(plan.row)}   # the number of the line, since files name nobody"
    if formats := list(dict.fromkeys(choice.dates for choice in choices if choice.dates)):
        yield f"dates = {_toml(formats)}"
    if plan.dropped:
        yield from (
            "left_out = [",
            *(f"  {_toml(one.seen.name)},  # {one.dropped}" for one in plan.dropped),
            "]",
        )
    spelt = [(choice.name, choice.seen.name) for choice in choices if not choice.since]
    spelt.append((plan.outcome.name, plan.outcome.seen.name))
    if renamed := [(name, there) for name, there in spelt if name != there]:
        yield f"[tables.{TABLE}.columns]   # the file's own spelling"
        yield from (f"{name} = {_toml(there)}" for name, there in renamed)
    missing = [(choice.name, choice.missing) for choice in choices if choice.missing]
    if plan.outcome.missing:
        missing.append((plan.outcome.name, plan.outcome.missing))
    if missing:
        yield f"[tables.{TABLE}.missing]   # words for what is not known"
        yield from (f"{name} = {_toml(list(said))}" for name, said in missing)
    if days := [choice for choice in choices if choice.since]:
        yield f"[tables.{TABLE}.derive]   # days are counted from a day that stays the same"
        yield from (f"{choice.name} = {{ {_rule(choice)} }}" for choice in days)


def _rule(choice: Choice) -> str:
    if choice.is_year:
        return f"year = {_toml(choice.seen.name)}"
    return f"days_since = {_toml([choice.seen.name, choice.since])}"


def _groups(plan: Plan) -> Iterator[str]:
    """Yield by what people are counted apart: the protected columns, and a few that part them well."""
    performance = [one for one in plan.inputs if _parts_well(one)][: GROUPINGS - 1]
    performance += [one for one in plan.inputs if one.kind == "amount"][:1]
    fairness = [one for one in plan.watched if one.kind != "category" or one.seen.distinct <= MOST_GROUPS]
    performance = [one for one in performance if one not in fairness]
    if performance or fairness:
        yield from ("", "[groups]   # whom the manager's pages count apart")
        yield from (f"{one.name} = {_toml_table(_cut(one))}" for one in (*performance, *fairness))
    yield from ("[grouped]", f"performance = {_toml([one.name for one in performance])}")
    yield f"fairness = {_toml([one.name for one in fairness])}"


def _parts_well(choice: Choice) -> bool:
    return choice.sql == "VARCHAR" and 2 <= choice.seen.distinct <= MOST_GROUPS


def _cut(choice: Choice) -> dict:
    if choice.sql == "VARCHAR":
        return {"column": choice.name}
    if choice.kind == "flag":
        return {"column": choice.name, "edges": [1]}
    how = {"edges": AGE_EDGES} if choice.unit == "years" else {"parts": PARTS}
    return {"column": choice.name} | how


def _facts(plan: Plan) -> list[str]:
    short = [one for one in plan.inputs if max(map(len, one.seen.values), default=0) <= WIDEST_FACT]
    first = sorted(short or plan.inputs, key=lambda one: one.kind != "amount")
    return [one.name for one in first[: IN_STRIP + DECLARED]]


def _columns(plan: Plan) -> Iterator[dict]:
    made = {lang: _made_words(lang) for lang in LANGUAGES}
    empty = {one.name: "" for one in fields(Column)} | {"source": "application", "family": "application"}
    empty |= {"decimals": 0, "monotone": 0, "actionable": 0}
    if plan.id_choice is None:
        labels = {f"label_{lang}": made[lang]["row"] for lang in LANGUAGES}
        yield empty | {"name": plan.row, "kind": "number", "role": "id", "low": 0} | labels
    else:
        kind = "number" if plan.id_choice.sql == "BIGINT" else "category"
        yield empty | {"name": plan.id_column, "kind": kind, "role": "id"} | _labels(plan.id_choice.seen.name)
    yield empty | _target(plan.outcome) | _labels(plan.outcome.seen.name)
    for one in plan.choices:
        about = {key: getattr(one, key) for key in ("name", "kind", "role", "unit", "decimals")}
        about |= {"low": _figure(one.low), "high": _figure(one.high), "theme": THEME, "told_by": one.name}
        labels = _labels(one.seen.name)
        if one.since:
            labels = {
                f"label_{lang}": made[lang]["year" if one.is_year else "days_since"].format(
                    label=labels[f"label_{lang}"], year=one.since[:4]
                )
                for lang in LANGUAGES
            }
        yield empty | about | labels


def _target(outcome: Outcome) -> dict:
    is_flag = set(outcome.allowed) == {0, 1}
    limits = {"low": 0, "high": 1} if is_flag else {}
    kind = "flag" if is_flag else "category" if outcome.sql == "VARCHAR" else "number"
    return {"name": outcome.name, "kind": kind, "role": "target"} | limits


def _labels(spelt: str) -> dict[str, str]:
    return {f"label_{lang}": names.label(spelt) for lang in LANGUAGES}


def _made_words(lang: str) -> dict[str, str]:
    path = FOLDER / "_common" / "locales" / f"made.{lang}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _figure(amount: float | None) -> str:
    return "" if amount is None else f"{amount:.15g}"


def _categories(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the file's own texts, to be put in better words by hand; yes and no are said anyway."""
    return {
        one.name: {value: value for value in one.seen.values}
        for one in plan.choices
        if one.kind == "category"
    }


def _schema(plan: Plan) -> str:
    lines = [f"{quoted(plan.id_column)} {plan.id_choice.sql if plan.id_choice else 'BIGINT'} PRIMARY KEY"]
    allowed = ", ".join(
        literal(value) if isinstance(value, str) else str(value) for value in plan.outcome.allowed
    )
    target = quoted(plan.outcome.name)
    lines.append(f"{target} {plan.outcome.sql} CHECK ({target} IN ({allowed}))")
    for one in plan.choices:
        check = f" CHECK ({quoted(one.name)} IN (0, 1))" if one.sql == "BIGINT" else ""
        lines.append(f"{quoted(one.name)} {one.sql}{check}")
    body = ",\n".join(f"    {line}" for line in lines)
    return f"-- One row per client, as the file gives them.\nCREATE TABLE {TABLE} (\n{body}\n);\n"


def _toml(value: object) -> str:
    """Spell a value in TOML, which spells texts, numbers, truths and lists as JSON does."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_table(about: dict) -> str:
    return "{ " + ", ".join(f"{key} = {_toml(value)}" for key, value in about.items()) + " }"
