"""The gazetteer matcher: which words are a name, of what kind, and which place they mean."""

from __future__ import annotations

import pytest

from tests.conftest import Find, Found

PLACE = "place"
AFGHANISTAN, TAJIKISTAN, US = "gn:1149361", "gn:1220409", "gn:6252001"
KUNDUZ, KUNDUZ_PROVINCE, HELMAND = "gn:1135689", "gn:1135690", "gn:1140043"

NAMES: list[tuple[str, Found]] = [
    # countries, long and short
    ("Talks resumed between Afghanistan and Tajikistan.", [("Afghanistan", PLACE, AFGHANISTAN), ("Tajikistan", PLACE, TAJIKISTAN)]),
    ("The Islamic Republic of Iran condemned the raid.", [("Islamic Republic of Iran", PLACE, "gn:130758")]),
    ("The People's Republic of China sent a note.", [("People's Republic of China", PLACE, "gn:1814991")]),
    ("The People’s Republic of China sent a note.", [("People’s Republic of China", PLACE, "gn:1814991")]),
    ("The Islamic Emirate of Afghanistan sent a note.", [("Islamic Emirate of Afghanistan", PLACE, AFGHANISTAN)]),
    # provinces, districts, towns
    ("Unrest reached Helmand.", [("Helmand", PLACE, HELMAND)]),
    ("Darqad district was cut off.", [("Darqad", PLACE, "gn:7053322")]),
    ("Khatlon region was flooded.", [("Khatlon", PLACE, "gn:1347488")]),
    ("Torkham, in Nangarhar, reopened at noon.", [("Torkham", PLACE, "gm:pstb/AF/18/torkham"), ("Nangarhar", PLACE, "gn:1132366")]),
    # rivers, valleys, passes, seas
    ("Fighting reached the Helmand River.", [("Helmand River", PLACE, "gm:stm/AF/10/helmand-river")]),
    ("The Amu Darya has changed its course.", [("Amu Darya", PLACE, "gm:stm/AF/amu-darya")]),
    ("The Salang Pass is closed to trucks.", [("Salang Pass", PLACE, "gm:pass/AF/40/salang-pass")]),
    ("The Panjshir Valley held out.", [("Panjshir Valley", PLACE, "gm:val/AF/42/panjshir-valley")]),
    ("Smoke rose over the Hindu Kush.", [("Hindu Kush", PLACE, "gm:mts/AF/hindu-kush")]),
    ("The Caspian Sea is salty.", [("Caspian Sea", PLACE, "gm:sea/caspian-sea")]),
    # regions
    ("Central Asia needs new railways.", [("Central Asia", "region", "gm:region/central-asia")]),
    # appositions and lists
    ("He was born in Baharak, Badakhshan.", [("Baharak", PLACE, "gn:1147489"), ("Badakhshan", PLACE, "gn:1147745")]),
    ("She teaches in Baharak, Takhar.", [("Baharak", PLACE, "gn:7053318"), ("Takhar", PLACE, "gn:1123230")]),
    (
        "Fighting went on in Nad-e-Ali, Nawa, Garmser and Sangin districts of Helmand.",
        [
            ("Nad-e-Ali", PLACE, "gn:7053029"), ("Nawa", PLACE, "gn:7053031"), ("Garmser", PLACE, "gn:7732352"),
            ("Sangin", PLACE, "gn:7053034"), ("Helmand", PLACE, HELMAND),
        ],
    ),
    # abbreviations
    ("The U.S. froze the funds.", [("U.S.", PLACE, US)]),
    ("US troops guarded the gate.", [("US", PLACE, US)]),
    ("The U.K. and U.S.A. left.", [("U.K.", PLACE, "gn:2635167"), ("U.S.A.", PLACE, US)]),
    ("The UAE sent planes.", [("UAE", PLACE, "gn:290557")]),
    ("A family in Charleston, W.Va., was honored.", [("Charleston", PLACE, "gn:4801859"), ("W.Va.", PLACE, "gn:4826850")]),
    ("She moved to Dubbo, NSW, in June.", [("Dubbo", PLACE, "gn:2168305"), ("NSW", PLACE, "gn:2155400")]),
    ("Portland, Ore., is wet.", [("Portland", PLACE, "gn:5746545"), ("Ore.", PLACE, "gn:5744337")]),
    ("Unrest in GBAO worried investors.", [("GBAO", PLACE, "gn:1221692")]),
    ("Police in KP arrested nine men.", [("KP", PLACE, "gn:1168873")]),
    ("It was founded in the 6th century B.C. by shepherds.", []),
    # demonyms
    ("Afghan and Pakistani officers met.", [("Afghan", "demonym", AFGHANISTAN), ("Pakistani", "demonym", "gn:1168579")]),
    ("Tajiks and Uzbeks live there.", [("Tajiks", "demonym", TAJIKISTAN), ("Uzbeks", "demonym", "gn:1512440")]),
    ("Central Asian leaders met.", [("Central Asian", "demonym", "gm:region/central-asia")]),
    ("The Russian-backed plan failed.", [("Russian", "demonym", "gn:2017370")]),
    # possessives and hyphens
    ("Kunar's forests are vanishing.", [("Kunar", PLACE, "gn:1135702")]),
    ("Afghanistan’s neighbours met.", [("Afghanistan", PLACE, AFGHANISTAN)]),
    ("Badghis' pistachios were late.", [("Badghis", PLACE, "gn:1147707")]),
    ("A Moscow-based analyst disagreed.", [("Moscow", PLACE, "gn:524901")]),
    ("Today U.S.-led forces came.", [("U.S.", PLACE, US)]),
    ("Officials of Herat- and Kabul-based groups met.", [("Herat", PLACE, "gn:1140026"), ("Kabul", PLACE, "gn:1138958")]),
    ("The talks ended.The Kabul side left.", [("Kabul", PLACE, "gn:1138958")]),
    # izafat and spellings
    ("Taliban fighters left Dara-e Nur.", [("Dara-e Nur", PLACE, "gn:7053266")]),
    ("Taliban fighters left Dara-i-Pech.", [("Dara-i-Pech", PLACE, "gn:7053959")]),
    ("Taliban fighters left Qala-i-Naw.", [("Qala-i-Naw", PLACE, "gn:1129867")]),
    ("He left Qonduz for Herat.", [("Qonduz", PLACE, KUNDUZ), ("Herat", PLACE, "gn:1140026")]),
    ("The convoy reached Sheberghan via Aqcheh.", [("Sheberghan", PLACE, "gn:1125444"), ("Aqcheh", PLACE, "gn:1148560")]),
    # scripts
    ("Силы движения вошли в Кундуз.", [("Кундуз", PLACE, KUNDUZ)]),
    ("درگیری در ولایت تخار ادامه دارد.", [("تخار", PLACE, "gn:1123230")]),
    ("The sign read کابل in faded paint.", [("کابل", PLACE, "gn:1138958")]),
    # one name by class word, and bare
    ("The governor of Kunduz province resigned.", [("Kunduz", PLACE, KUNDUZ_PROVINCE)]),
    ("Shells fell on the city of Kunduz.", [("Kunduz", PLACE, KUNDUZ)]),
    ("Shells fell on Kunduz.", [("Kunduz", PLACE, KUNDUZ)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NAMES, ids=[text[:45] for text, _ in NAMES])
def test_a_name_is_found_with_its_kind_and_its_place(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


@pytest.mark.parametrize("text", ["The bazaar in Dara-e Suf burned down.", "The bazaar in Dara-e-Suf burned down."])
def test_the_head_of_an_izafat_is_never_pinned_by_itself(find: Find, text: str) -> None:
    assert "Dara" not in [phrase for phrase, _, _ in find(text)]


def test_the_tail_of_an_izafat_is_never_pinned_by_itself(find: Find) -> None:
    """There is a Suf in Jordan; Dara-e Suf is two districts of Samangan."""
    assert "Suf" not in [phrase for phrase, _, _ in find("Taliban fighters left Dara-e Suf district in Samangan.")]


def test_the_span_of_a_long_name_does_not_end_in_its_middle(find: Find) -> None:
    ((phrase, _, place),) = find("Gorno-Badakhshan Autonomous Region is poor.")
    assert place == "gn:1221692"
    assert phrase in ("Gorno-Badakhshan", "Gorno-Badakhshan Autonomous Region")


# --- spellings that the gazetteer lacks ------------------------------------------------------------------------

HOME = "Kunduz, Takhar and Baghlan fell, Afghan officials said."


def test_a_transliteration_is_taken_only_where_a_text_about_home_asks_for_a_place(find: Find) -> None:
    """Taluqqan is in no list of names; its transliteration key is Taloqan's."""
    assert ("Taluqqan", PLACE, "gn:1123004") in find(f"{HOME} Fighters went to Taluqqan.")
    assert find(f"{HOME} Taluqqan spoke.") == find(HOME)
    assert find("Fighters went to Taluqqan.") == []


def test_an_unknown_name_with_a_class_word_is_a_place_without_a_pin(find: Find) -> None:
    assert find("Fighting went on in Xyzzystan province on Friday.") == [("Xyzzystan", PLACE, None)]
    assert find("Fighting went on in Xyzzystan on Friday.") == []


# --- abbreviations ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # with several stops, or of several letters without: wherever they stand
        ("He lives in N.J. now.", [("N.J.", PLACE, "gn:5101760")]),
        ("N.J. was wet.", [("N.J.", PLACE, "gn:5101760")]),
        ("NSW was wet.", [("NSW", PLACE, "gn:2155400")]),
        # what may be a word or a name: behind a comma or in brackets
        ("Pittsburgh, Pa., was wet.", [("Pittsburgh", PLACE, "gn:5206379"), ("Pa.", PLACE, "gn:6254927")]),
        ("Pittsburgh (Pa.) was wet.", [("Pittsburgh", PLACE, "gn:5206379"), ("Pa.", PLACE, "gn:6254927")]),
        ("Pa. was wet.", []),
        ("He asked Pa. about it.", []),
        ("He told Miss. Smith so.", []),
        # a country, or a province of home: wherever they stand
        ("Troops of the UAE left.", [("UAE", PLACE, "gn:290557")]),
        ("KP was wet.", [("KP", PLACE, "gn:1168873")]),
        # as written only
        ("He told us in the us.", []),
        ("It rained in nsw.", []),
    ],
)
def test_an_abbreviation_counts_where_it_can_be_nothing_else(fast_find: Find, text: str, expected: Found) -> None:
    assert fast_find(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was founded in the 6th century B.C. by shepherds.",
        "N.B. The offer ends soon.",
        "She is an M.D. at work.",
        "At 5 p.m. it rained; at 6 a.m. it did not.",
    ],
)
def test_letters_with_stops_are_not_all_provinces(fast_find: Find, text: str) -> None:
    assert fast_find(text) == []
