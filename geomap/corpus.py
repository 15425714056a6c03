"""The store of parsed articles: what was parsed, from which text, by which versions.

One SQLite file in the output folder. It is a cache of what parsing would give again, so a file that
cannot be used is set aside with a warning and made anew; no correction of a user lives in it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from geomap import records
from geomap.errors import CorpusError, OutputError
from geomap.files import dump_json
from geomap.model import Article, Home, ParsedArticle

APPLICATION_ID: Final = 0x67656F63  # "geoc"
SCHEMA_VERSION: Final = 2

_TABLES: Final = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
    "CREATE TABLE parsed(id TEXT PRIMARY KEY, digest TEXT NOT NULL, resolutions TEXT NOT NULL, home TEXT) WITHOUT ROWID",
    "CREATE TABLE output(name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How the articles at hand differ from those in a store, by id."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def digest(text: str, versions: str) -> str:
    """Return the digest under which an article's resolutions are kept: its text and who parsed it."""
    return hashlib.sha256(f"{versions}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


class Corpus:
    """An open store. Use it as a context manager; what was put is kept when it closes without an error."""

    def __init__(self, path: Path, versions: str) -> None:
        """Open the store, or make it.

        Args:
            path: The SQLite file.
            versions: Whatever else resolutions depend on: code, gazetteer, model.

        Raises:
            OutputError: If the file cannot be made.
        """
        self.path = path
        self._versions = versions
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except (OSError, sqlite3.Error) as error:
            locked = "wait for the other build to end"
            mend = locked if "locked" in str(error) else "check the folder or choose another with -o"
            raise OutputError(f"{path}: cannot be opened or made ({error}); {mend}") from error

    def _open(self) -> sqlite3.Connection:
        """The store, locked for this build; one that cannot be used is set aside and made anew."""
        try:
            return self._locked()
        except sqlite3.DatabaseError as error:
            if "locked" in str(error) or not self.path.exists():
                raise  # in use, or out of reach: that says nothing about what it holds
            aside = self.path.with_suffix(".damaged")
            self.path.replace(aside)
            warnings.warn(
                f"{self.path}: the store of parsed articles cannot be used ({error}); set aside as {aside.name}, "
                "all articles are parsed again",
                stacklevel=4,
            )
            return self._locked()

    def _locked(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            if not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall() and self.path.stat().st_size == 0:
                for statement in _TABLES:
                    database.execute(statement)
            head = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if head != [APPLICATION_ID, SCHEMA_VERSION]:
                raise sqlite3.DatabaseError("it is of another version")
            database.execute("SELECT count(*), max(digest) FROM parsed").fetchone()
            database.execute("SELECT count(*), max(digest) FROM output").fetchone()
        except BaseException:
            database.close()
            raise
        return database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # What was parsed before an error is as good as ever: keep it either way.
        try:
            if self._db.in_transaction:
                self._db.execute("COMMIT")
        except sqlite3.Error as failure:
            if error is None:
                raise self._unwritable(failure) from failure
        finally:
            self._db.close()

    def _unwritable(self, error: sqlite3.Error) -> CorpusError:
        return CorpusError(f"{self.path}: cannot be written ({error}); make room, or choose another folder with -o")

    def difference(self, articles: Iterable[Article]) -> Difference:
        """Compare articles with the store, by id and digest."""
        known = dict(self._db.execute("SELECT id, digest FROM parsed").fetchall())
        groups: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": []}
        for article in articles:
            before = known.pop(article.id, None)
            now = digest(article.text, self._versions)
            groups["new" if before is None else "unchanged" if before == now else "changed"].append(article.id)
        return Difference(
            new=tuple(groups["new"]),
            changed=tuple(groups["changed"]),
            unchanged=tuple(groups["unchanged"]),
            removed=tuple(sorted(known)),
        )

    def get(self, article: Article) -> ParsedArticle | None:
        """Return what is kept for an article of this text and these versions, or None."""
        row = self._db.execute(
            "SELECT resolutions, home FROM parsed WHERE id = ? AND digest = ?",
            (article.id, digest(article.text, self._versions)),
        ).fetchone()
        if row is None:
            return None
        try:
            resolutions = tuple(records.unpack(packed) for packed in json.loads(row[0]))
            home = Home(**json.loads(row[1])) if row[1] else None
        except (ValueError, KeyError, TypeError):
            return None  # a row that cannot be read is one that must be parsed again
        return ParsedArticle(article=article, resolutions=resolutions, home=home)

    def put(self, parsed: ParsedArticle) -> None:
        """Keep the resolutions of an article, in place of those before."""
        packed = dump_json([records.pack(resolution) for resolution in parsed.resolutions])
        home = dump_json(asdict(parsed.home)) if parsed.home else None
        key = digest(parsed.article.text, self._versions)
        try:
            self._db.execute("INSERT OR REPLACE INTO parsed VALUES(?,?,?,?)", (parsed.article.id, key, packed, home))
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def checkpoint(self) -> None:
        """Make what was put so far survive a kill."""
        try:
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def remove(self, ids: Iterable[str]) -> None:
        """Forget articles."""
        self._db.executemany("DELETE FROM parsed WHERE id = ?", [(article_id,) for article_id in ids])

    def outputs(self) -> dict[str, str]:
        """Return the digests of the outputs that were last written, by name."""
        return dict(self._db.execute("SELECT name, digest FROM output").fetchall())

    def put_outputs(self, digests: dict[str, str]) -> None:
        """Keep the digests of the outputs just written."""
        self._db.execute("DELETE FROM output")
        self._db.executemany("INSERT INTO output VALUES(?,?)", sorted(digests.items()))
