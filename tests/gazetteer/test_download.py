"""Fetching files from a server on this machine, which fails in every way that servers do."""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geomap.cli.gazetteer import download as gazetteer_download
from geomap.errors import GazetteerError, OutputError, UsageError
from geomap.gazetteer.download import CHUNK, FIRST_WAIT_S, LONGEST_WAIT_S, download, file_name

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def archive(text: str, name: str = "AF.txt") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        file.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


PLACES = "1138958\tKabul\n" * 60_000
FILE = archive(PLACES)
assert len(FILE) > 3 * CHUNK


class Server(ThreadingHTTPServer):
    """Serves one file under any name; what ``tricks`` holds decides, answer by answer, how it goes wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = FILE
        self.etag: str | None = '"one"'
        self.tricks: list[Callable[[Handler], bool]] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/export/dump/"

    @property
    def ranges(self) -> list[str | None]:
        return [headers.get("Range") for _, headers in self.requests]


class Handler(BaseHTTPRequestHandler):
    """A server of one file that knows ETag, Range and If-Range."""

    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers.items())))
        if self.server.tricks and self.server.tricks.pop(0)(self):
            return
        self.serve()

    def serve(self, *, cut: int | None = None, ranges: bool = True, **headers: str) -> None:
        content, etag = self.server.content, self.server.etag
        if etag and self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.end_headers()
            return
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(wanted[1]) if wanted and ranges and self.headers.get("If-Range") == etag else 0
        if start >= len(content) > 0:
            self.send_response(416)
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if etag:
            self.send_header("ETag", etag)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        for name, value in {"Content-Length": str(len(content) - start), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content[start:cut])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield opened
        opened.released.set()
        opened.shutdown()
        thread.join()


def answer(status: int, **headers: str) -> Callable[[Handler], bool]:
    def trick(handler: Handler) -> bool:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        return True

    return trick


def served(*, ranges: bool = True, cut: int | None = None, **headers: str) -> Callable[[Handler], bool]:
    def trick(handler: Handler) -> bool:
        handler.serve(cut=cut, ranges=ranges, **headers)
        return True

    return trick


def cut_at(size: int) -> Callable[[Handler], bool]:
    """The line breaks after so many bytes of the file."""
    return served(cut=size)


def hang(handler: Handler) -> bool:
    handler.server.released.wait(20)
    return True


def hang_midway(handler: Handler) -> bool:
    handler.serve(cut=CHUNK)
    handler.wfile.flush()
    handler.server.released.wait(20)
    return True


def drop(handler: Handler) -> bool:
    handler.connection.close()
    return True


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetch(server: Server, tmp_path: Path, waits: list[float]) -> Callable[..., list[Path]]:
    """Fetches into ``tmp_path / "dumps"`` without waiting."""

    def run(*names: str, attempts: int = 5, timeout: float = 10, base_url: str | None = None) -> list[Path]:
        folder = tmp_path / "dumps"
        return download(
            names or ("AF",),
            folder,
            base_url=base_url or server.url,
            attempts=attempts,
            timeout=timeout,
            wait=waits.append,
        )

    return run


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = [".AF.zip.json", "AF.zip"]
PARTIAL = [".AF.zip.part", ".AF.zip.part.json"]


# --- a good server -----------------------------------------------------------------------------------------------


def test_a_file_comes_whole_and_is_the_archive_that_was_sent(
    fetch: Callable[..., list[Path]], server: Server, tmp_path: Path, waits: list[float]
) -> None:
    (path,) = fetch("af")
    assert path == tmp_path / "dumps" / "AF.zip"
    assert path.read_bytes() == FILE
    assert left(path.parent) == WHOLE
    assert [asked for asked, _ in server.requests] == ["/export/dump/AF.zip"]
    assert server.requests[0][1]["User-Agent"].startswith("geomap/")
    assert waits == []


def test_several_names_come_in_their_order_and_each_once(fetch: Callable[..., list[Path]], server: Server) -> None:
    paths = fetch("TJ", "hierarchy.zip", "tj", "alternateNamesV2", "admin1CodesASCII.txt")
    assert [path.name for path in paths] == ["TJ.zip", "hierarchy.zip", "alternateNamesV2.zip", "admin1CodesASCII.txt"]
    assert len(server.requests) == 4


def test_what_has_not_changed_there_is_not_sent_again(fetch: Callable[..., list[Path]], server: Server) -> None:
    (path,) = fetch()
    before = path.stat().st_mtime_ns
    assert fetch() == [path]
    assert path.stat().st_mtime_ns == before
    assert server.requests[1][1]["If-None-Match"] == '"one"'


def test_a_date_serves_where_there_is_no_etag(fetch: Callable[..., list[Path]], server: Server) -> None:
    date, server.etag = formatdate(1e9, usegmt=True), None
    server.tricks = [served(Last_Modified=date), answer(304)]
    fetch()
    fetch()
    assert server.requests[1][1]["If-Modified-Since"] == date


def test_what_has_changed_there_is_fetched(fetch: Callable[..., list[Path]], server: Server) -> None:
    fetch()
    server.content, server.etag = archive("new"), '"two"'
    (path,) = fetch()
    assert path.read_bytes() == server.content


@pytest.mark.parametrize("damage", ["edited", "no record", "strange record", "record of another address"])
def test_what_has_changed_here_is_fetched_again(fetch: Callable[..., list[Path]], server: Server, damage: str) -> None:
    (path,) = fetch()
    record = path.with_name(".AF.zip.json")
    if damage == "edited":
        path.write_bytes(b"x")
    elif damage == "no record":
        record.unlink()
    elif damage == "strange record":
        record.write_text('{"url": 1}')
    else:
        record.write_text(json.dumps({**json.loads(record.read_text()), "url": "http://elsewhere.example/AF.zip"}))
    fetch()
    assert path.read_bytes() == FILE
    assert "If-None-Match" not in server.requests[1][1]


def test_the_pieces_pass_a_progress_bar(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    def progress(pieces: object, label: str, number: int) -> Iterator[bytes]:
        count = 0
        for piece in pieces:  # type: ignore[attr-defined]
            count += 1
            yield piece
        seen.append((label, number, count))

    download(["AF"], tmp_path, base_url=server.url, progress=progress)
    number = -(-len(FILE) // CHUNK)
    assert seen == [("AF.zip", number, number)]


# --- a bad one ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_after_a_while(
    fetch: Callable[..., list[Path]], server: Server, waits: list[float], status: int
) -> None:
    server.tricks = [answer(status)] * 3
    (path,) = fetch()
    assert path.read_bytes() == FILE
    assert waits == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]


def test_a_server_may_say_how_long_to_wait_but_not_for_ever(
    fetch: Callable[..., list[Path]], server: Server, waits: list[float]
) -> None:
    server.tricks = [answer(503, Retry_After="7"), answer(429, Retry_After="86400"), answer(503, Retry_After="soon")]
    fetch()
    assert waits == [7, LONGEST_WAIT_S, 4 * FIRST_WAIT_S]


def test_a_server_that_keeps_failing_is_a_named_error_and_leaves_nothing(
    fetch: Callable[..., list[Path]], server: Server, tmp_path: Path, waits: list[float]
) -> None:
    server.tricks = [answer(500)] * 9
    with pytest.raises(GazetteerError) as error:
        fetch(attempts=3)
    mend = "run the command again, it goes on where it broke off"
    assert str(error.value) == f"{server.url}AF.zip: the server answered 500 (tried 3 times); {mend}"
    assert len(server.requests) == 3
    assert len(waits) == 2
    assert left(tmp_path / "dumps") == []


@pytest.mark.parametrize(("status", "mend"), [(404, "check the name"), (403, "check the address")])
def test_a_file_that_is_not_there_is_not_asked_for_again(
    fetch: Callable[..., list[Path]], server: Server, status: int, mend: str
) -> None:
    server.tricks = [answer(status)]
    with pytest.raises(GazetteerError, match=rf"XX\.zip: the server answered {status} \(.*\); {mend}"):
        fetch("XX")
    assert len(server.requests) == 1


def test_a_broken_line_goes_on_where_it_broke(fetch: Callable[..., list[Path]], server: Server) -> None:
    server.tricks = [cut_at(CHUNK + 5), cut_at(2 * CHUNK)]
    (path,) = fetch()
    assert path.read_bytes() == FILE
    assert server.ranges == [None, f"bytes={CHUNK + 5}-", f"bytes={2 * CHUNK}-"]
    assert left(path.parent) == WHOLE


def test_a_later_run_goes_on_too(fetch: Callable[..., list[Path]], server: Server, tmp_path: Path) -> None:
    server.tricks = [cut_at(2 * CHUNK)]
    with pytest.raises(GazetteerError, match=f"{2 * CHUNK:,} of {len(FILE):,} bytes came"):
        fetch(attempts=1)
    assert left(tmp_path / "dumps") == PARTIAL
    (path,) = fetch(attempts=1)
    assert path.read_bytes() == FILE
    assert server.ranges[1] == f"bytes={2 * CHUNK}-"


def test_a_server_without_ranges_sends_all_again(fetch: Callable[..., list[Path]], server: Server) -> None:
    server.tricks = [cut_at(CHUNK), served(ranges=False)]
    (path,) = fetch()
    assert path.read_bytes() == FILE


def test_the_rest_of_another_version_is_not_added_to_the_beginning_of_this_one(
    fetch: Callable[..., list[Path]], server: Server
) -> None:
    def change(handler: Handler) -> bool:
        server.content, server.etag = archive("new" * CHUNK), '"two"'
        return False

    server.tricks = [cut_at(CHUNK), change]
    (path,) = fetch()
    assert path.read_bytes() == server.content
    assert server.requests[1][1]["If-Range"] == '"one"'


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_without_a_sure_sign_of_the_version_nothing_is_gone_on_with(
    fetch: Callable[..., list[Path]], server: Server, etag: str | None
) -> None:
    server.etag = etag
    server.tricks = [cut_at(CHUNK)]
    (path,) = fetch()
    assert path.read_bytes() == FILE
    assert server.ranges == [None, None]


@pytest.mark.parametrize("content_range", ["bytes 5-9/10", "bytes */10", "nonsense", f"bytes 0-9/{len(FILE)}"])
def test_a_part_that_was_not_asked_for_is_thrown_away(
    fetch: Callable[..., list[Path]], server: Server, content_range: str
) -> None:
    server.tricks = [cut_at(CHUNK), answer(206, Content_Range=content_range, Content_Length="0")]
    (path,) = fetch()
    assert path.read_bytes() == FILE
    assert server.ranges[2] is None


def test_a_beginning_as_long_as_the_file_is_thrown_away(
    fetch: Callable[..., list[Path]], server: Server, tmp_path: Path
) -> None:
    server.tricks = [cut_at(CHUNK)]
    with pytest.raises(GazetteerError):
        fetch(attempts=1)
    (tmp_path / "dumps" / ".AF.zip.part").write_bytes(b"x" * len(FILE))
    (path,) = fetch()
    assert path.read_bytes() == FILE


@pytest.mark.parametrize("trick", [hang, hang_midway, drop])
def test_a_server_that_falls_silent_or_hangs_up_is_asked_again(
    fetch: Callable[..., list[Path]], server: Server, trick: Callable[[Handler], bool]
) -> None:
    server.tricks = [trick]
    (path,) = fetch(timeout=0.3)
    assert path.read_bytes() == FILE


def test_nobody_there_is_a_named_error(fetch: Callable[..., list[Path]]) -> None:
    with pytest.raises(GazetteerError, match=r"no answer \(.*\) \(tried 2 times\)"):
        fetch(attempts=2, base_url="http://127.0.0.1:9/")


FLIPPED = bytearray(FILE)
FLIPPED[len(FILE) // 2] ^= 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bytes(FLIPPED), "what came is a damaged archive"),
        (b"no archive at all", "what came is no whole archive"),
        (FILE[: len(FILE) // 2], "what came is no whole archive"),
        (b"", "what came is no whole archive"),
    ],
)
def test_a_damaged_archive_never_gets_the_files_name(
    fetch: Callable[..., list[Path]], server: Server, tmp_path: Path, content: bytes, reason: str
) -> None:
    fetch()
    server.content, server.etag = content, '"bad"'
    with pytest.raises(GazetteerError, match=reason):
        fetch(attempts=2)
    assert left(tmp_path / "dumps") == WHOLE
    assert (tmp_path / "dumps" / "AF.zip").read_bytes() == FILE
    server.content, server.etag = FILE, '"good"'
    fetch()
    assert (tmp_path / "dumps" / "AF.zip").read_bytes() == FILE


def test_a_checksum_that_the_server_gives_must_be_right(
    fetch: Callable[..., list[Path]], server: Server, waits: list[float]
) -> None:
    right = base64.b64encode(hashlib.md5(FILE).digest()).decode()
    server.tricks = [
        served(Content_MD5="AAAAAAAAAAAAAAAAAAAAAA=="),
        served(Content_MD5=right),
    ]
    (path,) = fetch()
    assert path.read_bytes() == FILE
    assert len(waits) == 1


def test_a_web_page_instead_of_the_file_is_a_named_error(fetch: Callable[..., list[Path]], server: Server) -> None:
    server.content = b"<html>Please log in</html>"
    server.tricks = [served(Content_Type="text/html; charset=utf-8")]
    with pytest.raises(GazetteerError, match="a web page came, no file; check the address"):
        fetch("admin1CodesASCII.txt")


def test_a_redirect_is_followed_and_a_ring_of_them_is_not(fetch: Callable[..., list[Path]], server: Server) -> None:
    server.tricks = [answer(302, Location="/elsewhere/AF.zip")]
    (path,) = fetch()
    assert path.read_bytes() == FILE
    assert [asked for asked, _ in server.requests] == ["/export/dump/AF.zip", "/elsewhere/AF.zip"]
    server.tricks = [answer(302, Location="/export/dump/TJ.zip")] * 50
    with pytest.raises(GazetteerError, match="the server answered 302"):
        fetch("TJ")


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/AF.zip"])
def test_a_redirect_out_of_the_web_is_not_followed(
    fetch: Callable[..., list[Path]], server: Server, tmp_path: Path, location: str
) -> None:
    server.tricks = [answer(302, Location=location)] * 9
    with pytest.raises(GazetteerError):
        fetch(attempts=2)
    assert left(tmp_path / "dumps") == []


# --- bad questions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "A", "../AF", "AF/../../x", "AF.exe", "https://x.example/AF.zip", "A F", "..", ".zip", "АФ", "x" * 99]
)
def test_what_is_no_name_of_a_file_is_named(fetch: Callable[..., list[Path]], server: Server, name: str) -> None:
    with pytest.raises(UsageError, match="no file of GeoNames; give a country code"):
        fetch("AF", name)
    assert server.requests == []


def test_names_of_files() -> None:
    names = {"af": "AF.zip", "TJ": "TJ.zip", "allCountries": "allCountries.zip", "admin2Codes.txt": "admin2Codes.txt"}
    assert {name: file_name(name) for name in names} == names


@pytest.mark.parametrize("url", ["", "file:///tmp/", "ftp://x.example/", "download.geonames.org"])
def test_an_address_that_is_not_on_the_web_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="not an address on the web"):
        download(["AF"], tmp_path, base_url=url)


def test_a_folder_that_is_a_file_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "dumps").write_text("mine")
    with pytest.raises(OutputError, match=r"AF\.zip: cannot be written \(.*\); check the folder, or choose another"):
        download(["AF"], tmp_path / "dumps", base_url=server.url)
    assert (tmp_path / "dumps").read_text() == "mine"


def test_the_verb_fetches_into_its_folder(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parser = argparse.ArgumentParser()
    gazetteer_download.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(
        ["download", "AF", "TJ", "--alternate-names", "-o", "dumps", "--base-url", server.url]
    )
    assert arguments.run(arguments) == 0
    files = ["AF.zip", "TJ.zip", "alternateNamesV2.zip"]
    assert capsys.readouterr().out == "".join(f"there     {Path('dumps', name)}  (0.8 MB)\n" for name in files)
