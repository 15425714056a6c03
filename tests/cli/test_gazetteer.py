"""``geomap gazetteer``: what a file holds and where it comes from; making one from its sources."""

from __future__ import annotations

import json
from pathlib import Path

from geomap.gazetteer.store import BUNDLED, Gazetteer
from tests.cli.conftest import Run


def test_info_names_the_file_its_counts_and_every_source_with_its_licence(geomap: Run, gazetteer: Gazetteer) -> None:
    done = geomap("gazetteer", "info")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith(f"file         {BUNDLED} (")
    assert lines[1] == f"fingerprint  {gazetteer.fingerprint}"
    counts = {what: line.split()[1] for what, line in zip(gazetteer.counts(), lines[2:], strict=False)}
    assert counts == {what: f"{count:,}" for what, count in gazetteer.counts().items()}
    for source in gazetteer.sources:
        block = done.out.split(f"\n{source['name']}\n")[1].split("\n\n")[0]
        for key in ("version", "licence", "attribution"):
            assert f"  {key:<12} {source[key]}" in block.splitlines()


def test_info_on_another_file_is_about_that_one(geomap: Run, small_gazetteer: Path) -> None:
    done = geomap("gazetteer", "info", "--gazetteer", small_gazetteer)
    with Gazetteer(small_gazetteer) as small:
        assert f"fingerprint  {small.fingerprint}" in done.out.splitlines()
        assert f"places       {small.counts()['place']:,}" in done.out.splitlines()


def test_build_makes_a_file_that_lookup_can_use(
    geomap: Run, small_sources: Path, small_gazetteer: Path, tmp_path: Path
) -> None:
    done = geomap("gazetteer", "build", "--sources", small_sources, "-o", "new/own.sqlite")
    assert (done.status, done.err) == (0, "")
    with Gazetteer(small_gazetteer) as small:
        counts = ", ".join(f"{count:,} {what}s" for what, count in small.counts().items())
    assert done.out.startswith("written   new/own.sqlite  (") and done.out.endswith(f" MB: {counts})\n")
    assert (tmp_path / "new" / "own.sqlite").read_bytes() == small_gazetteer.read_bytes()
    assert geomap("lookup", "Kunduz", "--gazetteer", "new/own.sqlite").out.startswith("Kunduz: ")


def test_a_damaged_file_is_named_with_its_mend(geomap: Run, small_gazetteer: Path, tmp_path: Path) -> None:
    (tmp_path / "half.sqlite").write_bytes(small_gazetteer.read_bytes()[:50_000])
    done = geomap("lookup", "Kunduz", "--gazetteer", "half.sqlite")
    assert done.status == 2
    assert done.err.startswith("geomap: half.sqlite: damaged") and done.err.count("\n") == 1
    assert "build it again with `geomap gazetteer build`" in done.err


# --- dumps ---------------------------------------------------------------------------------------------------------


def row(gid: int, name: str, lat: object = 36.0) -> str:
    return "\t".join(
        map(str, (gid, name, name, "", lat, 69.0, "P", "PPL", "AF", "", "24", "", "", "", 0, "", 400, "Asia/Kabul", "2026-02-03"))
    )  # fmt: skip


def test_build_lays_a_dump_over_the_bundled_gazetteer_and_other_commands_use_it(geomap: Run, tmp_path: Path) -> None:
    rows = [row(77_000_001, "Testabad"), *(row(77_000_002 + n, "X", lat=100) for n in range(12))]
    (tmp_path / "AF.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = geomap("gazetteer", "build", "--geonames", "AF.txt", "-o", "my.sqlite")
    assert done.status == 0
    errors = done.err.splitlines()
    assert errors[0] == "geomap: AF.txt:2: latitude '100' is not between -90 and 90; passed over"
    assert errors[10:] == ["geomap: 2 more bad rows passed over, 12 in all"]
    lines = done.out.splitlines()
    assert lines[0] == "places    1 added, 0 renewed"
    assert lines[1].startswith("written   my.sqlite  (")
    for found in (
        geomap("lookup", "Testabad", "--gazetteer", "my.sqlite").out,
        geomap("lookup", "Testabad", GEOMAP_GAZETTEER="my.sqlite").out,
    ):
        assert "gn:77000001" in found
    text = '{"id": "a", "text": "Fighting reached the city of Testabad in Kunduz Province, Afghanistan."}'
    parsed = geomap("parse", "--gazetteer", "my.sqlite", stdin=text)
    assert 77_000_001 in [toponym["geonameid"] for toponym in json.loads(parsed.out)["toponyms"]]
    info = geomap("gazetteer", "info", "--gazetteer", "my.sqlite").out
    assert "\nGeoNames, AF.txt\n  version      rows changed up to 2026-02-03\n  file         AF.txt\n" in info


def test_a_dump_is_never_laid_into_the_bundled_file(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "AF.txt").write_text(row(77_000_001, "Testabad") + "\n", encoding="utf-8")
    done = geomap("gazetteer", "build", "--geonames", "AF.txt")
    assert (done.status, done.out) == (2, "")
    assert done.err == "geomap: GeoNames files are not laid into the bundled gazetteer; name another file with -o\n"


# --- own places ------------------------------------------------------------------------------------------------------


def test_own_places_are_added_listed_found_and_removed(geomap: Run, tmp_path: Path) -> None:
    own = {"GEOMAP_PLACES": str(tmp_path / "own")}
    assert "none in " in geomap("gazetteer", "places", **own).out
    (tmp_path / "mine.csv").write_text("name;Latitude;Longitude\nTestabad;36,5;68,25\nX;99;0\n", encoding="utf-8")
    added = geomap("gazetteer", "add", "mine.csv", **own)
    assert added.status == 1
    assert added.err == (
        "geomap: mine.csv:3: latitude '99' is not between -90 and 90 degrees (WGS 84); the row is left out\n"
    )
    assert added.out == f"kept      1 place as list mine  ({tmp_path / 'own' / 'mine.csv'})\n"
    listed = geomap("gazetteer", "places", **own).out.splitlines()
    assert listed[1] == "  PPL   Testabad  36.50000, 68.25000  my:testabad"
    assert "my:testabad" in geomap("lookup", "Testabad", **own).out
    assert "own places: mine\n  attribution  Own places\n" in geomap("gazetteer", "info", **own).out
    assert geomap("gazetteer", "remove", "mine", **own).out == "removed   mine  (1 place)\n"
    assert geomap("lookup", "Testabad", **own).out == "Testabad: no candidates\n"
    gone = geomap("gazetteer", "remove", "mine", **own)
    assert gone.status == 2
    assert gone.err.startswith("geomap: mine: neither a list of own places (none) nor the id of one;")
