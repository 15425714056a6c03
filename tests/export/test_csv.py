"""The table for spreadsheets: nothing in it runs, and it reads back as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.export import write
from geomap.export.geojson import mentions_geojson
from geomap.model import Article, Atlas
from tests.export.conftest import MakeAtlas

HEADER = (
    "id article title date source url sentence phrase start end kind role precision score place name country countries "
    "admin1 admin2 geonameid nil_reason lon lat"
).split()


def written(atlas: Atlas, path: Path) -> str:
    write("csv", atlas, lambda _: None, (), path)
    return path.read_bytes().decode("utf-8-sig")


def rows(atlas: Atlas, path: Path) -> list[dict[str, str]]:
    written(atlas, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_begins_with_the_mark_by_which_excel_knows_utf8(atlas: Atlas, tmp_path: Path) -> None:
    written(atlas, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfid,article,")


def test_one_row_a_mention_with_the_same_columns_as_the_geojson(atlas: Atlas, tmp_path: Path) -> None:
    found = rows(atlas, tmp_path / "a.csv")
    assert list(found[0]) == HEADER
    features = json.loads(mentions_geojson(atlas))["features"]
    assert list(features[0]["properties"]) == HEADER[1:-2]
    assert [row["id"] for row in found] == [feature["id"] for feature in features]
    first = found[0]
    assert (first["id"], first["phrase"], first["geonameid"]) == ("every-kind.txt#0-5", "KABUL", "1138958")
    assert (first["lon"], first["lat"]) == ("69.17233", "34.52813")


def test_a_mention_without_a_pin_has_no_coordinates(atlas: Atlas, tmp_path: Path) -> None:
    unpinned = [row["phrase"] for row in rows(atlas, tmp_path / "a.csv") if not (row["lon"] or row["lat"])]
    assert unpinned == ["Afghan", "border of Laos and Peru", "Moscow State University"]


def test_pandas_reads_numbers_as_numbers(atlas: Atlas, tmp_path: Path) -> None:
    written(atlas, tmp_path / "a.csv")
    pandas = pytest.importorskip("pandas")  # untyped
    frame = pandas.read_csv(tmp_path / "a.csv")
    assert frame["lon"].dtype == frame["score"].dtype == "float64"
    assert frame["start"].dtype == "int64"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(make_atlas: MakeAtlas, tmp_path: Path, first: str) -> None:
    r"""The first characters of OWASP's list on CSV injection, in every field that an article's author fills in."""
    formula = f'{first}HYPERLINK("http://evil.example")'
    article = Article(
        id=formula, text=f"{formula} reached Kunduz.", title=formula, date=formula, source=formula, url=formula
    )
    (row,) = rows(make_atlas(article), tmp_path / "a.csv")
    filled = [row[key] for key in ("id", "article", "title", "date", "source", "url")]
    assert [cell[0] for cell in filled] == ["'"] * 6
    assert filled[2] == f"'{formula}"
    assert not row["sentence"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_negative_longitude_stays_a_number(make_atlas: MakeAtlas, tmp_path: Path) -> None:
    (row,) = rows(make_atlas(Article(id="a", text="Officials met in Washington.")), tmp_path / "a.csv")
    assert float(row["lon"]) == pytest.approx(-77.04, abs=0.01)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)


@settings(max_examples=60)
@given(title=CELLS, source=CELLS)
def test_any_metadata_reads_back(
    make_atlas: MakeAtlas, tmp_path_factory: pytest.TempPathFactory, title: str, source: str
) -> None:
    """Commas, quotes and line breaks of every kind stay in their cell."""
    article = Article(id="a", text="Fighting reached Kunduz.", title=title, source=source)
    (row,) = rows(make_atlas(article), tmp_path_factory.mktemp("csv") / "a.csv")
    assert row["title"].removeprefix("'") == title.removeprefix("'")
    assert row["source"].removeprefix("'") == source.removeprefix("'")


def test_a_lone_carriage_return_does_not_break_a_row(make_atlas: MakeAtlas, tmp_path: Path) -> None:
    """Old Macintosh line ends; a reader takes one outside quotes for the end of the row."""
    article = Article(id="a", text="Fighting has\rreached Kunduz.", title="one\rtwo")
    (row,) = rows(make_atlas(article), tmp_path / "a.csv")
    assert (row["title"], row["phrase"], row["geonameid"]) == ("one\rtwo", "Kunduz", "1135689")


def test_a_lone_surrogate_is_replaced(make_atlas: MakeAtlas, tmp_path: Path) -> None:
    (row,) = rows(make_atlas(Article(id="a", text="Fighting \ud800 reached Kunduz.")), tmp_path / "a.csv")
    assert row["sentence"] == "Fighting ? reached Kunduz."


def test_an_atlas_of_nothing_is_a_table_with_its_header(tmp_path: Path) -> None:
    assert written(Atlas(articles=(), places=()), tmp_path / "a.csv") == ",".join(HEADER) + "\n"
