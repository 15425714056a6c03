"""GeoNames' own files laid over a gazetteer: what wins, what stays, what a bad row and a kill cost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from geomap.errors import GazetteerError, GazetteerNotFoundError, OutputError
from geomap.gazetteer.build import build_grown
from geomap.gazetteer.grow import grow
from geomap.gazetteer.layers import Grown
from geomap.gazetteer.sources.geonames import Dumps
from geomap.gazetteer.store import BUNDLED, Gazetteer
from geomap.model import Place

KABUL, KUNDUZ, KUNDUZ_PROVINCE, AFGHANISTAN = 1138958, 1135689, 1135690, 1149361
BAGRAM_TOWN = 1147489  # a town that a curated table names too


def line(
    gid: int, name: str, *, lat: float | str = 36.0, lon: float | str = 69.0, cls: str = "P", code: str = "PPL",
    cc: str = "AF", adm1: str = "24", adm2: str = "2402", people: int | str = 0, others: str = "", ascii_name: str = "",
) -> str:  # fmt: skip
    """A row of a dump."""
    return "\t".join(
        map(str, (gid, name, ascii_name or name, others, lat, lon, cls, code, cc, "", adm1, adm2, "", "", people, "", 400, "Asia/Kabul", "2026-02-03"))
    )  # fmt: skip


def dump(folder: Path, *lines: str, name: str = "AF.txt") -> Path:
    path = folder / name
    path.write_text("".join(f"{row}\n" for row in lines), encoding="utf-8")
    return path


@pytest.fixture
def laid(small_gazetteer: Path, tmp_path: Path) -> Any:
    """Lays rows of a dump over the small gazetteer and opens the result."""
    opened: list[Gazetteer] = []

    def lay(*lines: str, **others: Path) -> tuple[Gazetteer, Grown]:
        places = (dump(tmp_path, *lines),) if lines else ()
        grown = grow(small_gazetteer, Dumps(places=places, **others), tmp_path / "grown.sqlite")
        opened.append(Gazetteer(tmp_path / "grown.sqlite"))
        return opened[-1], grown

    yield lay
    for one in opened:
        one.close()


def only(gazetteer: Gazetteer, name: str) -> Place:
    (candidate,) = gazetteer.candidates(name)
    return candidate.place


# --- what a row becomes ----------------------------------------------------------------------------------------------


def test_a_new_place_is_found_by_each_of_its_names(laid: Any) -> None:
    gazetteer, grown = laid(
        line(
            77_000_001, "Testābād", ascii_name="Testabad", people=1_200, others="Тестабад,Testobod,tst abd,TSB,تست آباد"
        )
    )
    expected = Place(
        id="gn:77000001", name="Testābād", country="AF", admin1="24", admin2="2402", lon=69.0, lat=36.0, feature_code="PPL",
        population=1_200, geonameid=77_000_001,
    )  # fmt: skip
    for name in ("testabad", "ТЕСТАБАД", "Testobod", "تست آباد"):
        assert only(gazetteer, name) == expected
    assert gazetteer.candidates("tst abd") == gazetteer.candidates("TSB") == ()  # a machine's spelling, a code
    assert [c.match for c in gazetteer.candidates("Testaabaad")] == ["transliteration"]
    assert (grown.added, grown.renewed, grown.bad.count) == (1, 0, 0)
    assert expected in [place for place, _ in gazetteer.nearest(69.0, 36.0, 1)]


@pytest.mark.parametrize(
    ("cls", "code", "kind"),
    [
        ("S", "AIRB", "facility"), ("S", "MSQE", "facility"), ("S", "PSTB", "place"), ("H", "STM", "place"),
        ("S", "UNIV", "organisation-embedded"), ("A", "ADM3", "place"), ("P", "", "place"),
    ],
)  # fmt: skip
def test_the_feature_code_gives_the_kind(laid: Any, cls: str, code: str, kind: str) -> None:
    place = only(laid(line(77_000_001, "Testabad", cls=cls, code=code))[0], "Testabad")
    assert (place.kind, place.feature_code) == (kind, code or cls)


def test_what_nobody_singled_out_weighs_less_than_a_town_of_its_name(laid: Any) -> None:
    gazetteer, _ = laid(
        line(77_000_001, "Testabad", cls="H", code="STM"),
        line(77_000_002, "Testabad", cls="S", code="HTL"),
        line(77_000_003, "Testabad", cls="A", code="ADM3", people=90_000),
        line(77_000_004, "Testabad", people=20_000),
    )
    codes = [candidate.place.feature_code for candidate in gazetteer.candidates("Testabad")]
    assert codes == ["PPL", "ADM3", "STM", "HTL"]


def test_a_town_is_renewed_and_keeps_the_names_it_had(laid: Any, small_gazetteer: Path) -> None:
    with Gazetteer(small_gazetteer) as before:
        (old,) = [place for place, _ in before.nearest(68.8, 38.4, 40) if not before._rows(
            "SELECT 1 FROM curated WHERE place = ?", place.geonameid
        )][:1]  # fmt: skip
    gazetteer, grown = laid(
        line(
            old.geonameid or 0,
            "New Name",
            lat=38.5,
            lon=68.5,
            code="PPLA2",
            cc="TJ",
            adm1="03",
            adm2="",
            people=777_777,
        )
    )
    place = gazetteer.place(old.geonameid or 0)
    assert place == Place(
        id=old.id, name="New Name", country="TJ", admin1="03", lon=68.5, lat=38.5, feature_code="PPLA2",
        population=777_777, geonameid=old.geonameid,
    )  # fmt: skip
    assert place in [candidate.place for candidate in gazetteer.candidates(old.name)]
    assert gazetteer.candidates("New Name")[0].place == place
    assert (grown.added, grown.renewed) == (0, 1)
    assert (place, 0.0) == gazetteer.nearest(68.5, 38.5, 1)[0]


def test_a_curated_place_keeps_its_name_and_takes_the_newer_point(laid: Any, small_gazetteer: Path) -> None:
    with Gazetteer(small_gazetteer) as before:
        old = before.place(BAGRAM_TOWN)
    gazetteer, _ = laid(line(BAGRAM_TOWN, "Bagrām-e Naw", lat=34.5, lon=69.5, adm1="40", adm2="4005", people=9_999_999))
    new = gazetteer.place(BAGRAM_TOWN)
    assert (new.name, new.country, new.admin1, new.kind) == (old.name, old.country, old.admin1, old.kind)
    assert (new.lon, new.lat, new.population) == (69.5, 34.5, 9_999_999)
    assert new in [candidate.place for candidate in gazetteer.candidates("Bagram-e Naw")]


@pytest.mark.parametrize("geonameid", [AFGHANISTAN, KUNDUZ_PROVINCE])
def test_a_country_and_a_province_stay_as_they_are(laid: Any, small_gazetteer: Path, geonameid: int) -> None:
    with Gazetteer(small_gazetteer) as before:
        old, shape = before.place(geonameid), before.shape(before.place(geonameid))
    gazetteer, _ = laid(line(geonameid, "Elsewhere", lat=1, lon=1, cls="S", code="HTL", cc="FR", adm1="99", people=5))
    assert gazetteer.place(geonameid) == old
    assert gazetteer.shape(old) == shape
    assert gazetteer.admin1("AF", "24").id == f"gn:{KUNDUZ_PROVINCE}"


def test_a_capital_stays_one_and_a_population_that_is_not_known_takes_none_away(laid: Any) -> None:
    gazetteer, _ = laid(line(KABUL, "Kabul", lat=34.5, lon=69.2, adm1="13", adm2=""))
    kabul = gazetteer.candidates("Kabul")[0].place
    assert (kabul.geonameid, kabul.feature_code) == (KABUL, "PPLC")
    assert kabul.population > 1_000_000
    assert gazetteer.capital("AF") == kabul


def test_of_two_rows_of_one_place_the_later_decides(laid: Any) -> None:
    gazetteer, grown = laid(line(77_000_001, "Altabad", lat=10), line(77_000_001, "Neuabad", lat=20))
    assert only(gazetteer, "Neuabad").lat == only(gazetteer, "Altabad").lat == 20
    assert (grown.added, grown.renewed) == (1, 1)


def test_second_level_codes_are_kept_and_lead_to_the_unit(laid: Any) -> None:
    gazetteer, _ = laid(
        line(77_000_001, "Testabad", adm2="2499"), line(77_000_002, "Test District", cls="A", code="ADM2", adm2="2499")
    )
    assert gazetteer.place(77_000_001).admin2 == gazetteer.place(77_000_002).admin2 == "2499"
    assert gazetteer._rows("SELECT place FROM unit WHERE country = 'AF' AND admin2 = '2499'") == [(77_000_002,)]


# --- names, units, containers ----------------------------------------------------------------------------------------


def test_alternate_names_in_scripts_that_are_read_count_by_their_flags(laid: Any, tmp_path: Path) -> None:
    rows = [
        "1\t77000001\tru\tИспытание\t\t\t\t\t\t",
        "2\t77000001\ten\tTrial City\t1\t\t\t\t\t",
        "3\t77000001\ten\tOldtown\t\t\t\t1\t1900\t1950",
        "4\t77000001\tzh\t試城\t\t\t\t\t\t",
        "5\t77000001\tlink\thttps://example.org/Trial\t\t\t\t\t\t",
        "6\t77000001\tpost\tAB12\t\t\t\t\t\t",
        "7\t77000001\tfa\tآزمون\t\t\t\t\t\t",
        "8\t99999999\ten\tNowhere\t\t\t\t\t\t",
        "9\t77000001\tde\tProbe\t\t\t\t",
        "10\t77000001\tde\tNeun\t\t\t\t\t",
    ]
    names = dump(tmp_path, *rows, name="alternateNamesV2.txt")
    gazetteer, grown = laid(line(77_000_001, "Testabad", people=1_000), alternate_names=names)
    scores = {
        name: gazetteer.candidates(name)[0].score
        for name in ("Testabad", "Trial City", "Испытание", "Probe", "Oldtown", "آزمون")
    }
    assert scores["Testabad"] == scores["Trial City"] > scores["Испытание"] == scores["آزمون"] > scores["Oldtown"]
    assert {
        name for name in ("試城", "https://example.org/Trial", "AB12", "Nowhere") if gazetteer.candidates(name)
    } == set()
    assert (grown.names, grown.homeless) == (5, 1)
    assert [message.split(": ", 1)[1] for message in grown.bad.messages] == ["9 columns, not 8 or 10; passed over"]


def test_tables_of_units_give_english_names(laid: Any, tmp_path: Path) -> None:
    one = dump(
        tmp_path, "AF.88\tTestland\tTestland\t77000001", "AF.89\tOther\tOther\t99999999", name="admin1CodesASCII.txt"
    )
    two = dump(tmp_path, "AF.88.1\tTest County\tTest County\t77000002", name="admin2Codes.txt")
    gazetteer, grown = laid(
        line(77_000_001, "Wilāyat-e Test", cls="A", code="ADM1", adm1="88", adm2=""),
        line(77_000_002, "Shahristan-e Test", cls="A", code="ADM2", adm1="88", adm2="1"),
        admin1=one, admin2=two,
    )  # fmt: skip
    assert only(gazetteer, "Testland").geonameid == 77_000_001
    assert only(gazetteer, "Test County").geonameid == 77_000_002
    assert gazetteer.admin1("AF", "88") == gazetteer.place(77_000_001)
    assert (grown.names, grown.homeless) == (2, 1)


def test_the_hierarchy_gives_a_place_without_a_province_that_of_its_parents(laid: Any, tmp_path: Path) -> None:
    links = ("77000002\t77000001\tADM", "77000003\t77000002", "77000009\t77000001\t", "77000001\t77000009\tADM")
    hierarchy = dump(tmp_path, *links, name="hierarchy.txt")
    gazetteer, grown = laid(
        line(77_000_001, "Testabad", adm1="00"),
        line(77_000_002, "Test Park", cls="L", code="PRK", adm1="", adm2=""),
        line(77_000_003, "Test District", cls="A", code="ADM2", adm1="24", adm2="2499"),
        line(77_000_009, "Loop", adm1="00"),
        hierarchy=hierarchy,
    )
    assert [gazetteer.place(row).admin1 for row in (77_000_001, 77_000_002, 77_000_009)] == ["24"] * 3
    assert grown.contained == 3


# --- as published ------------------------------------------------------------------------------------------------------


def test_real_dumps_grow_the_bundled_gazetteer(shared: Path, tmp_path: Path) -> None:
    folder = shared / "geonames"
    dumps = Dumps(
        places=(folder / "AD.txt", folder / "NL.txt"),
        admin1=folder / "admin1CodesASCII.txt",
        admin2=folder / "admin2Codes.txt",
    )
    grown = grow(BUNDLED, dumps, tmp_path / "nl.sqlite")
    assert grown.bad.count == 0
    with Gazetteer(tmp_path / "nl.sqlite") as gazetteer, Gazetteer() as bundled:
        assert gazetteer.counts()["place"] == bundled.counts()["place"] + grown.added
        for name, code in {"Amsterdam": "PPLC", "The Hague": "PPLG", "Kabul": "PPLC", "Roc de Port Dret": "PK"}.items():
            assert gazetteer.candidates(name)[0].place.feature_code == code
        for name in ("Kunduz", "Panj", "Central Asia", "Sher Khan Bandar"):
            assert gazetteer.candidates(name)[0].place == bundled.candidates(name)[0].place
        assert gazetteer.attribution == bundled.attribution
        mine = [source for source in gazetteer.sources if source["name"].startswith("GeoNames, ")]
        assert [source["file"] for source in mine] == ["AD.txt", "NL.txt", "admin1CodesASCII.txt", "admin2Codes.txt"]
        assert mine[0]["version"].startswith("rows changed up to 20")
        assert gazetteer.fingerprint != bundled.fingerprint


def test_a_zip_a_text_and_a_second_run_give_the_same_places(small_gazetteer: Path, tmp_path: Path) -> None:
    text = dump(tmp_path, line(77_000_002, "Zweitabad"), line(77_000_001, "Testabad", others="Testobod"))
    with zipfile.ZipFile(tmp_path / "AF.zip", "w") as archive:
        archive.writestr("readme.txt", "The data format is tab-delimited text")
        archive.write(text, "AF.txt")
    targets = [tmp_path / f"{n}.sqlite" for n in range(3)]
    for target, source in zip(targets, (text, text, tmp_path / "AF.zip"), strict=True):
        grow(small_gazetteer, Dumps(places=(source,)), target)
    assert targets[0].read_bytes() == targets[1].read_bytes()
    rows = []
    for target in targets[1:]:
        with closing(sqlite3.connect(target)) as database:
            rows.append(
                [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("record", "name")]
            )
    assert rows[0] == rows[1]


@pytest.mark.parametrize("name", ['A "F" \\ 1.txt', "😀 Афғонистон.txt", "a\nb\x7f.txt", os.fsdecode(b"caf\xe9.txt")])
def test_a_dump_of_any_name_can_be_listed_among_the_sources(small_gazetteer: Path, tmp_path: Path, name: str) -> None:
    path = dump(tmp_path, line(77_000_001, "Testabad"), name=name)
    grow(small_gazetteer, Dumps(places=(path,)), tmp_path / "a.sqlite")
    with Gazetteer(tmp_path / "a.sqlite") as gazetteer:
        listed = gazetteer.sources[-1]["file"]
    assert listed == name or "?" in listed


def test_sources_may_stand_below_instead_of_the_bundled_file(small_sources: Path, tmp_path: Path) -> None:
    build_grown(small_sources, Dumps(places=(dump(tmp_path, line(77_000_001, "Testabad")),)), tmp_path / "a.sqlite")
    with Gazetteer(tmp_path / "a.sqlite") as gazetteer, Gazetteer() as bundled:
        assert only(gazetteer, "Testabad")
        assert gazetteer.counts()["place"] < bundled.counts()["place"]


def test_progress_goes_over_the_blocks_of_each_file(small_gazetteer: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    def progress(items: Iterable[Any], label: str, total: int) -> Iterator[Any]:
        count = 0
        for item in items:
            count += 1
            yield item
        seen.append((label, total, count))

    path = dump(tmp_path, *(line(77_000_000 + n, f"Testabad {n}", others="x" * 900) for n in range(3_000)))
    grow(small_gazetteer, Dumps(places=(path,)), tmp_path / "a.sqlite", progress)
    assert seen == [("AF.txt", 3, 3), ("sorting", 2, 2)]


# --- bad rows, bad files -----------------------------------------------------------------------------------------------

BAD = {
    "latitude '91' is not between -90 and 90": line(77_000_002, "X", lat=91),
    "longitude '-180.1' is not between -180 and 180": line(77_000_002, "X", lon=-180.1),
    "latitude 'nan' is not between -90 and 90": line(77_000_002, "X", lat="nan"),
    "longitude 'E69' is not between -180 and 180": line(77_000_002, "X", lon="E69"),
    "population '-5' is no whole number": line(77_000_002, "X", people=-5),
    "population '99999999999999999999' is no whole number": line(77_000_002, "X", people="9" * 20),
    "geonameid '' is no whole number": line(77_000_002, "X").replace("77000002", "", 1),
    "geonameid 0 is not between 1 and 199999999": line(0, "X"),
    "geonameid 200000000 is not between 1 and 199999999": line(200_000_000, "X"),
    "country 'AFG' is no code of two letters": line(77_000_002, "X", cc="AFG"),
    "no name": line(77_000_002, " "),
    "18 columns, not 19": line(77_000_002, "X").rsplit("\t", 1)[0],
    "1 columns, not 19": "",
}


@pytest.mark.parametrize(("reason", "bad"), BAD.items())
def test_a_bad_row_is_named_by_file_and_line_and_passed_over(laid: Any, tmp_path: Path, reason: str, bad: str) -> None:
    gazetteer, grown = laid(line(77_000_001, "Testabad"), bad, line(77_000_003, "Endabad"))
    assert grown.bad.messages == [f"{tmp_path / 'AF.txt'}:2: {reason}; passed over"]
    assert (grown.added, grown.bad.count) == (2, 1)
    assert only(gazetteer, "Testabad")
    assert only(gazetteer, "Endabad")


def test_a_row_that_is_not_utf_8_is_bad_and_windows_ends_of_line_are_not(small_gazetteer: Path, tmp_path: Path) -> None:
    path = tmp_path / "AF.txt"
    good = line(77_000_001, "Testabad").encode()
    path.write_bytes(good + b"\r\n" + line(77_000_002, "Kabül").encode("latin-1") + b"\r\n")
    grown = grow(small_gazetteer, Dumps(places=(path,)), tmp_path / "a.sqlite")
    assert grown.bad.messages == [f"{path}:2: not UTF-8 (invalid start byte); passed over"]
    assert grown.newest == {path: "2026-02-03"}


def test_of_many_bad_rows_ten_are_named_and_all_are_counted(laid: Any) -> None:
    _, grown = laid(line(77_000_001, "Testabad"), *("x" for _ in range(25)))
    assert (grown.bad.count, len(grown.bad.messages)) == (25, 10)


def archive_of(*names: str) -> Any:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, line(77_000_001, "Testabad"))

    return make


def cut(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AF.txt", "\n".join(line(77_000_000 + n, f"Testabad {n}") for n in range(5_000)))
    data = bytearray(path.read_bytes())
    data[5_000:15_000] = bytes(10_000)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("AF.txt", lambda path: None, "cannot be read (No such file or directory); check the path"),
        ("AF.txt", Path.mkdir, "cannot be read (Is a directory); check the path"),
        ("AF.txt", lambda path: path.write_bytes(b""), "none of its 0 lines is a row of 19 columns"),
        ("AF.txt", lambda path: path.write_text("name,lat,lon\nKabul,34,69\n"), "none of its 2 lines is a row of 19 columns"),
        ("AF.zip", lambda path: path.write_text("<html>404</html>"), "cannot be read (File is not a zip file); download it again"),
        ("AF.zip", archive_of("readme.txt"), "holds 0 texts, expected one"),
        ("x.zip", archive_of("AF.txt", "TJ.txt"), "holds 2 texts, expected one"),
        ("AF.zip", cut, "cannot be read ("),
    ],
)  # fmt: skip
def test_a_file_that_is_no_dump_is_a_named_error_and_leaves_the_old_gazetteer(
    small_gazetteer: Path, tmp_path: Path, name: str, make: Any, message: str
) -> None:
    make(tmp_path / name)
    target = tmp_path / "out" / "my.sqlite"
    target.parent.mkdir()
    target.write_text("the old one")
    with pytest.raises(GazetteerError) as error:
        grow(small_gazetteer, Dumps(places=(tmp_path / name,)), target)
    assert str(error.value).startswith(f"{tmp_path / name}: {message}")
    assert target.read_text() == "the old one"
    assert [child.name for child in target.parent.iterdir()] == ["my.sqlite"]


def test_a_base_that_is_missing_or_damaged_is_a_named_error(small_gazetteer: Path, tmp_path: Path) -> None:
    dumps = Dumps(places=(dump(tmp_path, line(77_000_001, "Testabad")),))
    with pytest.raises(GazetteerNotFoundError, match=r"nowhere\.sqlite: no gazetteer there"):
        grow(tmp_path / "nowhere.sqlite", dumps, tmp_path / "a.sqlite")
    half = tmp_path / "half.sqlite"
    half.write_bytes(small_gazetteer.read_bytes()[: small_gazetteer.stat().st_size // 2])
    with pytest.raises(GazetteerError, match=r"half\.sqlite: damaged .*; build it again with `geomap gazetteer build`"):
        grow(half, dumps, tmp_path / "a.sqlite")
    assert not (tmp_path / "a.sqlite").exists()


def test_a_target_that_cannot_be_written_is_a_named_error(small_gazetteer: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    dumps = Dumps(places=(dump(tmp_path, line(77_000_001, "Testabad")),))
    with pytest.raises(OutputError, match=r"my\.sqlite: cannot be written \(.+\); choose another place with -o"):
        grow(small_gazetteer, dumps, tmp_path / "file" / "my.sqlite")


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")
def test_a_killed_build_leaves_the_old_file_and_the_next_sweeps_up(small_gazetteer: Path, tmp_path: Path) -> None:
    dump(tmp_path, *(line(77_000_000 + n, f"Testabad {n}") for n in range(60_000)))
    target = tmp_path / "out" / "my.sqlite"
    target.parent.mkdir()
    target.write_text("the old one")
    command = [sys.executable, "-m", "geomap", "gazetteer", "build", "--geonames", "AF.txt", "-o", str(target)]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(target.parent.glob(".my.sqlite.*.scratch.tmp")):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert target.read_text() == "the old one"
    assert list(target.parent.glob(".*.tmp"))
    grow(small_gazetteer, Dumps(places=(dump(tmp_path, line(77_000_001, "Testabad")),)), target)
    assert [child.name for child in target.parent.iterdir()] == ["my.sqlite"]
    with Gazetteer(target) as gazetteer:
        assert only(gazetteer, "Testabad")


def test_another_builds_files_are_left_alone_while_it_runs(small_gazetteer: Path, tmp_path: Path) -> None:
    theirs = tmp_path / f".my.sqlite.{os.getppid()}.whole.tmp"
    theirs.write_text("in the making")
    grow(small_gazetteer, Dumps(places=(dump(tmp_path, line(77_000_001, "Testabad")),)), tmp_path / "my.sqlite")
    assert theirs.exists()
