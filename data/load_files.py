"""The data files in a folder: plain, gzipped or zipped, alone or many in one archive."""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

SUFFIXES = (".csv", ".csv.gz", ".parquet")
# Text under other names is taken when it is given by its own name: a folder may hold notes as well.
TEXTS = (".txt", ".tsv", ".tab", ".dat", ".data")


class LoadError(ValueError):
    """Data cannot be loaded; ``faults`` holds one clear line per kind of fault."""

    def __init__(self, *faults: str):
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class File:
    """One data file, or one ``member`` of an archive; ``stem`` is its name without suffixes."""

    stem: str
    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """Name to say in a message."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    def unpacked(self, work: Path) -> Path:
        """Return a path at which the file can be read, unpacked into ``work`` when it is in an archive."""
        if not self.member:
            return self.path
        target = work / PurePosixPath(self.member).name
        try:
            with (
                zipfile.ZipFile(self.path) as archive,
                archive.open(self.member) as packed,
                target.open("wb") as out,
            ):
                shutil.copyfileobj(packed, out, 1 << 20)
        except (zipfile.BadZipFile, RuntimeError, EOFError) as error:
            raise LoadError(f"{self.name}: cannot be unpacked ({error}); download it again") from error
        return target


def find_files(folder: Path) -> dict[str, File]:
    """Return the data files of a folder (or the one file given) by stem, in lower case.

    A file that lies unpacked beside its archive is taken rather than the archive.

    Raises
    ------
    LoadError
        When there is nothing there, an archive is broken, or a name is there twice.
    """
    if not folder.exists():
        raise LoadError(f"{folder}: no such folder or file")
    paths = [folder] if folder.is_file() else sorted(path for path in folder.iterdir() if path.is_file())
    plain = _by_stem(file for path in paths if (file := _plain(path)))
    packed = _by_stem(file for path in paths if path.suffix.lower() == ".zip" for file in _members(path))
    if folder.is_file() and folder.suffix.lower() in TEXTS:
        plain = {folder.stem.lower(): File(folder.stem, folder)}
    if not plain and not packed:
        raise LoadError(f"{folder}: no data file here; expected {', '.join(SUFFIXES)} or .zip")
    return packed | plain


def _by_stem(files: Iterable[File]) -> dict[str, File]:
    found: dict[str, File] = {}
    for file in files:
        other = found.setdefault(file.stem.lower(), file)
        if other is not file:
            raise LoadError(f"{other.name} and {file.name} hold the same table; keep one of them")
    return found


def _plain(path: Path) -> File | None:
    stem = _stem(path.name)
    return File(stem, path) if stem else None


def _members(path: Path) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise LoadError(f"{path.name}: not a readable zip file; download it again") from error
    for name in names:
        base = PurePosixPath(name).name
        if (stem := _stem(base)) and not base.startswith(".") and "__MACOSX" not in name:
            yield File(stem, path, name)


def _stem(name: str) -> str | None:
    """Return the name without its suffixes, or None when it is no data file."""
    suffix = next((s for s in sorted(SUFFIXES, key=len, reverse=True) if name.lower().endswith(s)), None)
    return name[: -len(suffix)] if suffix else None
