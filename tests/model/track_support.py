"""MLflow on another tracking store for a while, asked by its own client."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from tests_support import setting
from typer.testing import CliRunner

from model import track

PORTFOLIO = "home_credit"
run = CliRunner().invoke


def tracking(address: str) -> AbstractContextManager[None]:
    """Use another tracking store for a while."""
    return setting("MLFLOW_TRACKING_URI", address)


@contextmanager
def client() -> Iterator:
    """MLflow's own client on the tracking store of the moment."""
    with track.quiet():
        from model.track_store import connected

        with connected() as found:
            yield found


def artifacts(found, run_id: str, folder: str = "") -> set[str]:
    return {one.path for one in found.list_artifacts(run_id, folder)}
