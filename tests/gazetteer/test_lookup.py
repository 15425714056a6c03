"""Names → places, in the bundled gazetteer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer.store import ALIAS_COST, HOME, RANK_COST, Gazetteer

PROVINCES = {
    "Badakhshan": 1147745, "Badghis": 1147707, "Baghlan": 1147537, "Balkh": 1147288, "Bamyan": 1147239, "Daykundi": 6957553,
    "Farah": 1142263, "Faryab": 1142226, "Ghazni": 1141268, "Ghor": 1141103, "Helmand": 1140043, "Herat": 1140025,
    "Jowzjan": 1139049, "Kabul": 1138957, "Kandahar": 1138335, "Kapisa": 1138255, "Khost": 1444362, "Kunar": 1135702,
    "Kunduz": 1135690, "Laghman": 1135022, "Logar": 1134561, "Maidan Wardak": 1121863, "Nangarhar": 1132366, "Nimroz": 1131821,
    "Nuristan": 1444363, "Paktia": 1131257, "Paktika": 1131256, "Panjshir": 6957555, "Parwan": 1131054, "Samangan": 1127766,
    "Sar-e Pol": 1127106, "Takhar": 1123230, "Uruzgan": 1131461, "Zabul": 1121143,
}  # fmt: skip
AFGHANISTAN, TAJIKISTAN = 1149361, 1220409
KABUL, DUSHANBE, HERAT, KANDAHAR, MAZAR = 1138958, 1221874, 1140026, 1138336, 1133616
TASHKENT, KHOROG, KHUJAND, TERMEZ, TALOQAN = 1512569, 1221328, 1514879, 1215957, 1123004


def ids(gazetteer: Gazetteer, name: str, country: str | None = None, loose: bool = True) -> list[int | None]:
    return [candidate.place.geonameid for candidate in gazetteer.candidates(name, country, loose)]


def test_there_are_34_provinces_with_ids_and_codes_of_their_own(gazetteer: Gazetteer) -> None:
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 34
    found = {}
    for name, geonameid in PROVINCES.items():
        (place,) = [c.place for c in gazetteer.candidates(name, "AF") if c.place.feature_code == "ADM1"]
        assert place.geonameid == geonameid
        assert place.admin1
        assert gazetteer.admin1("AF", place.admin1) == place
        found[place.admin1] = place.name
    assert len(found) == 34


@pytest.mark.parametrize("name", PROVINCES)
@pytest.mark.parametrize("written", ["{}", "{} Province", "{} province", "province of {}"])
def test_a_provinces_name_is_first_of_all_afghanistans(gazetteer: Gazetteer, name: str, written: str) -> None:
    candidates = gazetteer.candidates(written.format(name))
    assert candidates[0].place.country == "AF"
    assert PROVINCES[name] in [candidate.place.geonameid for candidate in candidates]


def test_takhar_is_the_province_before_the_village_in_china(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "Takhar") == [1123230, 2034617]


@pytest.mark.parametrize("name", ["Faizabad", "Jalalabad", "Farah", "Samarkand", "Kandahar", "Kabul"])
def test_a_name_that_is_shared_with_the_world_beyond_is_first_of_a_country_at_home(
    gazetteer: Gazetteer, name: str
) -> None:
    countries = [candidate.place.country for candidate in gazetteer.candidates(name)]
    assert not HOME.issuperset(countries)
    assert countries[0] in HOME


@pytest.mark.parametrize(
    ("name", "geonameid"),
    [
        ("Афганистан", AFGHANISTAN), ("Таджикистан", TAJIKISTAN), ("Узбекистан", 1512440), ("Туркменистан", 1218197),
        ("Киргизия", 1527747), ("Пакистан", 1168579), ("Иран", 130758), ("Кабул", KABUL), ("Душанбе", DUSHANBE),
        ("Ташкент", TASHKENT), ("Бишкек", 1528675), ("Ашхабад", 162183), ("Исламабад", 1176615), ("Тегеран", 112931),
        ("Герат", HERAT), ("Кандагар", KANDAHAR), ("Мазари-Шариф", MAZAR), ("Тахар", 1123230), ("Бадахшан", 1147745),
        ("Хорог", KHOROG), ("Термез", TERMEZ), ("Талукан", TALOQAN), ("Пешавар", 1168197), ("Мешхед", 124665),
    ],
)  # fmt: skip
def test_russian_names_are_found(gazetteer: Gazetteer, name: str, geonameid: int) -> None:
    assert ids(gazetteer, name)[0] == geonameid


@pytest.mark.parametrize(
    ("name", "geonameid"),
    [
        ("افغانستان", AFGHANISTAN), ("تاجیکستان", TAJIKISTAN), ("ازبکستان", 1512440), ("کابل", KABUL), ("كابل", KABUL),
        ("دوشنبه", DUSHANBE), ("تاشکند", TASHKENT), ("تهران", 112931), ("مشهد", 124665), ("هرات", HERAT), ("قندهار", KANDAHAR),
        ("کندهار", KANDAHAR), ("مزار شریف", MAZAR), ("تخار", 1123230), ("بدخشان", 1147745), ("ننگرهار", 1132366),
        ("ننګرهار", 1132366), ("هلمند", 1140043), ("پنجشیر", 6957555), ("پشاور", 1168197),
    ],
)  # fmt: skip
def test_persian_and_pashto_names_are_found(gazetteer: Gazetteer, name: str, geonameid: int) -> None:
    assert ids(gazetteer, name)[0] == geonameid


@pytest.mark.parametrize(
    ("name", "geonameid"),
    [
        ("Афғонистон", AFGHANISTAN),
        ("Тоҷикистон", TAJIKISTAN),
        ("Хуҷанд", KHUJAND),
        ("Кобул", KABUL),
        ("Қандаҳор", KANDAHAR),
    ],
)
def test_tajik_names_are_found(gazetteer: Gazetteer, name: str, geonameid: int) -> None:
    assert ids(gazetteer, name)[0] == geonameid


@pytest.mark.parametrize(
    ("spelling", "geonameid"),
    [
        ("Mazar-e-Shareef", MAZAR), ("Badaxshaan", 1147745), ("Panjsheyr", 6957555), ("Khorugkh", KHOROG), ("Hudjand", KHUJAND),
        ("Nurestaan", 1444363), ("Lashkarga", 1134720), ("Kunduuz", 1135690), ("Ghaznii", 1141268),
    ],
)  # fmt: skip
def test_a_spelling_that_nobody_listed_is_found_by_its_transliteration(
    gazetteer: Gazetteer, spelling: str, geonameid: int
) -> None:
    candidates = gazetteer.candidates(spelling)
    assert geonameid in [candidate.place.geonameid for candidate in candidates[:2]]
    assert {candidate.match for candidate in candidates} == {"transliteration"}
    assert gazetteer.candidates(spelling, None, False) == ()


def test_a_loose_key_finds_names_at_home_only(gazetteer: Gazetteer) -> None:
    for spelling in ("Mazar-e-Shareef", "Ghaznii", "Kunduuz", "Fayzobod", "Lundun", "Pariis", "Birlin"):
        found = [c.place for c in gazetteer.candidates(spelling) if c.match == "transliteration"]
        assert {place.country for place in found} <= HOME


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Afghanistan", "gn:1149361"),
        ("Islamic Republic of Afghanistan", "gn:1149361"),
        ("Georgia", "gn:614540"),
        ("Paris", "gn:2988507"),
        ("London", "gn:2643743"),
        ("Moscow", "gn:524901"),
        ("MOSCOW", "gn:524901"),
        ("mazar-i-sharif", "gn:1133616"),
        ("Sherkhan Bandar", "gm:pstb/AF/24/sher-khan-bandar"),
        ("Shir Khan Bandar", "gm:pstb/AF/24/sher-khan-bandar"),
        ("Panji Poyon", "gn:1220910"),
        ("Central Asia", "gm:region/central-asia"),
        ("Kremlin", "gm:pal/RU/48/kremlin"),
        ("Gorno-Badakhshan", "gn:1221692"),
        ("Khatlon", "gn:1347488"),
        ("Amu Darya", "gm:stm/AF/amu-darya"),
    ],
)
def test_the_best_candidate_of_a_well_known_name(gazetteer: Gazetteer, name: str, place_id: str) -> None:
    assert gazetteer.candidates(name)[0].place.id == place_id


def test_matches_say_which_key_found_them(gazetteer: Gazetteer) -> None:
    def matches(name: str) -> dict[int | None, str]:
        return {candidate.place.geonameid: candidate.match for candidate in gazetteer.candidates(name)}

    assert matches("Kunduz")[1135690] == "exact"
    assert matches("Qonduz")[1135690] == "exact"  # a listed spelling
    assert matches("Kunduz Province")[1135690] == "generic"
    assert matches("Kunduuz")[1135690] == "transliteration"


def test_abbreviations_count_in_capitals_only(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "US") == [6252001]
    assert ids(gazetteer, "UK")[0] == 2635167
    assert 6252001 not in ids(gazetteer, "us")
    assert gazetteer.abbreviations()["U.S."].geonameid == 6252001


def test_a_country_keeps_only_its_own_candidates(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "Kabul", "IL") == [294615]
    assert ids(gazetteer, "Kabul", "TJ") == []
    assert ids(gazetteer, "US", "AF") == []


@pytest.mark.parametrize(
    "name", ["", "   ", "'’", "Xyzzyq", "\0", "?", "🦁", "北京市海淀区没有", "a" * 100_000, "'; DROP TABLE place; --"]
)
def test_what_is_no_name_has_no_candidates(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.candidates(name) == ()


@pytest.mark.parametrize("name", ["\ud800", "Kab\udcfful", "Kabul \udfff"])
def test_a_name_with_a_lone_surrogate_has_no_candidates(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.candidates(name) == ()
    assert gazetteer.match_lengths([name]) == []


@given(
    name=st.one_of(
        st.text(max_size=20), st.sampled_from(["Kabul", "Springfield", "San José", "Victoria", "Новая", "نو"])
    )
)
def test_candidates_come_best_first_each_once_in_a_total_order(gazetteer: Gazetteer, name: str) -> None:
    candidates = gazetteer.candidates(name)
    order = [(-candidate.score, candidate.place.id) for candidate in candidates]
    assert order == sorted(order)
    assert len({candidate.place.id for candidate in candidates}) == len(candidates)


def test_words_are_matched_to_the_longest_name_that_they_begin(gazetteer: Gazetteer) -> None:
    assert gazetteer.match_lengths("sher khan bandar fell on sunday".split()) == [1, 3]
    assert gazetteer.match_lengths("mazar e sharif".split())[-1] == 3
    assert gazetteer.match_lengths(["xyzzyq", "kabul"]) == []
    assert gazetteer.match_lengths([]) == []


def test_demonyms_lead_to_their_country_or_region(gazetteer: Gazetteer) -> None:
    demonyms = gazetteer.demonyms()
    assert {form: demonyms[form].id for form in ("Afghan", "Afghans", "Tajik", "Russian", "Central Asian")} == {
        "Afghan": "gn:1149361",
        "Afghans": "gn:1149361",
        "Tajik": "gn:1220409",
        "Russian": "gn:2017370",
        "Central Asian": "gm:region/central-asia",
    }
    assert demonyms["Central Asian"].countries == ("KG", "KZ", "TJ", "TM", "UZ")


@pytest.mark.parametrize(
    ("code", "country", "capital"),
    [
        ("AF", AFGHANISTAN, KABUL), ("TJ", TAJIKISTAN, DUSHANBE), ("UZ", 1512440, TASHKENT), ("TM", 1218197, 162183),
        ("KG", 1527747, 1528675), ("IR", 130758, 112931), ("PK", 1168579, 1176615), ("CN", 1814991, 1816670),
        ("RU", 2017370, 524901), ("US", 6252001, 4140963),
    ],
)  # fmt: skip
def test_a_country_and_its_capital_are_found_by_code(
    gazetteer: Gazetteer, code: str, country: int, capital: int
) -> None:
    found, seat = gazetteer.country(code), gazetteer.capital(code)
    assert found
    assert seat
    assert (found.geonameid, found.feature_code, seat.geonameid, seat.feature_code) == (
        country,
        "PCLI",
        capital,
        "PPLC",
    )


@pytest.mark.parametrize("code", ["", "XX", "af", "AFG"])
def test_what_is_no_country_code_has_no_country(gazetteer: Gazetteer, code: str) -> None:
    assert gazetteer.country(code) is None
    assert gazetteer.capital(code) is None
    assert gazetteer.neighbours(code) == ()
    assert gazetteer.admin1(code, "01") is None


def test_large_towns_come_largest_first_with_every_capital(gazetteer: Gazetteer) -> None:
    towns = gazetteer.large_towns(1_000_000)
    populations = [town.population for town in towns]
    assert populations == sorted(populations, reverse=True)
    assert {KABUL, DUSHANBE, TASHKENT, KHOROG} <= {town.geonameid for town in towns}
    assert all(town.population >= 1_000_000 or town.feature_code in ("PPLC", "PPLA") for town in towns)


# --- against GeoNames' own files -------------------------------------------------------------------------------------


def test_first_level_units_have_the_ids_and_codes_of_geonames(gazetteer: Gazetteer, shared: Path) -> None:
    rows = [line.split("\t") for line in (shared / "geonames" / "admin1CodesASCII.txt").read_text("utf-8").splitlines()]
    found = {row[0]: gazetteer.admin1(*row[0].split(".")) for row in rows}
    ids_here = {code: unit.geonameid for code, unit in found.items() if unit}
    assert ids_here == {row[0]: int(row[3]) for row in rows if row[0] in ids_here}
    assert len(ids_here) > 0.95 * len(rows)
    missing = [row for row in rows if row[0][:2] in HOME and row[0] not in ids_here]
    assert missing == []


def test_all_398_districts_of_afghanistan_are_found_by_their_geonames_id(gazetteer: Gazetteer, shared: Path) -> None:
    rows = [line.split("\t") for line in (shared / "geonames" / "admin2Codes.txt").read_text("utf-8").splitlines()]
    districts = {int(row[3]): row[1] for row in rows if row[0].startswith("AF.")}
    assert len(districts) == 398
    missing = [name for geonameid, name in districts.items() if geonameid not in ids(gazetteer, name, "AF")]
    assert len(missing) <= 8, missing


def test_districts_bear_the_second_level_codes_of_geonames_and_lead_back_from_them(
    gazetteer: Gazetteer, shared: Path
) -> None:
    rows = [line.split("\t") for line in (shared / "geonames" / "admin2Codes.txt").read_text("utf-8").splitlines()]
    codes = {int(row[3]): row[0] for row in rows}
    units = gazetteer._rows("SELECT row FROM place WHERE feature_code = 'ADM2' AND geonameid IS NOT NULL")
    districts = [gazetteer.place(row) for (row,) in units]
    found = {place.geonameid: f"{place.country}.{place.admin1}.{place.admin2}" for place in districts if place.admin2}
    assert found == {place.geonameid: codes.get(place.geonameid or 0) for place in districts if place.admin2}
    assert {gid for gid, code in codes.items() if code.startswith("AF.")} <= found.keys()
    assert [place.name for place in districts if place.geonameid in codes and not place.admin2] == []
    led = gazetteer._rows("SELECT place, country || '.' || admin1 || '.' || admin2 FROM unit WHERE admin2 <> ''")
    assert dict(led) == found


def test_countries_have_the_ids_of_geonames(gazetteer: Gazetteer, shared: Path) -> None:
    lines = (shared / "geonames" / "countryInfo.txt").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    found = {row[0]: gazetteer.country(row[0]) for row in rows}
    assert {code: place and place.geonameid for code, place in found.items()} == {row[0]: int(row[16]) for row in rows}
    capitals = {row[0]: row[5] for row in rows if row[0] in HOME}
    assert {
        code: gazetteer.capital(code) in [c.place for c in gazetteer.candidates(name)]
        for code, name in capitals.items()
    } == (dict.fromkeys(capitals, True))


@pytest.mark.parametrize(("file", "country"), [("AD.txt", "AD"), ("NL.txt", "NL")])
def test_towns_stand_where_geonames_has_them(gazetteer: Gazetteer, shared: Path, file: str, country: str) -> None:
    lines = (shared / "geonames" / file).read_text("utf-8").splitlines()
    known = {int(row[0]): row for row in (line.split("\t") for line in lines)}
    towns = [town for town in gazetteer.large_towns(5_000) if town.country == country and town.geonameid in known]
    assert len(towns) >= 5
    for town in towns:
        row = known[town.geonameid or 0]
        assert (town.lon, town.lat) == pytest.approx((float(row[5]), float(row[4])), abs=0.05), row


# --- other names ---------------------------------------------------------------------------------------------------


def score(gazetteer: Gazetteer, name: str, geonameid: int) -> float:
    (found,) = [c.score for c in gazetteer.candidates(name) if c.place.geonameid == geonameid]
    return found


@pytest.mark.parametrize(
    ("other", "own", "geonameid", "cost"),
    [
        ("Philadelphia", "Amman", 250441, RANK_COST[1] + ALIAS_COST),
        ("Alexandria", "Mashhad", 124665, RANK_COST[1] + ALIAS_COST),
        ("Leningrad", "Saint Petersburg", 498817, RANK_COST[1]),
        ("Constantinople", "Istanbul", 745044, RANK_COST[1]),
        ("Qunduz", "Kunduz", 1135689, RANK_COST[1]),
    ],
)
def test_another_name_costs_more_where_some_place_bears_it_as_its_own(
    gazetteer: Gazetteer, other: str, own: str, geonameid: int, cost: float
) -> None:
    assert score(gazetteer, own, geonameid) - score(gazetteer, other, geonameid) == pytest.approx(cost)


def test_a_name_without_its_class_word_is_no_other_name(gazetteer: Gazetteer) -> None:
    """Kunduz province bears "Kunduz" as well as the city does."""
    assert score(gazetteer, "Kunduz province", 1135690) - score(gazetteer, "Kunduz", 1135690) < ALIAS_COST


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mexico", "gn:3996063"),
        ("Kansas", "gn:4273857"),
        ("Oklahoma", "gn:4544379"),
        ("Guatemala", "gn:3595528"),
    ],
)
def test_a_country_or_a_state_is_not_its_city(gazetteer: Gazetteer, name: str, expected: str) -> None:
    first, *others = gazetteer.candidates(name)
    assert first.place.id == expected
    cities = [one.score for one in others if one.place.name == f"{name} City"]
    assert all(first.score - score > ALIAS_COST for score in cities)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("St. Petersburg", "gn:498817"),
        ("Mt. Everest", "gm:pk/NP/mount-everest"),
        ("Ft. Worth", "gn:4691930"),
        ("L.A.", "gn:5368361"),
        ("NYC", "gn:5128581"),
    ],
)
def test_a_short_form_is_the_place(gazetteer: Gazetteer, name: str, expected: str) -> None:
    assert gazetteer.candidates(name)[0].place.id == expected


def test_a_former_name_yields_to_the_place_that_bears_it(gazetteer: Gazetteer) -> None:
    """Badakhshan is the Afghan province before it is short for Gorno-Badakhshan."""
    assert [(one.place.id, one.score) for one in gazetteer.candidates("Badakhshan")] == [
        ("gn:1147745", 6.0),
        ("gn:1221692", 5.0),
    ]
