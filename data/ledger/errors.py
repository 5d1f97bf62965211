"""Why the ledger cannot be used."""


class LedgerUnavailable(OSError):
    """The ledger does not answer, or cannot be written; nothing was recorded."""


class LedgerNewer(LedgerUnavailable):
    """The ledger was written by a later Limpide, whose tables this one does not know."""
