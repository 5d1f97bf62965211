"""MLflow on another tracking store for a while, asked by its own client."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

import config
from model import track

PORTFOLIO = "home_credit"
run = CliRunner().invoke


@contextmanager
def tracking(address: str) -> Iterator[None]:
    """Use another tracking store for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", address)
        config.settings.cache_clear()
        yield
    config.settings.cache_clear()


@contextmanager
def client() -> Iterator:
    """MLflow's own client on the tracking store of the moment."""
    with track.quiet():
        from model.track_store import connected

        with connected() as found:
            yield found


def artifacts(found, run_id: str, folder: str = "") -> set[str]:
    return {one.path for one in found.list_artifacts(run_id, folder)}
