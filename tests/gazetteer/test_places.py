"""An analyst's own places: from whatever table they come, found before others, kept through everything."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import GazetteerError, UsageError
from geomap.gazetteer.lists import add, read_lists, remove
from geomap.gazetteer.sources.table import OwnPlace, read_table
from geomap.gazetteer.store import Gazetteer
from geomap.gazetteer.userdata import ENVIRONMENT, folder
from geomap.model import Article
from geomap.pipeline import Geoparser, build

TABLE = "name,lat,lon,kind,country,variants\nCamp Testabad,36.5,68.25,camp,AF,Testabad|Тестабад\nKunduz,36.1,68.1,town,AF,\n"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the places of one test are kept."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "home" / "places"))
    return tmp_path / "home" / "places"


def table(folder: Path, text: str | bytes = TABLE, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def names(path: Path, encoding: str | None = None) -> list[tuple[str, float, float]]:
    return [(place.name, place.lat, place.lon) for place in read_table(path, encoding).places]


# --- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "name,lat,lon\nKöl,36.5,68.25\n",
        "Name;Latitude;Longitude\r\nKöl;36,5;68,25\r\n",
        "X\tY\tTITLE\tid\n68.25\t36.5\tKöl\t17\n",
        "lng|lat|Place Name|owner\n68,25|36,5|Köl|me\n",
        'LONG,LAT,label\n"68.25"," 36.5 ","Köl"\n\n,,\n',
        "\n".join(["note,name,lat,lon", '"two', 'lines",Köl,36.5,68.25']),
    ],
    ids=["plain", "semicolons and decimal commas", "x and y", "bars", "quotes and empty rows", "a note of two lines"],
)
def test_columns_are_found_by_the_names_that_gis_programs_give_them(tmp_path: Path, text: str) -> None:
    for data in (text.encode(), codecs.BOM_UTF8 + text.encode(), text.encode("utf-16")):
        assert names(table(tmp_path, data)) == [("Köl", 36.5, 68.25)]


def test_excels_own_encodings_are_read_by_name_and_refused_with_the_line_without(tmp_path: Path) -> None:
    path = table(tmp_path, "name;lat;lon\nKabul;34;69\nКёль;36,5;68,25\n".encode("cp1251"))
    assert names(path, "cp1251")[1] == ("Кёль", 36.5, 68.25)
    with pytest.raises(
        GazetteerError, match=r"mine\.csv:3: byte 0xeb is not UTF-8; save it as “CSV UTF-8”, or name its"
    ):
        read_table(path)
    with pytest.raises(GazetteerError, match=r"^no-such: no such encoding; name one such as cp1251"):
        read_table(path, "no-such")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("X,99,0,,", "latitude '99' is not between -90 and 90 degrees (WGS 84)"),
        ("X,0,512345.2,,", "longitude '512345.2' is not between -180 and 180 degrees (WGS 84)"),
        ("X,nan,0,,", "latitude 'nan' is not between"),
        ("X,,0,,", "latitude '' is not between"),
        ("X,N 36,0,,", "latitude 'N 36' is not between"),
        (",1,1,,", "'' is no name"),
        ("'-.,1,1,,", "is no name"),
        ("X,1,1,Afghanistan,", "country 'AFGHANISTAN' is no ISO 3166-1 code of two letters"),
        ("X,1,1,,dacha!", "kind 'dacha!' is neither a GeoNames feature code nor town"),
        ("X,1", "2 cells, too few for the header"),
        ("Köl,36.5,68.25,,", "'Köl' stands at the same point in line 2"),
    ],
)
def test_a_bad_row_is_named_by_line_and_the_good_ones_are_kept(tmp_path: Path, row: str, reason: str) -> None:
    read = read_table(table(tmp_path, f"name,lat,lon,country,kind\nKöl,36.5,68.25,,\n{row}\nEnd,1,2,tj,airbase\n"))
    assert [place.name for place in read.places] == ["Köl", "End"]
    assert read.places[1] == OwnPlace(name="End", lat=1, lon=2, country="TJ", kind="AIRB")
    (message,) = read.bad
    assert message.startswith(f"{tmp_path / 'mine.csv'}:3: ")
    assert reason in message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", ":1: no column name and lat and lon in ''; the first line must name the columns name, lat, lon"),
        (b"name,lat\nKabul,34\n", ":1: no column lon in 'name,lat'"),
        (b"name,lat,lon,Longitude\nKabul,34,69,69\n", ":1: two columns mean lon; rename or remove one of them"),
        (b"name,lat,lon\n", ": no place in it: there is no row below the header"),
        (b"name,lat,lon\nX,99,0\n", ": no place in it: all 1 rows are bad, the first: "),
        (b"PK\x03\x04rest of a workbook", ": an Excel workbook or a zip; save the sheet as"),
        (b'name,lat,lon\nKabul,34,69\n"' + b"x" * 200_000, ":3: no table from here on (field larger than field limit"),
    ],
)
def test_a_file_that_is_no_table_of_places_is_a_named_error(tmp_path: Path, data: bytes, message: str) -> None:
    path = table(tmp_path, data)
    with pytest.raises(GazetteerError) as error:
        add(path)
    assert str(error.value).startswith(f"{path}{message}")
    assert read_lists() == []


@given(data=st.binary(max_size=300))
def test_no_bytes_bring_the_reader_down(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = table(tmp_path_factory.getbasetemp(), b"name,lat,lon\n" + data)
    try:
        read = read_table(path)
    except GazetteerError:
        return
    assert all(-90 <= place.lat <= 90 and -180 <= place.lon <= 180 and place.name for place in read.places)


# --- kept --------------------------------------------------------------------------------------------------------------


def test_what_is_added_is_kept_as_a_table_and_read_back_the_same(tmp_path: Path, kept: Path) -> None:
    added = add(table(tmp_path))
    assert (added.kept.name, added.kept.path, added.bad) == ("mine", kept / "mine.csv", ())
    assert read_lists() == [added.kept]
    assert added.kept.places[0] == OwnPlace(
        id="my:camp-testabad", name="Camp Testabad", lat=36.5, lon=68.25, kind="CMP", country="AF", variants=("Testabad", "Тестабад")
    )  # fmt: skip


def test_without_a_wish_they_are_kept_where_the_system_keeps_a_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert folder() == tmp_path / "geomap" / "places"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert folder() == Path.home() / ".local" / "share" / "geomap" / "places"
    monkeypatch.setattr("sys.platform", "darwin")
    assert folder() == Path.home() / "Library" / "Application Support" / "geomap" / "places"


def test_ids_are_stable_when_a_table_grows_and_is_added_again(tmp_path: Path) -> None:
    first = add(table(tmp_path, "name,lat,lon\nKala,1,1\nKala,2,2\n")).kept
    assert [place.id for place in first.places] == ["my:kala", "my:kala-2"]
    again = add(table(tmp_path, "name,lat,lon\nKala,3,3\nNew,4,4\nKala,2,2\nKala,1,1\n")).kept
    assert [place.id for place in again.places] == ["my:kala-3", "my:new", "my:kala-2", "my:kala"]
    other = add(table(tmp_path, "name,lat,lon\nKala,1,1\n", "other.csv")).kept
    assert [place.id for place in other.places] == ["my:kala-4"]
    assert len(read_lists()) == 2


def test_a_kept_table_can_be_edited_in_a_spreadsheet_and_added_again(tmp_path: Path, kept: Path) -> None:
    add(table(tmp_path))
    text = (kept / "mine.csv").read_text(encoding="utf-8").replace(",", ";").replace("36.5", "37.5")
    (kept / "mine.csv").write_bytes(codecs.BOM_UTF8 + text.encode())
    with Gazetteer() as gazetteer:
        assert gazetteer.candidates("Camp Testabad")[0].place.lat == 37.5
    assert [place.id for place in add(kept / "mine.csv").kept.places] == ["my:camp-testabad", "my:kunduz"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,name,lat,lon\nmy:a,A,100,1\nmy:b,B,1,1\n", r"mine\.csv:2: latitude '100'"),
        ("id,name,lat,lon\nmy:a,A,1,1\nmy:a,B,1,1\n", r"mine\.csv: a place's id is missing or doubled"),
        ("id,name,lat,lon\n,A,1,1\n", r"mine\.csv: a place's id is missing or doubled"),
    ],
)
def test_a_damaged_list_is_a_named_error_and_can_be_removed(kept: Path, text: str, message: str) -> None:
    kept.mkdir(parents=True)
    table(kept, text)
    with pytest.raises(
        GazetteerError, match=f"{message}.*; mend it in .*, or remove the list with `geomap gazetteer remove mine`"
    ):
        Gazetteer()
    assert remove("mine") > 0
    Gazetteer().close()


def test_a_list_or_one_place_can_be_removed(tmp_path: Path) -> None:
    add(table(tmp_path))
    assert remove("my:kunduz") == 1
    assert [place.id for kept in read_lists() for place in kept.places] == ["my:camp-testabad"]
    assert remove("my:camp-testabad") == 1
    assert read_lists() == []
    add(table(tmp_path))
    assert remove("mine") == 2
    for what in ("mine", "my:kunduz", "../mine", "*"):
        with pytest.raises(
            UsageError, match=r"neither a list of own places \(none\) nor the id of one; see `geomap gazetteer places`"
        ):
            remove(what)


# --- looked up -------------------------------------------------------------------------------------------------------


def test_an_own_place_goes_before_all_others_of_its_name_and_hides_none(tmp_path: Path, gazetteer: Gazetteer) -> None:
    add(table(tmp_path))
    with Gazetteer() as opened:
        found = opened.candidates("Kunduz")
        assert found[0].place.id == "my:kunduz"
        assert found[1:] == gazetteer.candidates("Kunduz")
        assert [c.place.id for c in opened.candidates("ТЕСТАБАД")] == ["my:camp-testabad"]
        assert opened.candidates("Camp Testabad", "TJ") == ()
        assert opened.match_lengths(["camp", "testabad", "city"]) == [*gazetteer.match_lengths(["camp"]), 2]
        assert opened.place(found[0].place and next(iter(opened._own.of_key("kunduz")))) == found[0].place
        assert opened.nearest(68.1, 36.1, 1)[0][0].id == "my:kunduz"
        assert opened.nearest(68.1, 36.1, 1, 1_000)[0][0].id != "my:kunduz"
        assert opened.shape(found[0].place) is None
        assert opened.counts() == gazetteer.counts()


def test_they_hold_for_any_gazetteer_file_unless_they_are_not_wanted(tmp_path: Path, small_gazetteer: Path) -> None:
    add(table(tmp_path))
    with Gazetteer(small_gazetteer) as with_own, Gazetteer(small_gazetteer, own_places=False) as without:
        assert with_own.candidates("Camp Testabad")
        assert not without.candidates("Camp Testabad")
        assert with_own.fingerprint.startswith(f"{without.fingerprint}+")
        assert set(with_own.attribution) - set(without.attribution) == {"Own places"}
        assert with_own.sources[-1]["name"] == "own places: mine"


def meant(text: str) -> dict[str, str | None]:
    with Gazetteer() as opened:
        (parsed,) = Geoparser(opened).parse([Article(id="a", text=text)])
        return {r.mention.phrase: r.place.id if r.place else None for r in parsed.resolutions}


def test_the_geoparser_means_an_own_place_whatever_the_article_is_about(tmp_path: Path) -> None:
    add(table(tmp_path, "name,lat,lon,country\nCamp Testabad,36.5,68.25,AF\nKunduz,36.1,68.1,\nParis,1,1,TJ\n"))
    found = meant(
        "Afghan troops left Camp Testabad on Sunday. The Taliban entered Kunduz, officials in Kabul said. In France, "
        "the president spoke in Paris."
    )
    assert found["Camp Testabad"] == "my:camp-testabad"
    assert found["Kunduz"] == "my:kunduz"
    assert found["Paris"] == "my:paris"


def test_words_that_ask_for_a_province_do_not_mean_an_own_town_of_its_name(tmp_path: Path) -> None:
    add(table(tmp_path, "name,lat,lon,country\nKunduz,36.1,68.1,AF\n"))
    assert "my:kunduz" not in meant("The governor of Kunduz Province left for Kabul.").values()


def test_a_person_of_the_name_is_still_a_person(tmp_path: Path) -> None:
    add(table(tmp_path, "name,lat,lon,country\nSharif,36.1,68.1,AF\n"))
    assert "my:sharif" not in meant("Nawaz Sharif said on Monday in Islamabad that talks would go on.").values()


def test_articles_are_parsed_anew_when_own_places_change_and_the_map_names_them(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Fighting reached Kunduz and Kabul.", encoding="utf-8")
    assert build([news], tmp_path / "maps").difference.new == ("a.txt",)
    assert build([news], tmp_path / "maps").difference.unchanged == ("a.txt",)
    add(table(tmp_path))
    assert build([news], tmp_path / "maps").difference.changed == ("a.txt",)
    geojson = (tmp_path / "maps" / "places.geojson").read_text(encoding="utf-8")
    assert "my:kunduz" in geojson
    assert "Own places" in geojson
    remove("mine")
    assert build([news], tmp_path / "maps").difference.changed == ("a.txt",)
    assert "my:kunduz" not in (tmp_path / "maps" / "places.geojson").read_text(encoding="utf-8")
