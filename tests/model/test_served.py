"""The registered model says what the application says, in this process and in others."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import pandas as pd
import polars as pl
import pytest
from tests_support import Logged, elsewhere, own_store

import config
from data import demo, load, portfolios
from data.bank import bank_path, open_bank
from model import track
from model.assess import assess, assess_record
from model.batch import score_file
from web import answers

PORTFOLIO = "home_credit"
SAID = ("probability", "points", "threshold", "pass_mark", "decision", "base_points", "reasons", "warnings")


@pytest.fixture(autouse=True)
def here(logged) -> Iterator[None]:
    with own_store(logged.store):
        yield


@pytest.fixture(scope="module")
def served(logged):
    """The registered champion, loaded by MLflow in this process."""
    path = sys.path.copy()
    with own_store(logged.store), track.quiet():
        from model.track_store import connected

        with connected():
            import mlflow

            model = mlflow.pyfunc.load_model(f"models:/{PORTFOLIO}@champion")
    sys.path[:] = path
    return model


def told(found, lang: str) -> dict:
    """What the API answers, as far as the served model answers it too."""
    whole = orjson.loads(orjson.dumps(answers.assessment(found, lang), default=float))
    return {name: whole[name] for name in SAID}


def predicted(model, records: list[dict], lang: str = "fr") -> list[dict]:
    with track.quiet():
        rows = model.predict(pd.DataFrame(records), params={"lang": lang}).to_dict("records")
    return [{name: row[name] for name in SAID} for row in rows]


class TestPredictions:
    @pytest.mark.parametrize("lang", ["fr", "en"])
    def test_are_the_assessments_with_their_texts(self, served, clients, lang):
        records = [open_bank(PORTFOLIO).record(client) for client in clients[:40]]
        assert predicted(served, records, lang) == [
            told(assess(PORTFOLIO, one), lang) for one in clients[:40]
        ]

    def test_a_rule_of_the_lender_is_told_apart_from_the_model(self, served):
        income, credit, due = "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY"
        with track.quiet():
            frame = pd.DataFrame([{income: 60_000, credit: 400_000, due: 40_000}])
            (row,) = served.predict(frame, params={"lang": "en"}).to_dict("records")
        found = assess_record(PORTFOLIO, frame.to_dict("records")[0])
        assert (row["decision"], row["proposal"]) == (found.decision, found.proposal)
        (rule,) = row["policy"]
        assert rule["decision"] == "review"
        assert rule["text"]

    def test_what_is_absent_null_or_nan_is_not_provided(self, served):
        credit, income = "AMT_CREDIT", "AMT_INCOME_TOTAL"
        records = [{credit: 400_000}, {credit: 400_000, income: None}, {credit: 400_000, income: np.nan}]
        wanted = told(assess_record(PORTFOLIO, {credit: 400_000}), "fr")
        assert predicted(served, records) == [wanted] * 3

    def test_a_history_counts_as_collected_only_where_it_was(self, served, clients):
        whole = open_bank(PORTFOLIO).record(clients[0])
        given = {name: whole[name] for name in portfolios.load(PORTFOLIO).given if name in whole}
        alone, both = predicted(served, [given])[0], predicted(served, [given, whole])
        assert both[0] == alone
        assert alone["points"] != both[1]["points"]

    def test_whole_numbers_and_empty_columns_are_taken(self, served):
        frame = pd.DataFrame({"AMT_CREDIT": [400_000, 500_000], "OWN_CAR_AGE": [None, None]})
        with track.quiet():
            assert len(served.predict(frame)) == 2

    def test_a_faulty_value_is_named_but_not_repeated(self, served):
        with track.quiet():
            from mlflow.exceptions import MlflowException

            with pytest.raises(MlflowException, match="row 1: AMT_CREDIT: wrong_type") as refused:
                served.predict(pd.DataFrame([{"AMT_CREDIT": 1.0}, {"AMT_CREDIT": "half a million"}]))
        assert "half" not in str(refused.value)

    def test_an_unknown_language_is_refused(self, served):
        with track.quiet(), pytest.raises(Exception, match="expected one of fr, en"):
            served.predict(pd.DataFrame([{"AMT_CREDIT": 1.0}]), params={"lang": "de"})

    def test_its_own_example_is_assessed(self, served, logged):
        with track.quiet():
            (answer,) = served.predict(served.input_example).to_dict("records")
        assert answer["decision"] in {"accept", "review", "refuse"}

    def test_the_signature_names_every_field_and_answer(self, served):
        portfolio = portfolios.load(PORTFOLIO)
        taken = set(served.metadata.get_input_schema().input_names())
        assert set(portfolio.given) - {portfolio.target} <= taken
        assert all(
            set(portfolio.by_source(family)) | {f"covered_{family}"} <= taken for family in portfolio.families
        )
        assert set(SAID) <= set(served.metadata.get_output_schema().input_names())


@pytest.mark.slow
class TestParity:
    def test_model_api_and_score_say_the_same_of_200_clients(self, served, logged, client, tmp_path):
        files, place = tmp_path / "files", tmp_path / "store"
        demo.generate(PORTFOLIO, files, clients=200, seed=99)
        (place / "models").parent.mkdir()
        (place / "models").symlink_to(logged.store / "models")
        with own_store(place):
            load.load_folder(portfolios.load(PORTFOLIO), files, bank_path(PORTFOLIO), synthetic=True)
            score_file(PORTFOLIO, files, tmp_path / "scored.parquet")
            scored = {
                str(row["SK_ID_CURR"]): row for row in pl.read_parquet(tmp_path / "scored.parquet").to_dicts()
            }
            ids = sorted(scored)[:200]
            assert len(ids) == 200
            records = [open_bank(PORTFOLIO).record(one) for one in ids]
            for one, said in zip(ids, predicted(served, records), strict=True):
                answer = client.get(f"/api/v1/{PORTFOLIO}/clients/{one}/assessment?lang=fr").json
                assert said == {name: answer[name] for name in SAID}
                row = scored[one]
                assert (row["points"], row["probability"]) == pytest.approx(
                    (said["points"], said["probability"])
                )
                assert row["decision"] == said["decision"]
                assert [part.partition("=")[0] for part in row["reasons"].split()] == [
                    reason["code"] for reason in said["reasons"]
                ]


@pytest.mark.slow
def test_another_process_elsewhere_says_the_same(logged, clients, tmp_path):
    records = [open_bank(PORTFOLIO).record(one) for one in clients[:20]]
    (tmp_path / "records.json").write_text(json.dumps(records), "utf-8")
    program = (
        "import json, mlflow, pandas as pd;"
        f"model = mlflow.pyfunc.load_model('models:/{PORTFOLIO}@champion');"
        "found = model.predict(pd.DataFrame(json.load(open('records.json'))), params={'lang': 'en'});"
        "import model as room; print(json.dumps([room.__file__, found.to_dict('records')]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=tmp_path, env=elsewhere(logged.store), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    room, found = json.loads(done.stdout.splitlines()[-1])
    assert Path(room).is_relative_to(logged.store), "it used our code, not the copy that came with it"
    wanted = [told(assess(PORTFOLIO, one), "en") for one in clients[:20]]
    assert [{name: row[name] for name in SAID} for row in found] == wanted


@contextlib.contextmanager
def running(logged: Logged, place: Path, *command: str) -> Iterator[str]:
    """Run an MLflow server on this machine and give its address; it ends with all that it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    told = [sys.executable, "-W", "ignore", "-m", "mlflow", *command, "--host", "127.0.0.1", "--port", port]
    with (place / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*told, "--workers", "1"],
            cwd=place, env=elsewhere(logged.store), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the group that it leads, and nothing else
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def waited(address: str, seconds: int = 150) -> None:
    """Wait until the server answers."""
    for _ in range(seconds):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        time.sleep(1)
    pytest.fail("the server does not answer")


def asked(address: str, body: dict) -> tuple[int, dict]:
    request = urllib.request.Request(
        f"{address}/invocations", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


@pytest.mark.slow
def test_mlflow_models_serve_answers_with_the_same_numbers(logged, clients, tmp_path):
    command = ("models", "serve", "-m", f"models:/{PORTFOLIO}@champion", "--env-manager", "local")
    records = [open_bank(PORTFOLIO).record(one) for one in clients[:20]]
    with running(logged, tmp_path, *command) as address:
        waited(address)
        status, answer = asked(address, {"dataframe_records": records, "params": {"lang": "en"}})
        refused, faults = asked(address, {"dataframe_records": [{"AMT_CREDIT": "x"}]})
    assert status == 200, answer
    wanted = [told(assess(PORTFOLIO, one), "en") for one in clients[:20]]
    assert [{name: row[name] for name in SAID} for row in answer["predictions"]] == wanted
    assert refused == 400
    assert "AMT_CREDIT: wrong_type" in faults["message"]


@pytest.mark.slow
def test_a_model_goes_through_a_tracking_server_and_back(logged, clients, tmp_path, monkeypatch):
    said = assess(PORTFOLIO, clients[0])
    kept = ("--backend-store-uri", f"sqlite:///{tmp_path / 'server.db'}")
    kept += ("--artifacts-destination", str(tmp_path / "kept"))
    with running(logged, tmp_path, "server", *kept) as address:
        waited(address)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
        config.settings.cache_clear()
        record = track.log_training(PORTFOLIO, "1", with_population=True)
        place = tmp_path / "store"
        place.mkdir()
        (place / "banks").symlink_to(logged.store / "banks")
        with own_store(place):
            pulled = track.pull(f"models:/{PORTFOLIO}@champion")
            assert (pulled.version, pulled.in_service, pulled.remarks) == (record.registered, True, ())
            assert assess(PORTFOLIO, clients[0]) == said
    assert (tmp_path / "kept").is_dir()
