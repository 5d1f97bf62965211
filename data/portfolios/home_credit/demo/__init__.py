"""The Home Credit part of the demo: how its profile is measured and its bank drawn."""

from data.portfolios.home_credit.demo.bank import draw_bank
from data.portfolios.home_credit.demo.measure import measure_folder as measure

__all__ = ["draw_bank", "measure"]
