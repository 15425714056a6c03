"""Roles of a place's name: where a dispatch was filed, and a capital that stands for its government."""

from __future__ import annotations

import pytest

from tests.conftest import Find, Found, Parse

KABUL = ("Kabul", "place", "gn:1138958")


def datelines(parse: Parse, text: str) -> list[str]:
    return [resolution.mention.phrase for resolution in parse(text) if resolution.mention.role == "dateline"]


# --- datelines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "filed"),
    [
        ("DUSHANBE, July 4. /TASS/. Reservists were called up for a three-day muster.", ["DUSHANBE"]),
        ("Moscow. October 11. INTERFAX - The ministers will meet by video link.", ["Moscow"]),
        ("ISLAMABAD, Dec 3 (Reuters) - The rupee fell to a record low on Friday.", ["ISLAMABAD"]),
        ("KANDAHAR, Afghanistan (AP) — Two policemen were killed by a mine.", ["KANDAHAR", "Afghanistan"]),
        ("TERMEZ, Uzbekistan — It rained.", ["TERMEZ", "Uzbekistan"]),
        ("Boston, Mass. (AP) — It rained.", ["Boston", "Mass."]),
        ("MAZAR-I-SHARIF (Reuters) - It rained.", ["MAZAR-I-SHARIF"]),
        ("KABUL (Pajhwok) - The session was postponed.", ["KABUL"]),
        ("WASHINGTON — The Senate held a hearing on the withdrawal.", ["WASHINGTON"]),
        ("Rain in the capital for days\nKABUL (AP) - It rained.", ["KABUL"]),
    ],
)
def test_where_a_dispatch_was_filed_is_its_dateline(parse: Parse, text: str, filed: list[str]) -> None:
    assert datelines(parse, text) == filed


@pytest.mark.parametrize(
    "text",
    [
        "It rained in Kabul (AP).",
        "In Kabul, July 4 was a holiday.",
        "Kabul fell on July 4.",
        "Kabul, Herat and Kandahar are calm.",
        "Afghan officials met. Kabul — the capital — was calm.",
    ],
)
def test_a_place_within_the_text_is_no_dateline(parse: Parse, text: str) -> None:
    assert parse(text)
    assert datelines(parse, text) == []


def test_only_the_first_of_two_mentions_is_the_dateline(parse: Parse) -> None:
    roles = [resolution.mention.role for resolution in parse("KABUL — Officials met in KABUL.")]
    assert roles == ["dateline", "text"]


@pytest.mark.parametrize(
    "text", ["TALOQAN (Pajhwok): It rained.", "KABUL, June 23 (Xinhua) -- It rained.", "Tehran, IRNA – It rained."]
)
def test_a_dateline_with_a_colon_two_hyphens_or_an_agency_after_a_comma_is_one(parse: Parse, text: str) -> None:
    assert len(datelines(parse, text)) == 1


def test_a_hyphenated_adjective_that_opens_a_text_is_no_dateline(parse: Parse) -> None:
    assert datelines(parse, "U.S.-led forces entered the valley.\nKabul-based analysts said it would rain.") == []


# --- governments -----------------------------------------------------------------------------------------------

METONYMS: list[tuple[str, Found]] = [
    ("The Kremlin declined to comment.", [("Kremlin", "metonym", "gm:pal/RU/48/kremlin")]),
    ("The Pentagon confirmed the strike.", [("Pentagon", "metonym", "gm:bldg/US/VA/pentagon")]),
    (
        "Islamabad accused Kabul of bad faith.",
        [("Islamabad", "metonym", "gn:1176615"), ("Kabul", "metonym", "gn:1138958")],
    ),
    ("Tehran says the dam violates the treaty.", [("Tehran", "metonym", "gn:112931")]),
    ("Dushanbe refuses to recognise the cabinet.", [("Dushanbe", "metonym", "gn:1221874")]),
    ("Beijing's envoy promised investment.", [("Beijing", "metonym", "gn:1816670")]),
    ("Kabul’s refusal to talk angered them.", [("Kabul", "metonym", "gn:1138958")]),
    ("Brussels will fund the schools directly.", [("Brussels", "metonym", "gn:2800866")]),
    (
        "A row between Washington and Moscow delayed the vote.",
        [("Washington", "metonym", "gn:4140963"), ("Moscow", "metonym", "gn:524901")],
    ),
    ("TAJIK TROOPS LEFT, DUSHANBE SAYS", [("TAJIK", "demonym", "gn:1220409"), ("DUSHANBE", "metonym", "gn:1221874")]),
]


@pytest.mark.parametrize(("text", "expected"), METONYMS, ids=[text[:40] for text, _ in METONYMS])
def test_a_capital_that_acts_like_a_government_is_a_metonym(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


PLACES: list[tuple[str, Found]] = [
    ("Tashkent hosted the talks.", [("Tashkent", "place", "gn:1512569")]),
    ("It rained in Kabul.", [KABUL]),
    ("Kabul's bazaars were shut.", [KABUL]),
    ("Kabul will be cold.", [KABUL]),
    ("Herat said no.", [("Herat", "place", "gn:1140026")]),
    ("Afghanistan said no.", [("Afghanistan", "place", "gn:1149361")]),
    ("A Moscow-based analyst disagreed.", [("Moscow", "place", "gn:524901")]),
]


@pytest.mark.parametrize(("text", "expected"), PLACES, ids=[text for text, _ in PLACES])
def test_a_capital_as_a_town_and_what_is_no_capital_stay_places(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


def test_a_capital_and_a_colon_before_a_report_is_no_government(find: Find) -> None:
    """The dateline of Pakistani papers."""
    assert find("ISLAMABAD: The rupee fell to a record low on Friday.") == [("ISLAMABAD", "place", "gn:1176615")]
