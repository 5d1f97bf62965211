"""Opening bank files with DuckDB, in clear or encrypted at rest.

A bank is attached to a private in-memory instance rather than opened by path: DuckDB
keeps one instance per path, so a bank swapped in under the same name would not be seen.
Reading an encrypted bank needs no extension; writing one needs the cryptography that
comes with DuckDB's httpfs extension, loaded here from its signed wheel.
"""

import string
from pathlib import Path

import duckdb

from data.schema import literal

BANK = "bank"


class BankMissing(FileNotFoundError):
    """There is no bank at that place yet."""

    def __init__(self, path: Path):
        super().__init__(
            f"no bank at {path}: make one with `python -m data demo {path.stem}`, "
            f"or `python -m data load {path.stem} FOLDER`"
        )


class BankLocked(PermissionError):
    """The bank cannot be read with the BANK_KEY that is set (or without one)."""


class BankUnreadable(OSError):
    """The file at the bank's place is not a bank."""


def attach_new(path: Path, key: str, **settings: str | int | bool) -> duckdb.DuckDBPyConnection:
    """Create a bank file at ``path``, encrypted when there is a ``key``, attached as ``bank``."""
    connection = _instance(settings)
    if key:
        _load_cryptography(connection)
        connection.execute("SET temp_file_encryption = true")
    options = f" ({_key_option(key)})" if key else ""
    connection.execute(f"ATTACH {literal(path)} AS {BANK}{options}")
    return connection


def attach_read_only(path: Path, key: str, **settings: str | int | bool) -> duckdb.DuckDBPyConnection:
    """Open the bank file at ``path`` for reading, attached as ``bank``.

    Raises
    ------
    BankMissing
        When there is no such file.
    BankLocked
        When the key is wrong, missing, or given for a bank that is not encrypted.
    BankUnreadable
        When the file is something else than a bank.
    """
    if not path.is_file():
        raise BankMissing(path)
    connection = _instance(settings)
    options = ", ".join(filter(None, ("READ_ONLY", _key_option(key))))
    try:
        connection.execute(f"ATTACH {literal(path)} AS {BANK} ({options})")
    except duckdb.Error as error:
        connection.close()
        raise _explained(path, str(error)) from None
    # Nothing else can be opened or changed through this connection.
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _instance(settings: dict[str, str | int | bool]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config=settings | {"autoinstall_known_extensions": False})
    # A name in SQL means a table, never a variable of the calling code.
    connection.execute("SET python_enable_replacements = false")
    return connection


def _key_option(key: str) -> str:
    """Spell the key in ASCII and hex escapes, as DuckDB reads it, so that any character may be in it."""
    plain = string.ascii_letters + string.digits
    spelt = "".join(chr(byte) if chr(byte) in plain else f"\\x{byte:02X}" for byte in key.encode())
    return f"ENCRYPTION_KEY '{spelt}'" if key else ""


def _explained(path: Path, message: str) -> OSError:
    """Turn DuckDB's words into ours; the key never appears in either."""
    if "Wrong encryption key" in message:
        return BankLocked(f"{path}: BANK_KEY is not the key this bank was written with; set the right one")
    if "without a key" in message:
        return BankLocked(f"{path}: this bank is encrypted; set BANK_KEY to the key it was written with")
    if "is not encrypted" in message:
        return BankLocked(
            f"{path}: BANK_KEY is set but this bank is not encrypted; load it again, or unset BANK_KEY"
        )
    reason = message.splitlines()[0]
    return BankUnreadable(f"{path}: not a readable bank; restore a backup or load it again ({reason})")


def _load_cryptography(connection: duckdb.DuckDBPyConnection) -> None:
    # Loaded from the wheel's own file: nothing is installed in the user's home, nothing downloaded.
    import duckdb_extension_httpfs

    wheel = Path(duckdb_extension_httpfs.__path__[0])
    extension = wheel / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    if not extension.is_file():
        raise RuntimeError(
            f"BANK_KEY is set but duckdb-extension-httpfs has no build for duckdb {duckdb.__version__}: "
            "install the two at the same version"
        )
    connection.execute(f"LOAD {literal(extension)}")
