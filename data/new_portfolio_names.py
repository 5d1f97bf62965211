"""Names: safe ones for the house, and what a column's own name says of it, in English and French."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import pairwise

LONGEST = 60
# What banks and the API call something else by.
TAKEN = {"client_id", "outcome", "record", "client", "clients", "line", "labelled"}
PREFIXES = ("covered_",)

PROTECTED = {
    *("sex", "sexe", "gender", "genre", "age", "ages", "birth", "birthdate", "birthday", "dob", "born"),
    *("naissance", "marital", "matrimonial", "matrimoniale", "civil", "civilite", "civility", "married"),
    *("nationality", "nationalite", "citizenship", "religion", "ethnic", "ethnicity", "ethnie", "race"),
    *("foreign", "foreigner", "etranger", "etrangere", "handicap", "disability", "pregnancy", "pregnant"),
}
PROTECTED_PAIRS = (
    ("family", "status"),
    ("situation", "familiale"),
    ("etat", "civil"),
    ("personal", "status"),
)
AMOUNTS = {
    *(
        "amount",
        "amt",
        "income",
        "salary",
        "wage",
        "salaire",
        "revenu",
        "revenus",
        "montant",
        "price",
        "prix",
    ),
    *("balance", "solde", "loyer", "rent_amount", "mensualite", "dette", "cost", "cout"),
}
# What people have is not what is at stake when a file is decided.
INCOMES = {"income", "salary", "wage", "salaire", "revenu", "revenus", "balance", "solde", "rent", "loyer"}
# A number of amounts, or a share of one, is no amount.
NO_AMOUNT = {
    *("number", "nb", "nbr", "nombre", "count", "cnt", "n", "rate", "ratio", "taux", "share", "part", "pct"),
    *("percent", "percentage", "idx", "index", "type", "class", "level", "status", "flag", "band"),
}
AGES = {"age", "ages"}
IDS = {"id", "ids", "identifier", "identifiant", "uuid", "guid", "key", "cle", "ref", "reference", "unnamed"}
IDS |= {"numero", "no", "num", "siren", "siret", "iban", "row", "rownum", "ligne", "index", "dossier"}


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each name of a file one that is safe everywhere: ASCII letters, digits and ``_``."""
    given: dict[str, str] = {}
    used: set[str] = set()
    for place, name in enumerate(names, start=1):
        safe = free(_safe(name) or f"column_{place}", used)
        used.add(safe.casefold())
        given[name] = safe
    return given


def free(name: str, used: Collection[str]) -> str:
    """Return a name that none of ``used``, in lower case, bears: with a number behind it where one does."""
    tried, count = name, 1
    while tried.casefold() in used:
        count += 1
        tried = f"{name}_{count}"
    return tried


def words(name: str) -> tuple[str, ...]:
    """Return the words of a column's name, plain and in lower case: ``MonthlyIncome`` is two."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", _plain(name))
    return tuple(re.findall(r"[a-z]+|\d+", parted.lower()))


def label(name: str) -> str:
    """Return a column's name as a person would write it: ``emp.var.rate`` becomes ``Emp var rate``."""
    if " " in name.strip():
        return name.strip()
    parted = re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z][a-z])", " ", name)
    said = [part if part.isupper() and len(parted.split()) > 1 else part.lower() for part in parted.split()]
    text = " ".join(re.sub(r"[_.]+", " ", " ".join(said)).split())
    return text[:1].upper() + text[1:] or name


def is_protected(name: str) -> bool:
    """Whether a name says that a column tells sex, age, family, origin or the like."""
    said = words(name)
    return bool(PROTECTED & set(said)) or any(_follow(said, pair) for pair in PROTECTED_PAIRS)


def is_amount(name: str) -> bool:
    """Whether a name says that a column holds amounts of money."""
    said = set(words(name))
    return bool(AMOUNTS & said) and not NO_AMOUNT & said


def is_income(name: str) -> bool:
    """Whether a name says that amounts are what people have or earn."""
    return bool(INCOMES & set(words(name)))


def is_age(name: str) -> bool:
    """Whether a name says that a column holds ages."""
    return bool(AGES & set(words(name)))


def is_id(name: str) -> bool:
    """Whether a name says that a column names its line."""
    return bool(IDS & set(words(name)))


def _follow(said: tuple[str, ...], pair: tuple[str, str]) -> bool:
    return pair in pairwise(said)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")


def _safe(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "_", _plain(name)).strip("_")[:LONGEST].strip("_")
    if not plain:
        return ""
    if plain[0].isdigit():
        plain = f"c_{plain}"
    is_taken = plain.casefold() in TAKEN or plain.casefold().startswith(PREFIXES)
    return f"{plain}_in_file" if is_taken else plain
