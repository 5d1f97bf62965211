"""What rows need before a model that adds up or measures distances. Never imported by the web process.

Everything here learns from the rows it is fitted on: inside a pipeline, the training rows of a fold.
"""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, StandardScaler

_RARE = 0.01  # share below which the values of a category are taken together
_UNKNOWN = 999.0  # code of a category that is missing; LightGBM takes a negative one for no value at all


def for_sums(columns: int, codes: tuple[int, ...], seed: int) -> ColumnTransformer:
    """Return what a weighted sum needs: comparable numbers, marked where they were missing.

    Numbers become normal scores by rank, so that one huge income does not decide; categories become
    one column each, the rare ones together, a missing one as a value.
    """
    numbers = make_pipeline(
        QuantileTransformer(
            n_quantiles=100, output_distribution="normal", subsample=20_000, random_state=seed
        ),
        StandardScaler(),
        SimpleImputer(strategy="median", add_indicator=True),
    )
    categories = make_pipeline(
        SimpleImputer(strategy="constant", fill_value=_UNKNOWN),
        OneHotEncoder(min_frequency=_RARE, handle_unknown="infrequent_if_exist", sparse_output=False),
    )
    return _both(numbers, categories, columns, codes)


def for_distances(columns: int, codes: tuple[int, ...]) -> tuple[ColumnTransformer, tuple[int, ...]]:
    """Return what distances between rows need, and where the categories stand afterwards.

    Distances know no missing value: numbers take the median, categories a code of their own.
    """
    numbers = make_pipeline(StandardScaler(), SimpleImputer(strategy="median"))
    categories = SimpleImputer(strategy="constant", fill_value=_UNKNOWN)
    after = tuple(range(columns - len(codes), columns))
    return _both(numbers, categories, columns, codes), after


def _both(numbers, categories, columns: int, codes: tuple[int, ...]) -> ColumnTransformer:
    others = np.setdiff1d(np.arange(columns), codes).tolist()
    return ColumnTransformer([("numbers", numbers, others), ("categories", categories, list(codes))])
