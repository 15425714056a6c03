"""Borders, directional regions and facilities in all their wordings, and what qualifies a name."""

from __future__ import annotations

import pytest

from geomap.model import Resolution
from geomap.recognition.composites import compass
from tests.conftest import Find, Found, Parse

AFGHANISTAN = "gn:1149361"


def one(parse: Parse, text: str, kind: str) -> Resolution:
    """The only resolution of a kind in a text."""
    (resolution,) = [resolution for resolution in parse(text) if resolution.mention.kind == kind]
    return resolution


# --- borders -------------------------------------------------------------------------------------------------

BOTH_NAMED = [
    ("Guards were doubled along the Afghan-Tajik frontier.", "Afghan-Tajik frontier", "AF-TJ"),
    ("Guards were doubled along the Tajik–Afghan border.", "Tajik–Afghan border", "AF-TJ"),
    ("Guards were doubled along the Tajik/Afghan border.", "Tajik/Afghan border", "AF-TJ"),
    ("AFGHAN-TAJIK BORDER CLOSED", "AFGHAN-TAJIK BORDER", "AF-TJ"),
    ("The 1,357-km Tajik-Afghan state border is long.", "Tajik-Afghan state border", "AF-TJ"),
    ("The Tajik-Afghan section of the border was quiet.", "Tajik-Afghan section of the border", "AF-TJ"),
    ("The border between Afghanistan and Tajikistan is long.", "border between Afghanistan and Tajikistan", "AF-TJ"),
    ("The border area between Iran and Afghanistan is tense.", "border area between Iran and Afghanistan", "AF-IR"),
    ("The border separating Iran and Afghanistan is long.", "border separating Iran and Afghanistan", "AF-IR"),
    ("They met at the border of Tajikistan and Afghanistan.", "border of Tajikistan and Afghanistan", "AF-TJ"),
    ("Drones watch the frontier of Tajikistan with Uzbekistan.", "frontier of Tajikistan with Uzbekistan", "TJ-UZ"),
    ("Shots were heard on Tajikistan's border with Afghanistan.", "Tajikistan's border with Afghanistan", "AF-TJ"),
    ("Shots were heard on Iran’s border with Afghanistan.", "Iran’s border with Afghanistan", "AF-IR"),
    ("Nomads crossed the border from Pakistan into Afghanistan.", "border from Pakistan into Afghanistan", "AF-PK"),
    ("A wall will rise along the Iran-Afghanistan border.", "Iran-Afghanistan border", "AF-IR"),
    ("The fence on the Pakistan–Afghanistan border is done.", "Pakistan–Afghanistan border", "AF-PK"),
    ("They met at the Afghanistan-Pakistan border crossing.", "Afghanistan-Pakistan border", "AF-PK"),
    ("Three smugglers died at the Pak-Afghan border.", "Pak-Afghan border", "AF-PK"),
    ("The Sino-Indian border is calm.", "Sino-Indian border", "CN-IN"),
    ("The line separating India and Pakistan was calm.", "line separating India and Pakistan", "IN-PK"),
    ("North Korea's border with South Korea is fenced.", "North Korea's border with South Korea", "KP-KR"),
    ("Clashes flared on the Kyrgyz-Tajik border.", "Kyrgyz-Tajik border", "KG-TJ"),
]


@pytest.mark.parametrize(("text", "phrase", "pair"), BOTH_NAMED, ids=[phrase for _, phrase, _ in BOTH_NAMED])
def test_a_border_whose_two_countries_are_named(parse: Parse, text: str, phrase: str, pair: str) -> None:
    (border,) = parse(text)
    assert border.place is not None
    assert (border.mention.phrase, border.mention.kind) == (phrase, "border")
    assert (border.place.id, border.place.countries) == (f"gm:border/{pair}", tuple(pair.split("-")))
    assert (border.precision, border.score) == ("line", 1.0)


ONE_NAMED = [
    # the other from the sentence
    ("Uzbek jets patrolled the border with Afghanistan.", "border with Afghanistan", "AF-UZ"),
    ("China shares a short border with Afghanistan.", "border with Afghanistan", "AF-CN"),
    ("Afghan refugees massed on the Iranian border.", "Iranian border", "AF-IR"),
    ("Tajik officials said the Afghan border was reinforced.", "Afghan border", "AF-TJ"),
    ("The Afghan frontier was shut; Pakistani troops watched.", "Afghan frontier", "AF-PK"),
    ("Afghanistan's border is porous, Iranian guards said.", "Afghanistan's border", "AF-IR"),
    ("Tajik forces are on the southern border with Afghanistan.", "southern border with Afghanistan", "AF-TJ"),
    # the other from the article
    ("Uzbekistan held drills. The Afghan border was reinforced. Uzbekistan watched.", "Afghan border", "AF-UZ"),
    ("Iran held drills.\nThe Afghan border was reinforced.", "Afghan border", "AF-IR"),
    # the sentence before the article
    ("Iran, Iran and Iran held drills. Tajik guards watched the Afghan border.", "Afghan border", "AF-TJ"),
    # the other from home
    ("The Taliban control the border with Tajikistan.", "border with Tajikistan", "AF-TJ"),
    ("Border with Tajikistan shut", "Border with Tajikistan", "AF-TJ"),
    ("The Tajik border is long.", "Tajik border", "AF-TJ"),
    # the other from the side
    ("Tajikistan's southern border is mined.", "Tajikistan's southern border", "AF-TJ"),
    ("Uzbekistan's southern border is mined.", "Uzbekistan's southern border", "AF-UZ"),
    ("Pakistan's western border is mined.", "Pakistan's western border", "AF-PK"),
]


@pytest.mark.parametrize(("text", "phrase", "pair"), ONE_NAMED, ids=[text[:45] for text, _, _ in ONE_NAMED])
def test_a_border_of_which_one_country_is_named(parse: Parse, text: str, phrase: str, pair: str) -> None:
    border = one(parse, text, "border")
    assert border.place is not None
    assert (border.mention.phrase, border.place.id, border.score) == (phrase, f"gm:border/{pair}", 0.7)


@pytest.mark.parametrize(
    ("text", "phrase", "pair"),
    [
        ("The Durand Line was drawn in 1893.", "Durand Line", "AF-PK"),
        ("The Line of Control was quiet.", "Line of Control", "IN-PK"),
        ("The Radcliffe Line was drawn in haste.", "Radcliffe Line", "IN-PK"),
        ("The McMahon Line was drawn in 1914.", "McMahon Line", "CN-IN"),
    ],
)
def test_a_border_with_a_name_of_its_own(find: Find, text: str, phrase: str, pair: str) -> None:
    assert find(text) == [(phrase, "border", f"gm:border/{pair}")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The Afghan border was reinforced.", "border of which two countries is unclear"),
        ("The German border was shut.", "border of which two countries is unclear"),
        ("The border between Afghanistan and Mongolia is a fiction.", "no shared border"),
    ],
)
def test_a_border_that_nothing_settles_is_nil_with_its_reason(parse: Parse, text: str, reason: str) -> None:
    border = one(parse, text, "border")
    assert (border.place, border.nil_reason) == (None, reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tajik border guards fired twice.", [("Tajik", "demonym")]),
        ("Tajik and Afghan border guards met.", [("Tajik", "demonym"), ("Afghan", "demonym")]),
        ("Afghan border police fled.", [("Afghan", "demonym")]),
        ("Tajikistan borders Afghanistan.", [("Tajikistan", "place"), ("Afghanistan", "place")]),
        ("Afghanistan borders on Iran.", [("Afghanistan", "place"), ("Iran", "place")]),
        ("Both countries border on Tajikistan.", [("Tajikistan", "place")]),
        ("No one guards the border at night.", []),
        ("The state border was reinforced.", []),
        ("The border town of Torkham was quiet.", [("Torkham", "place")]),
    ],
)
def test_services_verbs_and_towns_at_a_border_are_no_border(
    find: Find, text: str, expected: list[tuple[str, str]]
) -> None:
    assert [(phrase, kind) for phrase, kind, _ in find(text)] == expected


def test_two_countries_that_border_on_a_third_are_no_border(find: Find) -> None:
    text = "Tajikistan and Uzbekistan border on Afghanistan."
    assert [(phrase, kind) for phrase, kind, _ in find(text)] == [
        ("Tajikistan", "place"),
        ("Uzbekistan", "place"),
        ("Afghanistan", "place"),
    ]


def test_the_two_countries_stand_nested_in_their_border(parse: Parse) -> None:
    (border,) = parse("The border between Afghanistan and Tajikistan is long.")
    inner = [(nested.mention.start, nested.mention.end, nested.mention.phrase) for nested in border.nested]
    assert inner == [(19, 30, "Afghanistan"), (35, 45, "Tajikistan")]
    assert (border.mention.start, border.mention.end) == (4, 45)


# --- directions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "phrase", "place"),
    [
        ("Snow fell in northeastern Afghanistan.", "northeastern Afghanistan", f"northeast/{AFGHANISTAN}"),
        ("Militants regroup in north-west Pakistan.", "north-west Pakistan", "northwest/gn:1168579"),
        ("In central Afghanistan it snowed.", "central Afghanistan", f"central/{AFGHANISTAN}"),
        ("The north of Afghanistan has gas.", "north of Afghanistan", f"north/{AFGHANISTAN}"),
        ("The far north of Tajikistan is cold.", "far north of Tajikistan", "north/gn:1220409"),
        ("The south-east of Afghanistan is dry.", "south-east of Afghanistan", f"southeast/{AFGHANISTAN}"),
        ("Afghanistan's north has gas.", "Afghanistan's north", f"north/{AFGHANISTAN}"),
        ("Afghanistan’s northern provinces fell.", "Afghanistan’s northern provinces", f"north/{AFGHANISTAN}"),
        ("Northern parts of Helmand lost power.", "Northern parts of Helmand", "north/gn:1140043"),
        ("A landslide hit northern Takhar.", "northern Takhar", "north/gn:1123230"),
    ],
)
def test_a_part_of_a_country_or_province_is_a_directional_region(
    find: Find, text: str, phrase: str, place: str
) -> None:
    assert find(text) == [(phrase, "directional", f"gm:direction/{place}")]


def test_a_part_of_a_province_that_shares_its_seats_name_is_a_directional_region(find: Find) -> None:
    assert find("Fighting spread in northern Kandahar on Friday.") == [
        ("northern Kandahar", "directional", "gm:direction/north/gn:1138335")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The southern Helmand province voted late.", [("Helmand", "place", "gn:1140043")]),
        ("South Korea evacuated 390 staff.", [("South Korea", "place", "gn:1835841")]),
        ("South Sudan agreed.", [("South Sudan", "place", "gn:7909807")]),
        ("North Waziristan is under curfew.", [("North Waziristan", "place", "gn:1168875")]),
        ("Central Asia needs new railways.", [("Central Asia", "region", "gm:region/central-asia")]),
        ("Northern Afghan provinces fell.", [("Afghan", "demonym", AFGHANISTAN)]),
    ],
)
def test_a_compass_word_that_only_describes_or_belongs_to_a_name_makes_no_direction(
    find: Find, text: str, expected: Found
) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("north", "north"),
        ("northern", "north"),
        ("north-eastern", "northeast"),
        ("north - west", "northwest"),
        ("south eastern", "southeast"),
        ("southwestern", "southwest"),
        ("central", "central"),
        ("centre", "central"),
        ("center", "central"),
    ],
)
def test_every_compass_word_names_its_direction(word: str, direction: str) -> None:
    assert compass(word) == direction


# --- facilities ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crowds gathered at Kabul airport.", [("Kabul airport", "facility", "gm:airp/AF/13/kabul-international-airport")]),
        ("The airport in the capital of Afghanistan was shut.", [("airport in the capital of Afghanistan", "facility", "gn:1138958")]),
        ("The 201st base received new tanks.", [("201st base", "facility", "gm:insm/TJ/04/201st-military-base")]),
        ("Two men escaped from Pul-e-Charkhi prison.", [("Pul-e-Charkhi prison", "facility", "gm:prn/AF/13/pul-e-charkhi-prison")]),
        ("Mirwais Hospital in Kandahar ran out of blood.", [("Mirwais Hospital in Kandahar", "facility", "gn:1138336")]),
    ],
)  # fmt: skip
def test_a_facility_is_put_where_it_stands(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Russian military base in Tajikistan was resupplied.",
            [("Russian", "demonym", "gn:2017370"), ("military base in Tajikistan", "facility", "gn:1220409")],
        ),
        (
            "The Russian Embassy in Kabul issued visas.",
            [("Russian", "demonym", "gn:2017370"), ("Embassy in Kabul", "facility", "gn:1138958")],
        ),
    ],
)
def test_the_owner_of_a_facility_is_counted_by_itself(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


# --- what qualifies a name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("Kunduz province fell.", {"Kunduz": "ADM1"}),
        ("The city of Kunduz fell.", {"Kunduz": "P"}),
        ("Sangin district fell.", {"Sangin": "ADM2"}),
        ("Kandahar and Helmand provinces fell.", {"Kandahar": "ADM1", "Helmand": "ADM1"}),
        ("The cities of Kunduz and Herat fell.", {"Kunduz": "P", "Herat": "P"}),
        ("Kunduz and Helmand province fell.", {"Kunduz": None, "Helmand": "ADM1"}),
        ("Helmand region was flooded.", {"Helmand": None}),
        ("The Amu Darya froze.", {"Amu Darya": "H"}),
    ],
)
def test_a_class_word_asks_for_its_feature(parse: Parse, text: str, features: dict[str, str | None]) -> None:
    """A plural asks of the whole list, a singular of the last name only."""
    assert {r.mention.phrase: r.mention.feature or None for r in parse(text)} == features


@pytest.mark.parametrize(
    ("text", "containers"),
    [
        ("The mine exploded in Imam Sahib, Kunduz.", {"Imam Sahib": ("Kunduz",), "Kunduz": ()}),
        ("It rained in Sangin district of Helmand.", {"Sangin": ("Helmand",), "Helmand": ()}),
        ("It rained in Jalalabad in Nangarhar.", {"Jalalabad": ("Nangarhar",), "Nangarhar": ()}),
        ("Helmand's Sangin district fell.", {"Helmand": (), "Sangin": ("Helmand",)}),
        ("Ghazni: Andar, Qarabagh", {"Ghazni": (), "Andar": ("Qarabagh", "Ghazni"), "Qarabagh": ("Ghazni",)}),
        ("It rained in Kabul. Herat was dry.", {"Kabul": (), "Herat": ()}),
    ],
)
def test_a_name_is_within_what_the_wording_puts_around_it(
    parse: Parse, text: str, containers: dict[str, tuple[str, ...]]
) -> None:
    """A comma qualifies, whether it means an apposition or a list: resolution checks the map."""
    assert {r.mention.phrase: r.mention.within for r in parse(text)} == containers


@pytest.mark.parametrize(
    ("text", "counties"),
    [
        ("Offices in Navarro, Henderson and Ellis counties, Texas, were closed.", ["gn:4713849", "gn:4697070", "gn:4688864"]),
        ("Fires burnt in Sedgwick and Kingman counties in Kansas.", ["gn:4279155", "gn:4273980"]),
    ],
)  # fmt: skip
def test_a_list_of_counties_names_counties_not_towns_of_their_names(
    parse: Parse, text: str, counties: list[str]
) -> None:
    found = [resolution for resolution in parse(text) if resolution.mention.feature == "ADM2"]
    assert [one.place and one.place.id for one in found] == counties
    assert all(one.place and one.place.feature_code == "ADM2" for one in found)


def test_a_highway_patrol_is_no_highway(parse: Parse) -> None:
    assert [one.mention.kind for one in parse("The Missouri highway patrol came.")] == ["place"]
    assert [one.mention.kind for one in parse("The Missouri highway was closed.")] == ["facility"]
