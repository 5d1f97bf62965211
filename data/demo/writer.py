"""Tables written chunk by chunk, so that a bank of any size fits in memory."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

_ARROW = {pl.Int64: pa.int64(), pl.Float64: pa.float64(), pl.String: pa.string()}


class Tables:
    """One Parquet file a table, in the columns and types of ``schemas``, closed together."""

    def __init__(self, folder: Path, schemas: Mapping[str, Mapping[str, type[pl.DataType]]]):
        folder.mkdir(parents=True, exist_ok=True)
        self._schemas = schemas
        self._files = {
            name: pq.ParquetWriter(
                folder / f"{name}.parquet",
                pa.schema([(item, _ARROW[kind]) for item, kind in schema.items()]),
                compression="zstd",
                compression_level=1,
            )
            for name, schema in schemas.items()
        }

    def write(self, name: str, columns: Mapping[str, np.ndarray | pl.Series]) -> None:
        """Append rows: every column of the schema, NaN for what is missing."""
        schema = self._schemas[name]
        absent = [item for item in schema if item not in columns]
        if absent:
            raise ValueError(f"{name}: no values for {', '.join(absent)}")
        frame = pl.DataFrame([column(item, columns[item], kind) for item, kind in schema.items()])
        self._files[name].write_table(frame.to_arrow().cast(self._files[name].schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()


def column(name: str, values: np.ndarray | pl.Series, kind: type[pl.DataType]) -> pl.Series:
    """Return values as a column of the given type: NaN (or None among text) becomes missing."""
    if isinstance(values, pl.Series):
        return values.alias(name).cast(kind)
    if kind == pl.String:
        return pl.Series(name, values.tolist(), dtype=pl.String)
    series = pl.Series(name, values).cast(kind)
    return series.fill_nan(None) if kind == pl.Float64 else series
