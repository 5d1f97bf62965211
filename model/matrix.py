"""From a frame of inputs to the matrix of numbers that boosters read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Encoding:
    """Order of the inputs and codes of their categories.

    ``categories`` maps each text input to its values; the code is the position. Values never
    seen in training, and missing ones, become NaN, which LightGBM reads as missing.
    """

    inputs: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def learn(cls, frame: pl.DataFrame, inputs: Sequence[str]) -> "Encoding":
        """List the categories of the text columns of ``frame`` (outcomes play no part)."""
        texts = [name for name in inputs if frame.schema[name] == pl.String]
        return cls(
            tuple(inputs),
            {name: tuple(sorted(frame[name].drop_nulls().unique().to_list())) for name in texts},
        )

    @cached_property
    def _expressions(self) -> list[pl.Expr]:
        return [self._number(name).fill_null(float("nan")) for name in self.inputs]

    def _number(self, name: str) -> pl.Expr:
        values = self.categories.get(name)
        if not values:
            return pl.col(name).cast(pl.Float64, strict=False)
        codes = [float(code) for code in range(len(values))]
        return pl.col(name).replace_strict(list(values), codes, default=None, return_dtype=pl.Float64)

    def encode(self, frame: pl.DataFrame) -> np.ndarray:
        """Return the matrix of ``frame``, float64, shape ``(rows, inputs)``; missing is NaN."""
        return np.ascontiguousarray(frame.select(self._expressions).to_numpy(), dtype=np.float64)

    def decode(self, name: str, code: float) -> float | str | None:
        """Return the value that ``code`` stands for in column ``name``."""
        if np.isnan(code):
            return None
        return self.categories[name][int(code)] if name in self.categories else float(code)

    def positions(self, names: Sequence[str]) -> np.ndarray:
        """Return the columns of the matrix that hold ``names``."""
        place = {name: index for index, name in enumerate(self.inputs)}
        return np.array([place[name] for name in names], dtype=np.intp)
