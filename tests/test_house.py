"""The rules of the house, read from its own files."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import Settings

ROOT = Path(__file__).parent.parent
ROOMS = ("app", "pages", "components", "web", "model", "data", "config")

# Who may import whom: arrows only go down.
BELOW = {
    "app": {"pages", "components", "web", "model", "data", "config"},
    "pages": {"pages", "components", "web", "model", "data"},
    "components": {"components", "model.results", "model.drift_results", "data.portfolios"},
    # `web` stands beside `components` and takes its words, never its screens.
    "web": {
        "web",
        "components.i18n",
        "components.formats",
        "components.offers_said",
        "components.proposals",
        "components.said",
        "components.sentences",
        "model",
        "data",
        "config",
    },
    "model": {"model", "data", "config"},
    "data": {"data", "config"},
    "config": set(),
}
# scipy is not here: LightGBM cannot be imported without it.
HEAVY = (
    "evidently",
    "shap",
    "mlflow",
    "optuna",
    "sklearn",
    "fairlearn",
    "pandas",
    "pyarrow",
    "imblearn",
    "optbinning",
)
TRAINING = (
    "model.train",
    "model.fitting",
    "model.validation",
    "model.evidence",
    "model.metrics",
    "model.curves",
    "model.effects",
    "model.cells",
    "model.partners",
    "model.drift_report",
    "model.fairness",
    "model.protected",
    "model.account",
    "model.extras",
    "model.candidates",
    "model.candidates_made",
    "model.candidates_judged",
    "model.trained",
    "model.lab",
    "model.refit",
    "model.learning",
    "model.ablation",
    "model.seeds",
    "model.signs",
    "model.fewer",
    "model.importance",
    "model.evidence_command",
    "model.threshold",
    "model.track",
    "model.track_figures",
    "model.track_models",
    "model.track_runs",
    "model.track_store",
    "model.track_study",
    "model.split",
    "model.segments_training",
    "model.tested",
    "model.offers_training",
    "model.offers_judged",
    "model.offers_compared",
    "model.rebuild",
    "model.track_pull",
    "model.commands_track",
    "model.tune",
    "model.tune_bench",
    "model.tune_check",
    "model.tune_command",
    "model.tune_judge",
    "model.tune_run",
    "model.tune_space",
    "model.tune_study",
    "model.compare",
    "model.compare_bench",
    "model.compare_judged",
    "model.compare_made",
    "model.compare_rows",
    "model.compare_search",
    "web.served",
    "data.load",
)


def python_files(*rooms: str) -> list[Path]:
    files = []
    for room in rooms:
        single = ROOT / f"{room}.py"
        files += [single] if single.exists() else sorted((ROOT / room).rglob("*.py"))
    return files


def imports(path: Path) -> set[str]:
    """Return the full dotted names that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_within(name: str, allowed: set[str]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)


@pytest.mark.parametrize("path", python_files(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
class TestEveryFile:
    def test_imports_only_rooms_below_its_own(self, path):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        ours = {name for name in imports(path) if name.split(".")[0] in ROOMS}
        wrong = {name for name in ours if not is_within(name, BELOW[room])}
        assert not wrong, f"{path.name} in {room} may not import {wrong}"

    def test_holds_at_most_300_lines(self, path):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300

    def test_leaves_the_environment_to_config(self, path):
        if path.name == "config.py":
            return
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"os\.(environ|getenv)", text)


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_what_tests_and_measures_holds_at_most_300_lines_too(folder):
    files = {path: path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")}
    assert files
    assert not [path.name for path, text in files.items() if len(text.splitlines()) > 300]


def test_no_page_imports_a_page():
    # What pages share stands in files that begin with an underscore, which are no pages.
    for path in python_files("pages"):
        taken = [name.split(".") for name in imports(path) if name.startswith("pages.")]
        assert all(name[1].startswith("_") for name in taken), path.name


@pytest.mark.parametrize("name", ["home_credit", "prospects"])
def test_nothing_outside_a_portfolio_names_one_of_its_columns(name):
    from data import portfolios

    # Tables whose names are no ordinary words besides, such as "offer" is.
    tables = {"bureau_balance", "POS_CASH_balance", "credit_card_balance", "installments_payments"}
    own = set(portfolios.load(name).columns) | (tables if name == "home_credit" else set())
    for path in python_files(*ROOMS):
        if name in path.parts:
            continue
        named = set(re.findall(r"\b[A-Za-z_0-9]{3,}\b", path.read_text(encoding="utf-8"))) & own
        assert not named, f"{path.relative_to(ROOT)} names {named}"


def test_the_web_process_never_loads_what_only_training_needs(store):
    program = (
        "import sys, app; app.server.test_client().get('/health');"
        f"print([n for n in {HEAVY + TRAINING!r} if n in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"STORE_DIR": str(store), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=400,
    )
    assert found.stdout.strip().splitlines()[-1] == "[]"


def locale_files() -> dict[str, dict[str, dict]]:
    found: dict[str, dict[str, dict]] = {}
    for path in sorted(ROOT.glob("components/locales/*.json")):
        stem = path.stem.split(".")
        found.setdefault(stem[0] if len(stem) == 2 else "", {})[stem[-1]] = json.loads(
            path.read_text("utf-8")
        )
    return found


def flat(tree: dict, prefix: str = "") -> set[str]:
    keys = set()
    for key, value in tree.items():
        keys |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key}
    return keys


@pytest.mark.parametrize("name", sorted(locale_files()))
def test_french_and_english_hold_the_same_keys(name):
    languages = locale_files()[name]
    assert flat(languages["fr"]) == flat(languages["en"])


def test_portfolio_words_hold_the_same_keys_in_both_languages():
    for folder in ROOT.glob("data/portfolios/*/locales"):
        french, english = (json.loads((folder / f"{lang}.json").read_text("utf-8")) for lang in ("fr", "en"))
        assert flat(french) == flat(english), folder


def test_every_key_that_is_used_exists():
    known = set().union(*(flat(languages["fr"]) for languages in locale_files().values()))
    used = set()
    for path in python_files("pages", "components", "web"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called == "t" and isinstance(node.args[0].value, str):
                    used.add(node.args[0].value)
    assert used, "no call of t() was found: this test looks in the wrong place"
    assert not used - known


def test_every_setting_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in readme]
    assert not missing


def test_every_setting_says_what_it_does():
    assert all(field.description for field in Settings.model_fields.values())


def test_pages_ask_no_other_host_for_anything():
    for path in [
        *ROOT.glob("assets/*.css"),
        *ROOT.glob("assets/*.js"),
        *python_files("components", "pages", "web"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href|url)\s*[=(:]\s*["']?https?://""", text), path.name


class TestPins:
    def test_every_requirement_is_pinned(self):
        for name in ("requirements-web.txt", "requirements.txt", "requirements-dev.txt"):
            for line in (ROOT / name).read_text().splitlines():
                wanted = line.split("#")[0].strip()
                assert not wanted or wanted.startswith("-r") or "==" in wanted, line

    def test_what_is_not_used_by_the_web_still_imports_together(self):
        program = "import evidently, shap, lightgbm, dash, pandas, plotly"
        subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=400)


class TestProduction:
    def test_refuses_to_start_without_a_secret(self):
        with pytest.raises(ValueError, match="SECRET_KEY"):
            Settings(app_env="production", secret_key="short")

    def test_starts_with_a_long_one(self):
        assert Settings(app_env="production", secret_key="x" * 32).app_env == "production"
