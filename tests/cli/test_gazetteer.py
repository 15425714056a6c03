"""``geomap gazetteer``: what a file holds and where it comes from; making one from its sources."""

from __future__ import annotations

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
