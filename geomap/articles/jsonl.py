"""JSON Lines → articles: ``{"id", "text", "title"?, "date"?, "source"?, "url"?}``, one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from geomap.articles.headline import find_date, find_source, find_title, read_day
from geomap.errors import ArticleError
from geomap.files import is_text
from geomap.model import Article

_OPTIONAL = ("title", "date", "source", "url")


def read_line(line: str, where: str) -> Article:
    """Turn one JSON line into an article.

    Args:
        line: The line.
        where: What to call it in an error ("news.jsonl:7").

    Raises:
        ArticleError: If the line is not such an object, or its text is empty.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{where}: not JSON ({error}); write one object a line") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("id"), (str, int)):
        raise ArticleError(f'{where}: not an object with "id" and "text"; see the README for the format')
    if not row["text"].strip():
        raise ArticleError(f"{where}: article {row['id']!r} has an empty text; fill it in, or remove the line")
    if not is_text(str(row["id"])):
        raise ArticleError(f"{where}: the id {row['id']!r} is no text (a lone surrogate); give the article another one")
    for key in _OPTIONAL:
        if row.get(key) is not None and not isinstance(row[key], str):
            raise ArticleError(f"{where}: {key} is {row[key]!r}; write it as a string, or leave it out")
    text, day = row["text"], row.get("date")
    if day and not (day := read_day(day)):
        raise ArticleError(f"{where}: date {row['date']!r} is no day; write it as 2021-07-21, or leave it out")
    return Article(
        id=str(row["id"]),
        text=text,
        title=row.get("title") or find_title(text),
        date=day or find_date(text),
        source=row.get("source") or find_source(text),
        url=row.get("url") or None,
    )


def read_lines(lines: Iterable[str], name: str) -> Iterator[Article | ArticleError]:
    """Yield the article of each line, or the error that it is; blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield read_line(line, f"{name}:{number}")
            except ArticleError as error:
                yield error
