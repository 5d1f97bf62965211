"""A model as MLflow serves it: the same assessment as the API, through the same door.

MLflow runs this file when it loads a registered model ("models from code"), with a copy of our
rooms beside it, so nothing here may look for a store, a bank or a setting. The application never
imports it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel, PythonModelContext

from components.i18n import LANGUAGES
from components.sentences import policy_text, reasons_told, warnings_told
from data import portfolios
from data.portfolios import Portfolio
from model import artifact
from model.assess import assess_with
from model.results import Assessment, InvalidRecords, Value

ARTIFACT = "artifact"  # the folder of the trained version among what MLflow keeps with the model
LANG = "lang"


class Served(PythonModel):
    """The assessment of one record per row (see :meth:`predict`)."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the trained version that lies with the model; every file is checked by its hash."""
        self.model = artifact.load(Path(context.artifacts[ARTIFACT]))
        self.portfolio = portfolios.load(self.model.card["portfolio"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict | None = None
    ) -> pd.DataFrame:
        """Assess records.

        Parameters
        ----------
        model_input : pandas.DataFrame
            One record per row, as the API takes them: given columns, stored history columns and
            ``covered_<family>``. A column that is absent, null or NaN is not provided.
        params : {"lang": "fr" or "en"}

        Returns
        -------
        pandas.DataFrame
            One row per record, in their order: what the API answers, with reasons and warnings as
            lists of objects.

        Raises
        ------
        mlflow.exceptions.MlflowException
            With every fault of every row, when one cannot be assessed; its values are not repeated.
        """
        lang = (params or {}).get(LANG, LANGUAGES[0])
        if lang not in LANGUAGES:
            raise MlflowException.invalid_parameter_value(f"lang: expected one of {', '.join(LANGUAGES)}")
        records = [_record(row) for row in model_input.to_dict("records")]
        ids = [record.get(self.portfolio.id_column) for record in records]
        try:
            found = assess_with(self.model, records, [None if one is None else str(one) for one in ids])
        except InvalidRecords as error:
            raise MlflowException.invalid_parameter_value(_faults(error)) from None
        return pd.DataFrame([_answer(self.portfolio, one, lang) for one in found])


def _record(row: Mapping[str, object]) -> dict[str, Value]:
    """Return a row as a record: pandas' numbers as Python's, its missing values as none."""
    plain = {name: value.item() if hasattr(value, "item") else value for name, value in row.items()}
    return {name: None if _is_missing(value) else value for name, value in plain.items()}


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value  # NaN alone differs from itself


def _answer(portfolio: Portfolio, found: Assessment, lang: str) -> dict:
    return {
        "client_id": found.client_id,
        "model_version": found.model_version,
        "probability": found.probability,
        "points": found.points,
        "threshold": found.threshold,
        "pass_mark": found.pass_mark,
        "decision": portfolio.code(found.decision),
        "proposal": portfolio.code(found.proposal),
        "base_points": found.base_points,
        "policy": [
            {
                "code": rule.code,
                "decision": portfolio.code(rule.decision),
                "text": policy_text(portfolio, rule, lang),
            }
            for rule in found.policy
        ],
        "reasons": reasons_told(portfolio, found, lang),
        "warnings": warnings_told(portfolio, found, lang),
    } | _offers(portfolio, found)


def _offers(portfolio: Portfolio, found: Assessment) -> dict:
    """Return the likeliest offers of a file, where the portfolio makes some; None unless accepted."""
    if "offers" not in portfolio.settings:
        return {}
    return {"offers": None if found.offers is None else asdict(found.offers)}


def _faults(error: InvalidRecords) -> str:
    """Return every fault by row: field, code and what was expected, never the value."""
    return "; ".join(
        f"row {index}: {fault.field}: {fault.code} (expected {fault.expected})"
        for index, faults in error.by_index.items()
        for fault in faults
    )


set_model(Served())
