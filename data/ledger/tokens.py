"""Tokens by which other systems call the API: shown once, kept as a hash, each with its scopes."""

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from data.ledger import accounts as people
from data.ledger import store
from data.ledger.tables import accounts, api_tokens

SCOPES = ("read", "assess", "decide", "review", "drift")
# Before a token's name, where the ledger says who acted: no account's name holds a colon.
ACCOUNT = "token:"
PREFIX = "limpide_"  # so that a scanner of leaked secrets can know one
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NOTED = timedelta(minutes=10)


class TokenInvalid(ValueError):
    """A token that can't be made as asked."""


class UnknownToken(LookupError):
    """There is no token of that number."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, without its secret.

    Attributes
    ----------
    owner : the account that answers for it; empty when made from the command line alone
    owner_roles : what that account may do, or None without one
    """

    id: int
    name: str
    scopes: frozenset[str]
    created: datetime
    owner: str
    owner_roles: frozenset[str] | None
    revoked: datetime | None
    last_used: datetime | None


def create(name: str, scopes: Collection[str], owner: str = "") -> tuple[Token, str]:
    """Make a token and return it with its secret, which nobody can be told again.

    Raises
    ------
    TokenInvalid
        When the name or a scope is not acceptable.
    data.ledger.accounts.UnknownAccount
        When ``owner`` is no account.
    """
    if not _NAME.fullmatch(name):
        raise TokenInvalid(f"{name!r}: a name has up to 64 of the letters a to z, digits and . _ -")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        said = f"{unknown[0]!r} is no scope; " if unknown else ""
        raise TokenInvalid(f"{said}give at least one of {', '.join(SCOPES)}")
    if owner:
        people.get(owner)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = {
        "name": name,
        "hash": _hash(secret),
        "scopes": sorted(set(scopes)),
        "created": datetime.now(UTC).replace(microsecond=0),
        "created_by": owner,
    }
    with store.writing() as connection:
        number = connection.execute(insert(api_tokens).values(**row)).inserted_primary_key[0]
    return next(token for token in all() if token.id == number), secret


def check(secret: str) -> Token | None:
    """Return the token of a secret, unless it was revoked or the account that answers for it is closed."""
    with store.reading() as connection:
        row = connection.execute(_asked().where(api_tokens.c.hash == _hash(secret))).mappings().first()
    if row is None or row["revoked"] is not None or row["owner_disabled"] is not None:
        return None
    if row["created_by"] and row["owner_roles"] is None:
        return None  # who answered for it is no account any more
    token = _token(row)
    now = datetime.now(UTC)
    if token.last_used is None or now - token.last_used > _NOTED:
        with store.writing() as connection:
            connection.execute(update(api_tokens).where(api_tokens.c.id == token.id).values(last_used=now))
    return token


def revoke(token_id: int) -> None:
    """Revoke a token: from now on it is refused. One that was revoked keeps its date.

    Raises
    ------
    UnknownToken
        When there is none of that number.
    """
    if token_id not in {token.id for token in all()}:
        raise UnknownToken(f"{token_id}: no such token")
    with store.writing() as connection:
        going = (api_tokens.c.id == token_id, api_tokens.c.revoked.is_(None))
        connection.execute(update(api_tokens).where(*going).values(revoked=datetime.now(UTC)))


def all() -> list[Token]:
    """Return every token, in the order of their making."""
    with store.reading() as connection:
        return [_token(row) for row in connection.execute(_asked().order_by(api_tokens.c.id)).mappings()]


def people_behind(connection: Connection, account: str) -> set[str]:
    """Return who acts under a name of the ledger: the account and, of a token, who answers for it."""
    if not account.startswith(ACCOUNT):
        return {account}
    named = (api_tokens.c.name == account.removeprefix(ACCOUNT), api_tokens.c.created_by != "")
    return {account, *connection.execute(select(api_tokens.c.created_by).where(*named)).scalars()}


def _asked() -> Select:
    owner = accounts.c.roles.label("owner_roles"), accounts.c.disabled.label("owner_disabled")
    return select(api_tokens, *owner).outerjoin(accounts, accounts.c.name == api_tokens.c.created_by)


def _token(row: RowMapping) -> Token:
    given = {name: row[name] for name in ("id", "name", "created", "revoked", "last_used")}
    roles = None if row["owner_roles"] is None else frozenset(row["owner_roles"])
    return Token(**given, scopes=frozenset(row["scopes"]), owner=row["created_by"], owner_roles=roles)


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
