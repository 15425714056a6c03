"""What the tests share: the bundled gazetteer, small sources and a gazetteer built from them, reference data."""

from __future__ import annotations

import json
import lzma
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, settings

from geomap.gazetteer.build import build
from geomap.gazetteer.store import ENVIRONMENT, Gazetteer
from geomap.gazetteer.userdata import ENVIRONMENT as PLACES
from geomap.model import Article, Resolution
from geomap.pipeline import Geoparser

Found: TypeAlias = list[tuple[str, str, str | None]]
"""Phrase, kind and place id of the outermost mentions of a text, in order; no id for NIL."""
Parse: TypeAlias = Callable[[str], tuple[Resolution, ...]]
Find: TypeAlias = Callable[[str], Found]

ROOT = Path(__file__).parent.parent
SMALL_TOWNS = frozenset({"AF", "TJ"})
SMALL_SHAPES = frozenset({"AF", "CN", "IR", "KG", "PK", "TJ", "TM", "UZ"})

# However slow the machine, time never decides a test.
settings.register_profile("geomap", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("geomap")


@pytest.fixture(scope="session", autouse=True)
def _no_gazetteer_from_the_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests look up in the bundled gazetteer, whatever the shell says, and nobody's own places join in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(ENVIRONMENT, raising=False)
        patch.setenv(PLACES, str(tmp_path_factory.mktemp("home") / "places"))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference data that is no part of the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside the project: its reference data is not part of it")
    return folder


@pytest.fixture(scope="session")
def gazetteer() -> Iterator[Gazetteer]:
    """The bundled gazetteer."""
    with Gazetteer() as opened:
        yield opened


@pytest.fixture(scope="session")
def parse(gazetteer: Gazetteer) -> Parse:
    """Recognition and resolution of one text as an article of its own."""
    geoparser = Geoparser(gazetteer)

    def resolutions(text: str) -> tuple[Resolution, ...]:
        (parsed,) = geoparser.parse([Article(id="a", text=text)])
        return parsed.resolutions

    return resolutions


@pytest.fixture(scope="session")
def find(parse: Parse) -> Find:
    """What is found in one text, as rows to compare."""

    def rows(text: str) -> Found:
        return [(r.mention.phrase, r.mention.kind, r.place.id if r.place else None) for r in parse(text)]

    return rows


@pytest.fixture(scope="session")
def fast(gazetteer: Gazetteer) -> Geoparser:
    """A geoparser without the tagger: what it finds hangs on the rules alone, not on how the tagger was trained."""
    return Geoparser(gazetteer, fast=True)


@pytest.fixture(scope="session")
def fast_parse(fast: Geoparser) -> Parse:
    """Recognition without the tagger, and resolution, of one text as an article of its own."""

    def resolutions(text: str) -> tuple[Resolution, ...]:
        (parsed,) = fast.parse([Article(id="a", text=text)])
        return parsed.resolutions

    return resolutions


@pytest.fixture(scope="session")
def fast_find(fast_parse: Parse) -> Find:
    """What is found in one text without the tagger, as rows to compare."""

    def rows(text: str) -> Found:
        return [(r.mention.phrase, r.mention.kind, r.place.id if r.place else None) for r in fast_parse(text)]

    return rows


@pytest.fixture(scope="session")
def small_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gazetteer's sources, with towns of two countries and polygons of Afghanistan and its neighbours only."""
    sources, small = ROOT / "gazetteer", tmp_path_factory.mktemp("sources") / "gazetteer"
    shutil.copytree(sources, small, ignore=shutil.ignore_patterns("places.tsv.xz"))
    with lzma.open(sources / "places.tsv.xz", "rt", encoding="utf-8", newline="\n") as lines:
        towns = [next(lines), *(line for line in lines if line.split("\t")[2] in SMALL_TOWNS)]
    (small / "places.tsv.xz").write_bytes(lzma.compress("".join(towns).encode(), preset=0))
    topology = json.loads((small / "countries.topo.json").read_text(encoding="utf-8"))
    countries = topology["objects"]["countries"]
    countries["geometries"] = [g for g in countries["geometries"] if g["properties"]["country"] in SMALL_SHAPES]
    (small / "countries.topo.json").write_text(json.dumps(topology), encoding="utf-8")
    return small


@pytest.fixture(scope="session")
def small_gazetteer(small_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the builder makes of the small sources."""
    target = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    build(small_sources, target)
    return target
