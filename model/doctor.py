"""Is this installation sound? One line per check, with the remedy beside each problem."""

from collections.abc import Iterator
from dataclasses import dataclass

from data import portfolios
from data.bank import open_bank
from model import artifact
from model.assess import assess
from model.provenance import fingerprint

CLIENTS = 25


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    ok: bool
    what: str


def examine(portfolio_id: str) -> Iterator[Finding]:
    """Check bank, model and their agreement, and assess a few clients for real."""
    portfolio = portfolios.load(portfolio_id)
    try:
        bank = open_bank(portfolio_id)
    except (OSError, ValueError) as error:
        yield Finding(False, f"bank: {error}")
        return
    kind = "synthetic" if bank.meta.synthetic else "real"
    yield Finding(True, f"bank: {bank.meta.clients} clients ({kind}), {bank.meta.labelled} labelled")
    try:
        model = artifact.champion(portfolio_id)
        for name in model.card["hashes"]:
            artifact.checked(model.folder, model.card, name)
    except (OSError, ValueError) as error:
        yield Finding(False, f"model: {error}")
        return
    area = model.card["metrics"]["auc"]["value"]
    yield Finding(
        True, f"model: version {model.version}, AUC {area:.3f}, {len(model.card['hashes'])} files whole"
    )
    same = model.card["code"] == fingerprint(portfolio)
    yield _agreement(same, "features and settings are those the model was trained on")
    yield _agreement(
        model.card["data"]["fingerprint"] == bank.meta.fingerprint, "bank is the one the model was trained on"
    )
    yield _assessed(portfolio_id, bank)


def _agreement(same: bool, what: str) -> Finding:
    return Finding(same, what if same else f"no longer true that the {what}; train again")


def _assessed(portfolio_id: str, bank) -> Finding:
    clients, _ = bank.search("", limit=CLIENTS)
    for client_id in clients:
        try:
            assess(portfolio_id, client_id)
        except (ArithmeticError, ValueError, LookupError) as error:
            return Finding(False, f"assessment: {type(error).__name__}: {error}")
    return Finding(True, f"assessment: {len(clients)} clients assessed, contributions add up")
