"""Names that the gazetteer lacks, asked of a geocoder: a made-up one, and geopy's own over a server on this machine."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import urllib.parse
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from geopy.exc import GeocoderServiceError, GeocoderTimedOut
from geopy.geocoders import Nominatim
from geopy.location import Location

from geomap.cli import main
from geomap.errors import UsageError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Mention, ParsedArticle, Resolution
from geomap.online import ATTRIBUTION, DELAY_S, MOST_FAILURES, Online, cache_file, nominatim
from geomap.pipeline import MENTIONS, PAGE, PLACES, Geoparser, build

TEXT = "Clashes in Zorgabadak district of Kunduz."
QUERY = "Zorgabadak, Kunduz"

RAW: dict[str, Any] = {
    "osm_type": "node", "osm_id": 42, "lat": "36.70123", "lon": "68.50456", "addresstype": "village", "type": "village",
    "name": "Zorgabadak", "display_name": "Zorgabadak, Kunduz, Afghanistan", "importance": 0.21,
    "address": {"village": "Zorgabadak", "country": "Afghanistan", "country_code": "af"},
}  # fmt: skip


class Fake:
    """A geopy geocoder that answers from a dict and notes what it was asked."""

    def __init__(self, answers: dict[str, Any] | None = None) -> None:
        self.answers = {QUERY: [RAW]} if answers is None else answers
        self.asked: list[str] = []
        self.keywords: dict[str, Any] = {}

    def geocode(self, query: str, **keywords: Any) -> list[Location] | None:
        self.asked.append(query)
        self.keywords = keywords
        found = self.answers.get(query, [])
        if isinstance(found, Exception):
            raise found
        return [Location("", (0, 0), raw) for raw in found] or None


Open = Callable[..., Online]


@pytest.fixture
def opened(gazetteer: Gazetteer, tmp_path: Path) -> Iterator[Open]:
    """Opens with a cache of this test's own and no wait between questions."""
    made = []

    def make(geocoder: Any, **keywords: Any) -> Online:
        cache = tmp_path / "cache" / "online.sqlite"
        made.append(Online(gazetteer, geocoder, **{"cache": cache, "delay_s": 0.0, **keywords}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def nil(name: str = "Zorgabadak", *within: str, kind: Any = "place", reason: Any = "not in gazetteer") -> Resolution:
    mention = Mention(start=0, end=len(name), phrase=name, kind=kind, name=name, sentence=(0, 0), within=within)
    return Resolution(mention=mention, place=None, nil_reason=reason)


def article(*resolutions: Resolution) -> ParsedArticle:
    return ParsedArticle(article=Article(id="a", text="x"), resolutions=resolutions)


def filled(online: Online, *resolutions: Resolution) -> list[str | None]:
    (one,) = online.fill([article(*resolutions)])
    return [resolution.place.id if resolution.place else None for resolution in one.resolutions]


# --- what is asked -------------------------------------------------------------------------------------------------


def test_a_name_without_a_candidate_is_found_and_marked_as_openstreetmaps(gazetteer: Gazetteer, opened: Open) -> None:
    fake = Fake()
    (parsed,) = Geoparser(gazetteer).parse([Article(id="a", text=TEXT)])
    (one,) = opened(fake).fill([parsed])
    found, kunduz = one.resolutions
    assert found.place
    assert (found.place.id, found.place.name, found.place.geonameid) == ("osm:node/42", "Zorgabadak", None)
    assert (found.place.lon, found.place.lat, found.place.country) == (68.50456, 36.70123, "AF")
    assert found.place.admin1 == "24"  # by the polygons: OpenStreetMap has no codes of GeoNames
    assert (found.place.feature_code, found.precision, found.score, found.nil_reason) == ("PPL", "town", 0.21, None)
    assert kunduz == parsed.resolutions[1]
    assert fake.asked == [QUERY]
    assert fake.keywords == {"exactly_one": False, "limit": 5, "addressdetails": True, "language": "en"}


@pytest.mark.parametrize(
    "resolution",
    [
        nil(reason="only far-away namesakes"),
        nil(reason="no shared border"),
        nil(kind="border"),
        nil(kind="demonym"),
        nil(kind="organisation-embedded"),
        nil("x" * 101),
        nil("?"),
        nil("12"),
        nil("\ud800bad"),
    ],
    ids=lambda one: f"{one.mention.kind}-{one.nil_reason}-{ascii(one.mention.name)[:9]}",
)
def test_nothing_else_is_asked(opened: Open, resolution: Resolution) -> None:
    fake = Fake()
    assert filled(opened(fake), resolution) == [None]
    assert fake.asked == []


def test_an_article_with_nothing_to_ask_comes_as_it_was(gazetteer: Gazetteer, opened: Open) -> None:
    (parsed,) = Geoparser(gazetteer).parse([Article(id="a", text="Fighting reached Kunduz.")])
    fake = Fake()
    (one,) = opened(fake).fill([parsed])
    assert one is parsed
    assert fake.asked == []


def test_a_place_in_a_country_that_the_article_does_not_name_is_not_taken(gazetteer: Gazetteer, opened: Open) -> None:
    elsewhere = {**RAW, "osm_id": 7, "address": {"country_code": "ca"}}
    kunduz = gazetteer.candidates("Kunduz")[0].place
    other = Resolution(mention=nil("Kunduz").mention, place=kunduz, precision="town")
    online = opened(Fake({"Zorgabadak": [elsewhere, RAW], "Nowhere": [elsewhere]}))
    assert filled(online, nil(), nil("Nowhere"), other) == ["osm:node/42", None, kunduz.id]
    assert filled(online, nil("Nowhere")) == ["osm:node/7"]  # an article that names no country rules out none


# --- strange answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"addresstype": "shop", "type": "bakery"},
        {"addresstype": "country", "type": "administrative"},
        {"addresstype": None, "type": ["village"]},
        {"lat": "north"},
        {"lat": "nan"},
        {"lon": "200"},
        {"lat": None},
        {"osm_type": "javascript:alert(1)"},
        {"osm_id": "1/../2"},
        {"name": None, "display_name": None},
        {"name": " ", "display_name": ""},
        {"name": "\ud800"},
        {"name": {"en": "x"}},
    ],
    ids=str,
)
def test_an_answer_that_is_no_place_or_not_whole_is_passed_over(opened: Open, change: dict[str, Any]) -> None:
    assert filled(opened(Fake({"Zorgabadak": [{**RAW, **change}]})), nil()) == [None]
    assert filled(opened(Fake({"Other": [{**RAW, **change}, RAW]})), nil("Other")) == ["osm:node/42"]


@pytest.mark.parametrize("address", [None, "Kunduz", {}, {"country_code": "afg"}, {"country_code": 7}])
def test_an_answer_without_a_country_is_a_place_of_none(opened: Open, address: object) -> None:
    online = opened(Fake({"Zorgabadak": [{**RAW, "address": address}]}))
    (one,) = online.fill([article(nil())])
    place = one.resolutions[0].place
    assert place
    assert (place.country, place.admin1) == (None, None)


@pytest.mark.parametrize(("importance", "score"), [(None, 0.0), ("x", 0.0), (7, 1.0), (-1, 0.0), ("0.5", 0.5)])
def test_a_score_lies_between_0_and_1_whatever_comes(opened: Open, importance: object, score: float) -> None:
    (one,) = opened(Fake({"Zorgabadak": [{**RAW, "importance": importance}]})).fill([article(nil())])
    assert one.resolutions[0].score == score


# --- the cache, and failures -----------------------------------------------------------------------------------------


def test_a_name_is_asked_once_also_when_nothing_was_found_and_by_a_later_run(opened: Open) -> None:
    fake = Fake()
    online = opened(fake)
    for _ in range(2):
        assert filled(online, nil("Zorgabadak", "Kunduz"), nil("Nowhere"), nil("Nowhere")) == [
            "osm:node/42",
            None,
            None,
        ]
    online.close()
    later = Fake({})
    assert filled(opened(later), nil("Zorgabadak", "Kunduz"), nil("Nowhere")) == ["osm:node/42", None]
    assert fake.asked == [QUERY, "Nowhere"]
    assert later.asked == []


def test_another_service_is_asked_for_itself(opened: Open) -> None:
    opened(Fake()).close()
    other = Fake()
    assert filled(opened(other, server="https://maps.example"), nil("Zorgabadak", "Kunduz")) == ["osm:node/42"]
    assert other.asked == [QUERY]


def test_a_failure_is_reported_costs_that_name_only_and_is_not_kept(opened: Open) -> None:
    fake = Fake({"One": GeocoderTimedOut("it took\ntoo long"), "Zorgabadak": [RAW]})
    online = opened(fake)
    with pytest.warns(UserWarning, match=r"'One' could not be asked of https://\S+ \(it took too long\)$"):
        assert filled(online, nil("One"), nil()) == [None, "osm:node/42"]
    fake.answers["One"] = [RAW]
    assert filled(online, nil("One")) == ["osm:node/42"]


@pytest.mark.parametrize("error", [GeocoderServiceError("down"), OSError("no route"), ValueError("no JSON")], ids=repr)
def test_after_failures_in_a_row_nothing_more_is_asked(opened: Open, error: Exception) -> None:
    names = [f"Name {letter}" for letter in "abcdef"]
    fake = Fake(dict.fromkeys(names, error))
    with pytest.warns(UserWarning, match="could not be asked") as caught:
        assert filled(opened(fake), *map(nil, names)) == [None] * 6
    assert len(fake.asked) == len(caught) == MOST_FAILURES
    assert str(caught[-1].message).endswith("nothing more is asked")


@pytest.mark.parametrize("damage", ["not a database", "a folder", "another table"])
def test_a_cache_that_cannot_be_used_costs_only_that_names_are_asked_again(
    opened: Open, tmp_path: Path, damage: str
) -> None:
    cache = tmp_path / "cache" / "online.sqlite"
    cache.parent.mkdir()
    if damage == "not a database":
        cache.write_bytes(b"x" * 5000)
    elif damage == "a folder":
        cache.mkdir()
    else:
        with sqlite3.connect(cache) as database:
            database.execute("CREATE TABLE answer(x)")
        database.close()
    with pytest.warns(UserWarning, match="answers cannot be kept there .* remove the file, or check its folder"):
        online = opened(Fake({"Zorgabadak": [RAW]}))
    assert filled(online, nil(), nil()) == ["osm:node/42"] * 2


@pytest.mark.parametrize("raw", ["", "[1]", "{}", "[", "null"])
def test_a_row_of_the_cache_that_cannot_be_read_is_asked_again(opened: Open, tmp_path: Path, raw: str) -> None:
    opened(Fake({})).close()
    with sqlite3.connect(tmp_path / "cache" / "online.sqlite") as database:
        database.execute("INSERT INTO answer VALUES('https://nominatim.openstreetmap.org', 'Zorgabadak', ?)", (raw,))
    database.close()
    assert filled(opened(Fake({"Zorgabadak": [RAW]})), nil()) == ["osm:node/42"]


def test_the_stamp_tells_what_was_filled_in(opened: Open) -> None:
    empty, full = opened(Fake({})), opened(Fake(), server="https://maps.example")
    filled(empty, nil("Nowhere"))
    filled(full, nil("Zorgabadak", "Kunduz"))
    assert empty.stamp == opened(Fake()).stamp
    assert full.stamp != empty.stamp


def test_two_questions_stand_a_second_apart_without_a_geocoder_of_ones_own(
    gazetteer: Gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("geopy.extra.rate_limiter.sleep", slept.append)
    clock = iter(range(100))
    monkeypatch.setattr("geopy.extra.rate_limiter.default_timer", lambda: next(clock) * 0.5)
    monkeypatch.setattr(Nominatim, "geocode", lambda self, query, **_: [])
    with Online(gazetteer, cache=tmp_path / "c.sqlite", delay_s=0.0) as online:
        filled(online, nil("One"), nil("Two"))
    assert slept == [0.5]
    assert DELAY_S >= 1


# --- geopy's own, over a server ----------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        self.server.requests.append((url.path, urllib.parse.parse_qs(url.query), self.headers["User-Agent"]))
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = (200, json.dumps([RAW]).encode())
        self.requests: list[tuple[str, dict[str, list[str]], str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with _Server() as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_nominatim_is_asked_as_its_policy_wants_it(opened: Open, server: _Server) -> None:
    online = opened(nominatim(f"{server.url}/nominatim/", "my project, me@example.org"), server=server.url)
    assert filled(online, nil("Zorgabadak", "Kunduz")) == ["osm:node/42"]
    ((path, question, user_agent),) = server.requests
    assert path == "/nominatim/search"
    assert question["q"] == [QUERY]
    assert question["accept-language"] == ["en"]
    assert user_agent == "my project, me@example.org"


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(
    "answer", [(500, b""), (403, b"no"), (429, b"slow down"), (200, b"<html>"), (200, b'{"error": "x"}')], ids=str
)
def test_a_server_in_trouble_is_a_warning_and_no_place(
    opened: Open, server: _Server, answer: tuple[int, bytes]
) -> None:
    server.answer = answer
    online = opened(nominatim(server.url), server=server.url)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert filled(online, nil()) == [None]
    assert len(caught) <= 1
    assert len(server.requests) == 1


@pytest.mark.parametrize("server", ["nominatim.example", "ftp://x.example", "https://", "file:///etc/passwd"])
def test_what_is_no_address_of_a_server_is_named(server: str) -> None:
    with pytest.raises(UsageError, match="no address of a server; give one such as https://"):
        nominatim(server)


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/c"}, "/c/geomap/online.sqlite"),
        ("linux", {}, "/home/me/.cache/geomap/online.sqlite"),
        ("darwin", {}, "/home/me/Library/Caches/geomap/online.sqlite"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/geomap/online.sqlite"),
    ],
)
def test_the_cache_lies_where_the_system_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cache_file() == Path(expected)


# --- through the house -------------------------------------------------------------------------------------------------


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_parse_asks_with_the_option_and_only_with_it(
    server: _Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    text = tmp_path / "a.txt"
    text.write_text(TEXT)
    results = []
    for options in ([], ["--online", "nominatim", "--online-server", server.url, "--user-agent", "me"]):
        assert main(["parse", str(text), *options]) == 0
        results.append(json.loads(capsys.readouterr().out)["toponyms"][0])
    before, after = results
    assert (before["name"], before["nil_reason"]) == (None, "not in gazetteer")
    assert (after["name"], after["lon"], after["country"], after["geonameid"]) == ("Zorgabadak", 68.50456, "AF", None)
    assert [user_agent for _, _, user_agent in server.requests] == ["me"]


def test_a_build_draws_and_credits_what_was_found_and_keeps_none_of_it_in_its_store(
    gazetteer: Gazetteer, tmp_path: Path
) -> None:
    articles, output = tmp_path / "news", tmp_path / "maps"
    articles.mkdir()
    (articles / "a.txt").write_text(TEXT)
    fake = Fake()
    online = partial(Online, geocoder=fake, cache=tmp_path / "online.sqlite", delay_s=0.0)

    def names() -> set[str]:
        features = json.loads((output / PLACES).read_text("utf-8"))["features"]
        return {feature["id"] for feature in features}

    build([articles], output)
    plain = {name: (output / name).read_bytes() for name in (PAGE, PLACES, MENTIONS)}
    before = names()
    assert len(before) == 1
    assert build([articles], output, online=online).difference.unchanged == ("a.txt",)
    assert names() == before | {"osm:node/42"}
    for name in (PAGE, PLACES, MENTIONS):
        assert "OpenStreetMap contributors" in (output / name).read_text("utf-8"), name
    assert build([articles], output, online=online).written == ()
    build([articles], output)
    assert {name: (output / name).read_bytes() for name in plain} == plain
    assert fake.asked == [QUERY]
    assert ATTRIBUTION.startswith("© OpenStreetMap contributors")
