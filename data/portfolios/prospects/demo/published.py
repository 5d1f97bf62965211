"""What was published of the population, read from ``published.toml`` beside."""

import tomllib
from pathlib import Path

FIGURES: dict[str, dict[str, float]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
