"""Which portfolios have a bank."""

from data import portfolios
from data.bank import bank_path, open_bank


def present() -> dict[str, bool]:
    """Return the portfolios that have a bank, each with whether it is synthetic."""
    return {
        name: open_bank(name).meta.synthetic for name in portfolios.available() if bank_path(name).exists()
    }
