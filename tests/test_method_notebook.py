"""``docs/method.ipynb`` opens, shows what it showed when it was run, and still runs."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATH = ROOT / "docs" / "method.ipynb"
MOST_BYTES = 400_000
# From the root of a disk; neither the end of a tag nor the middle of an address.
ABSOLUTE_PATH = re.compile(r"(?<![\w<./])/[\w.-]+/|(?<=\\n)/[\w.-]+/|\b[A-Z]:\\\\")


@pytest.fixture(scope="module")
def cells() -> list[dict]:
    return json.loads(PATH.read_text(encoding="utf-8"))["cells"]


def test_is_small_and_one_that_jupyter_opens():
    import nbformat

    nbformat.validate(nbformat.read(PATH, as_version=4))
    assert PATH.stat().st_size < MOST_BYTES


def test_was_run_from_top_to_bottom_without_a_fault(cells):
    ran = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in ran] == list(range(1, len(ran) + 1))
    outputs = [output for cell in ran for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"stream", "display_data", "execute_result"}
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 4


def test_tells_each_part_in_english_under_a_line_of_french(cells):
    parts = ["".join(cell["source"]) for cell in cells if "".join(cell["source"]).startswith("## ")]
    titles = [part.splitlines()[0].partition(". ")[2] for part in parts]
    assert titles == [
        "Exploration",
        "Cleaning",
        "Features",
        "Modelling",
        "Imbalance and cost",
        "Interpretation",
        "Limits",
    ]
    assert all(re.fullmatch(r"\*.+\*", part.splitlines()[1]) for part in parts)


def test_names_no_folder_of_the_machine_that_ran_it(cells):
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    pictures = {"image/png"}
    read = [
        output | {"data": {kind: one for kind, one in output.get("data", {}).items() if kind not in pictures}}
        for output in outputs
    ]
    assert not ABSOLUTE_PATH.search(json.dumps(read, ensure_ascii=False))


@pytest.mark.parametrize(
    "told", ["at /srv/anyone/bank.duckdb", '"/opt/python/lib"', r"C:\\Users", r"line\n/var/x"]
)
def test_any_folder_of_a_machine_would_be_seen(told):
    assert ABSOLUTE_PATH.search(told)


def test_copies_nothing_of_the_code(cells):
    """It asks the project: whoever computes AUC, costs or contributions anew may contradict it."""
    code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert not re.search(
        r"import (sklearn|shap|lightgbm|imblearn)|from (sklearn|shap|lightgbm|imblearn)", code
    )


@pytest.mark.slow
def test_runs(store):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(PATH, as_version=4)
    # The folder it lies in is where Jupyter would start it; the store comes with the environment.
    place = {"metadata": {"path": str(PATH.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert "refused files have a proposal" in last.outputs[-1]["data"]["text/plain"]
