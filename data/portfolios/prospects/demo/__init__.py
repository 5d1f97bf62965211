"""The demo of the prospects: a CRM drawn from what was published of a real one, never from its rows."""

from data.portfolios.prospects.demo.bank import draw_bank

__all__ = ["draw_bank"]
