"""Which portfolios have a bank that can be read."""

import logging

from data import portfolios
from data.bank import BankLocked, BankMissing, BankUnreadable, open_bank

log = logging.getLogger(__name__)


def present() -> dict[str, bool]:
    """Return the portfolios whose bank can be read, each with whether it is synthetic.

    One that cannot be read (damaged, of another version, encrypted with another key) is left
    out and said in the log, so that the other portfolios stay open.
    """
    found = {}
    for name in portfolios.available():
        try:
            found[name] = open_bank(name).meta.synthetic
        except BankMissing:
            continue
        except (BankLocked, BankUnreadable) as error:
            log.error("the bank of %s cannot be read: %s", name, error)
    return found
