"""The profile of the Home Credit schema, measured on folders of real rows."""

import logging
from pathlib import Path

import polars as pl

from data.demo import copula, scorecard
from data.demo.traits import measure
from data.portfolios.home_credit.demo.applicant_traits import large_organisations, specification, traits

LOG = logging.getLogger(__name__)


def measure_folder(folder: Path) -> dict:
    """Return the profile of the real rows under ``folder`` (``wide``, ``history``, ``deep``, ``sample``)."""
    applications = pl.read_parquet(folder / "wide" / "application_train.parquet")
    large = large_organisations(applications)
    frame = traits(applications, large).with_columns(risk=applications["TARGET"])
    specified = specification(frame)
    LOG.info("measuring %d traits of %d applications", len(specified), len(frame))
    measured = {trait.name: measure(trait, frame) for trait in specified}
    correlation = copula.latent_correlation(list(measured.values()))
    return {
        "large_organisations": large,
        "applicant": {name: scored.summary for name, scored in measured.items()},
        "correlation": copula.pack(correlation),
        "scorecard": scorecard.fit(frame.select(list(measured)), frame["risk"].to_numpy()),
    }
