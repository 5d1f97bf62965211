"""Who may use the application: accounts, their roles, and passwords kept as Argon2 hashes.

Whatever ends what an account may do (a new password, other roles, its closing) raises its
``epoch``: sessions carry the epoch that they began with, and end when it has moved on.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from data.ledger import store
from data.ledger.drafts import is_kept
from data.ledger.tables import accounts

ROLES = ("advisor", "manager", "admin")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_RESERVED = "demo-"
# Memory as the OWASP password storage cheat sheet asks at least (19 MiB, two passes); two at a time,
# so that a rush of logins does not take the memory of a small host.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)


class AccountInvalid(ValueError):
    """An account that can't be kept as asked; the message says why, and repeats no password."""


class UnknownAccount(LookupError):
    """There is no account of that name."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account; ``subject`` is who it is at the identity provider, when it comes from there."""

    name: str
    roles: frozenset[str]
    created: datetime
    disabled: datetime | None
    epoch: int
    subject: str | None
    has_password: bool


def add(
    name: str, roles: Collection[str], password: str | None = None, subject: str | None = None
) -> Account:
    """Make an account and return it.

    Raises
    ------
    AccountInvalid
        When the name, a role or the password is not acceptable, or the name or subject is taken.
    """
    name, known = _name(name), _roles(roles)
    if password is None and not subject:
        raise AccountInvalid("a password, or a subject at the identity provider, is needed")
    row = {
        "name": name,
        "password_hash": None if password is None else _hash(_password(password, name)),
        "roles": known,
        "created": datetime.now(UTC).replace(microsecond=0),
        "disabled": None,
        "epoch": 1,
        "subject": subject or None,
    }
    try:
        with store.writing() as connection:
            connection.execute(insert(accounts).values(**row))
    except IntegrityError:
        raise AccountInvalid(f"{name}: there is already an account of that name or subject") from None
    return get(name)


def get(name: str) -> Account:
    """Return an account.

    Raises
    ------
    UnknownAccount
        When there is none of that name.
    """
    found = _found(accounts.c.name == name)
    if not found:
        raise UnknownAccount(f"{name}: no such account")
    return found[0]


def of_subject(subject: str) -> Account | None:
    """Return the account of somebody known to the identity provider, if there is one."""
    found = _found(accounts.c.subject == subject)
    return found[0] if found else None


def all() -> list[Account]:
    """Return every account, by name."""
    return _found()


def check(name: str, password: str) -> Account | None:
    """Return the account if this is its password and it is open, else nothing.

    An unknown name, an account without a password and a wrong password all take the same time.
    """
    name = name.strip().lower() if isinstance(name, str) and is_kept(name) else ""
    with store.reading() as connection:
        asked = select(accounts).where(accounts.c.name == name)
        row = connection.execute(asked).mappings().first()
    kept = row["password_hash"] if row else None
    is_right = _verifies(kept or _nobody(), password)
    if not is_right or not kept or row["disabled"] is not None:
        return None
    if _HASHER.check_needs_rehash(kept):
        with store.writing() as connection:
            same = (accounts.c.name == name, accounts.c.password_hash == kept)
            connection.execute(update(accounts).where(*same).values(password_hash=_hash(_normal(password))))
    return _account(row)


def set_password(name: str, password: str) -> None:
    """Give an account another password; its sessions end."""
    _change(name, password_hash=_hash(_password(password, name)))


def set_roles(name: str, roles: Collection[str]) -> None:
    """Give an account other roles; its sessions end."""
    _change(name, roles=_roles(roles))


def disable(name: str) -> None:
    """Close an account; its sessions end, and tokens that it answers for are refused."""
    _change(name, disabled=datetime.now(UTC).replace(microsecond=0))


def enable(name: str) -> None:
    """Open a closed account again."""
    _change(name, disabled=None)


def _change(name: str, **values: object) -> None:
    with store.writing() as connection:
        raised = update(accounts).where(accounts.c.name == name).values(epoch=accounts.c.epoch + 1, **values)
        if connection.execute(raised).rowcount == 0:
            raise UnknownAccount(f"{name}: no such account")


def _found(*conditions: ColumnElement[bool]) -> list[Account]:
    with store.reading() as connection:
        rows = connection.execute(select(accounts).where(*conditions).order_by(accounts.c.name)).mappings()
        return [_account(row) for row in rows]


def _account(row: RowMapping) -> Account:
    given = {name: row[name] for name in ("name", "created", "disabled", "epoch", "subject")}
    return Account(**given, roles=frozenset(row["roles"]), has_password=row["password_hash"] is not None)


def _name(name: str) -> str:
    name = name.strip().lower()
    if not _NAME.fullmatch(name) or name.startswith(_RESERVED):
        raise AccountInvalid(
            f"{name!r}: a name has up to 64 of the letters a to z, digits and . _ @ -, begins with a letter "
            f"or digit, and not with {_RESERVED!r}"
        )
    return name


def _roles(roles: Collection[str]) -> list[str]:
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        said = f"{unknown[0]!r} is no role; " if unknown else ""
        raise AccountInvalid(f"{said}give at least one of {', '.join(ROLES)}")
    return sorted(set(roles))


def _password(password: str, name: str) -> str:
    password = _normal(password)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountInvalid(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if name in password.lower() or len(set(password)) < 5:
        raise AccountInvalid(
            "the password is too easy to guess: it holds the name, or repeats few characters"
        )
    return password


def _normal(password: str) -> str:
    """Return a password as it is hashed: the same letters, however the keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def _verifies(kept: str, password: str) -> bool:
    # A password too long to be anyone's is not hashed whole: its length would be felt.
    tried = _normal(password[: LONGEST_PASSWORD + 1]) if isinstance(password, str) else ""
    try:
        with _AT_ONCE:
            return _HASHER.verify(kept, tried)
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


@cache
def _nobody() -> str:
    """Return the hash that an unknown name is checked against."""
    return _hash("the password of nobody")
