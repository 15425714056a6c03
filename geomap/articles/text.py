"""Plain text files → articles."""

from __future__ import annotations

import codecs
from pathlib import Path

from geomap.articles.headline import find_date, find_source, find_title
from geomap.errors import ArticleError
from geomap.model import Article

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(data: bytes, name: str) -> str:
    """Decode the bytes of a text file: UTF-8, or UTF-16 with its mark. Line ends stay as they are.

    Raises:
        ArticleError: If the bytes are empty, binary or in another encoding.
    """
    if not data.strip():
        raise ArticleError(f"{name}: empty; put the article's text in it, or remove it")
    encoding = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and b"\0" in data:
            raise ArticleError(f"{name}: binary, not text; save the article as plain UTF-8 text") from error
        byte = data[error.start]
        raise ArticleError(
            f"{name}: not {encoding.upper().removesuffix('-SIG')} (byte 0x{byte:02X} at {error.start}); save it again with the encoding UTF-8"
        ) from error
    if "\0" in text:
        raise ArticleError(f"{name}: binary, not text; save the article as plain UTF-8 text")
    if not text.strip():
        raise ArticleError(f"{name}: empty; put the article's text in it, or remove it")
    return text


def read_text(path: Path, article_id: str) -> Article:
    """Read one text file as an article; title, date and source are found in the text where it gives them.

    Raises:
        ArticleError: If the file cannot be read as text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    return from_text(decode(data, str(path)), article_id)


def from_text(text: str, article_id: str) -> Article:
    """Make an article of a text, with what its head says about it."""
    return Article(id=article_id, text=text, title=find_title(text), date=find_date(text), source=find_source(text))
