"""GeoNames' export files from where they are published, whole or not at all.

A file gets its name only when its length, its checksum where the server gives one, and the CRCs inside the archive
are right. What was fetched before a line broke is kept and gone on with; what has not changed is not fetched again.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from geomap import __version__
from geomap.errors import GazetteerError, OutputError, UsageError
from geomap.files import dump_json, write_atomically

BASE_URL: Final = "https://download.geonames.org/export/dump/"
CHUNK: Final = 1 << 18
ATTEMPTS: Final = 5
FIRST_WAIT_S: Final = 1.0
"""Before the second attempt; twice as long before each further one, or as long as the server asks."""
LONGEST_WAIT_S: Final = 60.0
TIMEOUT_S: Final = 30.0
"""How long the server may say nothing."""

Progress: TypeAlias = Callable[[Iterable[bytes], str, int], Iterator[bytes]]
"""Wraps the pieces of one file, a label and their number (0 where unknown), as a progress bar does."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,60}(?:\.(?:zip|txt))?")
_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_MODIFIED, _PARTIAL, _NOT_FOUND, _NO_SUCH_RANGE = 304, 206, 404, 416


def file_name(name: str) -> str:
    """Return the file that a name stands for: ``AF`` and ``alternateNamesV2`` are archives, ``x.txt`` is itself.

    Raises:
        UsageError: If no file of GeoNames has such a name.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r}: no file of GeoNames; give a country code (AF) or a file's name (hierarchy.zip)")
    code = name.upper() if len(name) == 2 else name
    return code if "." in name else f"{code}.zip"


def download(
    names: Sequence[str],
    folder: Path,
    *,
    base_url: str = BASE_URL,
    progress: Progress | None = None,
    attempts: int = ATTEMPTS,
    timeout: float = TIMEOUT_S,
    wait: Callable[[float], None] = time.sleep,
) -> list[Path]:
    """Fetch files of GeoNames' export, each unless the one in the folder is the server's.

    Beside each file stands a hidden one that says where it is from; beside an unfinished one too.

    Args:
        names: Country codes or names of files; see :func:`file_name`.
        folder: Where they are put; made if missing.
        base_url: The folder on the server.
        progress: Wraps the pieces of each file as they come.
        attempts: How often each file is tried; a broken line goes on where it broke.
        timeout: Seconds that the server may say nothing.
        wait: Called with the seconds between two attempts.

    Returns:
        The files, in the order of the names, each once.

    Raises:
        UsageError: If a name or the address is none.
        GazetteerError: If the server has no such file or keeps failing, or what it sends is damaged.
        OutputError: If the folder cannot be written.
    """
    if urllib.parse.urlsplit(base_url).scheme not in ("http", "https"):
        raise UsageError(f"{base_url}: not an address on the web; give one that starts with https://")
    files = list(dict.fromkeys(map(file_name, names)))
    opener = urllib.request.build_opener(_NoDowngrade())
    paths = []
    for name in files:
        url = urllib.parse.urljoin(base_url if base_url.endswith("/") else f"{base_url}/", name)
        fetch = _Fetch(url=url, target=folder / name, opener=opener, timeout=timeout, progress=progress or _silent)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _patiently(fetch, max(1, attempts), wait)
        except OutputError:
            raise
        except OSError as error:
            reason = error.strerror or error
            raise OutputError(
                f"{fetch.target}: cannot be written ({reason}); check the folder, or choose another"
            ) from error
        paths.append(fetch.target)
    return paths


def _patiently(fetch: _Fetch, attempts: int, wait: Callable[[float], None]) -> None:
    """Try until it works or the attempts are used up."""
    for attempt in range(1, attempts + 1):
        try:
            fetch.once()
            return
        except _BrokenOffError as error:
            if attempt == attempts:
                raise GazetteerError(
                    f"{fetch.url}: {error} (tried {attempts} times); run the command again, it goes on where it broke off"
                ) from error
            wait(min(LONGEST_WAIT_S, error.wait_s or FIRST_WAIT_S * 2 ** (attempt - 1)))


class _BrokenOffError(Exception):
    """What another attempt may mend; ``wait_s`` is how long the server asks to wait, if it does."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where a file, or the beginning of one, is from."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None

    @property
    def validator(self) -> str | None:
        """What a server can tell by whether the rest still belongs to the beginning; a weak tag cannot."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def _read_source(path: Path) -> _Source | None:
    """What a file beside another says, or None if there is none or it is none of ours."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return _Source(**values) if all(value is None or isinstance(value, str) for value in values.values()) else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetch:
    """One file to be fetched."""

    url: str
    target: Path
    opener: urllib.request.OpenerDirector
    timeout: float
    progress: Progress

    @property
    def part(self) -> Path:
        return self.target.with_name(f".{self.target.name}.part")

    def _beside(self, path: Path) -> Path:
        return path.with_name(f".{path.name.lstrip('.')}.json")

    def once(self) -> None:
        """One attempt.

        Raises:
            _BrokenOffError: If another one may do better.
            GazetteerError: If none will.
            OSError: If the disk fails.
        """
        have, begun = self._have(), self._begun()
        headers = {"User-Agent": f"geomap/{__version__}", "Accept-Encoding": "identity"}
        if have:
            headers |= {"If-None-Match": have.etag} if have.etag else {}
            headers |= {"If-Modified-Since": have.last_modified} if have.last_modified else {}
        elif begun and begun.validator:
            headers |= {"Range": f"bytes={self.part.stat().st_size}-", "If-Range": begun.validator}
        request = urllib.request.Request(self.url, headers=headers)  # noqa: S310 (download() has looked at the scheme)
        try:
            response = self.opener.open(request, timeout=self.timeout)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED and have:
                    return
                self._refused(error)
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            raise _BrokenOffError(f"no answer ({getattr(error, 'reason', None) or error})") from error
        with response:
            self._receive(response)

    def _have(self) -> _Source | None:
        """Where the finished file is from; None if there is none, or it is no longer what was fetched."""
        source = _read_source(self._beside(self.target))
        if source is None or source.url != self.url or not self.target.is_file():
            return None
        return source if source.sha256 == _sha256(self.target) else None

    def _begun(self) -> _Source | None:
        source = _read_source(self._beside(self.part))
        return (
            source if source and source.url == self.url and self.part.is_file() and self.part.stat().st_size else None
        )

    def _refused(self, error: urllib.error.HTTPError) -> None:
        if error.code == _NO_SUCH_RANGE:
            self._forget()
            raise _BrokenOffError("the file there is another now")
        if error.code in _TRY_AGAIN:
            asked = error.headers.get("Retry-After", "")
            raise _BrokenOffError(f"the server answered {error.code}", float(asked) if asked.isdecimal() else None)
        mend = "check the name" if error.code == _NOT_FOUND else "check the address"
        raise GazetteerError(f"{self.url}: the server answered {error.code} ({error.reason}); {mend}")

    def _receive(self, response: Any) -> None:
        """Write what comes, check it, and give it its name."""
        if response.headers.get_content_type() == "text/html":
            raise GazetteerError(f"{self.url}: a web page came, no file; check the address, and what stands before it")
        size, whole = _sizes(response)
        start = whole - size if response.status == _PARTIAL and whole is not None and size is not None else 0
        if response.status == _PARTIAL and not (self.part.is_file() and start == self.part.stat().st_size):
            self._forget()
            raise _BrokenOffError("the server sent another part than was asked for")
        source = _Source(
            url=self.url, etag=response.headers.get("ETag"), last_modified=response.headers.get("Last-Modified")
        )
        write_atomically(self._beside(self.part), dump_json(asdict(source)))
        with self.part.open("ab" if start else "wb") as file:
            self._copy(response, file, size)
            file.flush()
            os.fsync(file.fileno())
        got = self.part.stat().st_size
        if whole is not None and got != whole:
            if got > whole:
                self._forget()
            raise _BrokenOffError(f"{got:,} of {whole:,} bytes came")
        self._check(None if start else response.headers.get("Content-MD5"))
        finished = _Source(**{**asdict(source), "sha256": _sha256(self.part)})
        os.replace(self.part, self.target)
        write_atomically(self._beside(self.target), dump_json(asdict(finished)))
        self._forget()

    def _copy(self, response: Any, file: IO[bytes], size: int | None) -> None:
        for piece in self.progress(_pieces(response), self.target.name, -(-(size or 0) // CHUNK)):
            file.write(piece)

    def _check(self, content_md5: str | None) -> None:
        """Whether the part is what the server says and an archive without damage; if not, it is thrown away.

        Raises:
            _BrokenOffError: If it is not: another attempt may bring a whole one.
        """
        fault = None
        if content_md5 and content_md5.strip() != _md5(self.part):
            fault = "what came does not have the checksum that the server gives"
        elif self.target.suffix == ".zip":
            try:
                with zipfile.ZipFile(self.part) as archive:
                    damaged = archive.testzip()
                fault = f"what came is a damaged archive ({damaged})" if damaged else None
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
                fault = f"what came is no whole archive ({error})"
        if fault:
            self._forget()
            raise _BrokenOffError(fault)

    def _forget(self) -> None:
        for path in (self.part, self._beside(self.part)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def _pieces(response: Any) -> Iterator[bytes]:
    """The body piece by piece.

    Raises:
        _BrokenOffError: If the line breaks or the server falls silent.
    """
    while True:
        try:
            piece = response.read(CHUNK)
        except (http.client.HTTPException, OSError) as error:
            raise _BrokenOffError(f"the line broke ({error})") from error
        if not piece:
            return
        yield piece


def _sizes(response: Any) -> tuple[int | None, int | None]:
    """How many bytes this answer has, and the whole file; None where the server does not say."""
    length = response.headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() else None
    if response.status != _PARTIAL:
        return size, size
    parsed = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", response.headers.get("Content-Range", ""))
    if not parsed:
        return None, None
    first, last, whole = map(int, parsed.groups())
    return (last - first + 1, whole) if last + 1 == whole else (None, None)


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but from https to http none."""

    def redirect_request(  # noqa: PLR0917 (the library's own)
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if req.type == "https" and not newurl.startswith("https://"):
            raise GazetteerError(f"{req.full_url}: leads to {newurl}, which is not encrypted; check the address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _silent(pieces: Iterable[bytes], _label: str, _number: int) -> Iterator[bytes]:
    return iter(pieces)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _md5(path: Path) -> str:
    """As ``Content-MD5`` writes it; against a slip on the way, not against anyone."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return base64.b64encode(digest.digest()).decode()
