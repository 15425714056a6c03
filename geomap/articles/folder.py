"""Paths → articles: a folder's ``.txt`` and ``.jsonl`` files, with what ``articles.csv`` adds to them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from geomap.articles.headline import read_day
from geomap.articles.jsonl import read_lines
from geomap.articles.text import decode, read_text
from geomap.errors import ArticleError
from geomap.files import is_text
from geomap.model import Article

METADATA_FILE: Final = "articles.csv"
METADATA_COLUMNS: Final = ("file", "title", "date", "source", "url")
SUFFIXES: Final = (".txt", ".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An article that could not be read or parsed: its id or path, and the one-line message."""

    article_id: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found under some paths.

    Attributes:
        articles: By id, each id once.
        failures: In the order in which they were met.
        ignored: Files of other kinds, so that nobody waits for them on the map.
    """

    articles: tuple[Article, ...]
    failures: tuple[Failure, ...]
    ignored: tuple[str, ...]


def read_paths(paths: Iterable[Path]) -> Reading:
    """Read all articles under files and folders (folders not deeper than themselves).

    A file's article id is its name; a second article of one id is a failure, not a replacement.

    Raises:
        ArticleError: If a path does not exist, or no article at all lies under the paths.
    """
    articles: dict[str, Article] = {}
    failures: list[Failure] = []
    ignored: list[str] = []
    seen: set[Path] = set()
    asked = list(dict.fromkeys(str(path) for path in paths))
    for path in map(Path, asked):
        if not path.exists():
            raise ArticleError(f"{path}: no such file or folder; check the path")
        metadata, files = _folder(path, failures, ignored) if path.is_dir() else ({}, [path])
        for file in files:
            if file.resolve() in seen:
                continue  # named twice, alone and by its folder
            seen.add(file.resolve())
            for found in _read_file(file):
                if isinstance(found, ArticleError):
                    failures.append(Failure(article_id=file.name, message=str(found)))
                elif found.id in articles:
                    message = f"{file}: a second article with the id {found.id!r}; rename one of the two"
                    failures.append(Failure(article_id=found.id, message=message))
                else:
                    articles[found.id] = replace(found, **metadata.get(found.id, {}))
    if not articles and not failures:
        kinds = " or ".join(SUFFIXES)
        raise ArticleError(f"{', '.join(asked) or 'no path'}: no article there; add a {kinds} file")
    ordered = tuple(articles[key] for key in sorted(articles))
    return Reading(articles=ordered, failures=tuple(failures), ignored=tuple(ignored))


def _folder(folder: Path, failures: list[Failure], ignored: list[str]) -> tuple[dict[str, dict[str, str]], list[Path]]:
    """The metadata of a folder and its article files; what else lies there is noted as ignored."""
    try:
        children = sorted(child for child in folder.iterdir() if not child.name.startswith("."))
    except OSError as error:
        raise ArticleError(f"{folder}: cannot be listed ({error.strerror}); check its permissions") from error
    metadata: dict[str, dict[str, str]] = {}
    files = []
    for child in children:
        if child.stem.upper() == "README":
            continue
        if child.name == METADATA_FILE:
            try:
                metadata = _read_metadata(child)
            except ArticleError as error:
                failures.append(Failure(article_id=child.name, message=str(error)))
        elif child.suffix.lower() in SUFFIXES and not child.is_dir():
            if child.is_fifo() or child.is_socket():
                message = f"{child}: not a regular file; remove it, or name it on the command line to read from it"
                failures.append(Failure(article_id=child.name, message=message))
            else:
                files.append(child)
        elif child.is_file():
            ignored.append(child.name)
    return metadata, files


def _read_file(path: Path) -> Iterator[Article | ArticleError]:
    if not is_text(path.name):
        yield ArticleError(f"{str(path)!r}: its name is not UTF-8; rename the file")
        return
    try:
        if path.suffix.lower() == ".jsonl":
            yield from read_lines(io.StringIO(decode(path.read_bytes(), str(path))), str(path))
        else:
            yield read_text(path, path.name)
    except ArticleError as error:
        yield error
    except OSError as error:
        yield ArticleError(f"{path}: cannot be read ({error.strerror}); check its permissions")


def _read_metadata(path: Path) -> dict[str, dict[str, str]]:
    """The cells of ``articles.csv`` by file name; empty cells leave what the text itself says."""
    try:
        reader = csv.DictReader(io.StringIO(decode(path.read_bytes(), str(path))))
        rows = list(reader)
    except (OSError, csv.Error) as error:
        raise ArticleError(f"{path}: cannot be read as CSV ({error}); mend or remove it") from error
    header = reader.fieldnames or ()
    if "file" not in header or any(column not in METADATA_COLUMNS for column in header):
        raise ArticleError(
            f"{path}: columns must be {','.join(METADATA_COLUMNS)}, file among them; mend its first line"
        )
    for number, row in enumerate(rows, start=2):
        if None in row:
            raise ArticleError(f"{path}:{number}: a cell too many; put cells with a comma in quotes")
        if row.get("date"):
            row["date"] = read_day(row["date"]) or ""
            if not row["date"]:
                raise ArticleError(f"{path}:{number}: the date is no day; write it as 2021-07-21")
    columns = METADATA_COLUMNS[1:]
    return {row["file"]: {column: row[column] for column in columns if row.get(column)} for row in rows}
