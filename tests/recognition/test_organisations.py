"""Place words inside names of organisations, outlets, treaties and events: counted, never a place."""

from __future__ import annotations

import pytest

from geomap.recognition.words import LOCAL_BODIES, ORGANISATION_HEADS
from tests.conftest import Find, Found, Parse

ORGANISATION = "organisation-embedded"

NAMES: list[tuple[str, Found]] = [
    (
        "The Islamic Movement of Uzbekistan swore an oath.",
        [("Islamic Movement of Uzbekistan", ORGANISATION, "gn:1512440")],
    ),
    ("Depositors stormed the Bank of Kabul.", [("Bank of Kabul", ORGANISATION, "gn:1138958")]),
    (
        "The Ministry of Foreign Affairs of Uzbekistan protested.",
        [("Ministry of Foreign Affairs of Uzbekistan", ORGANISATION, "gn:1512440")],
    ),
    ("The Supreme Court of Russia met.", [("Supreme Court of Russia", ORGANISATION, "gn:2017370")]),
    ("Qatar Charity sent tents.", [("Qatar Charity", ORGANISATION, "gn:289688")]),
    ("Da Afghanistan Bank auctioned dollars.", [("Da Afghanistan Bank", ORGANISATION, "gn:1149361")]),
    (
        "The UN Assistance Mission in Afghanistan documented 40 cases.",
        [("UN Assistance Mission in Afghanistan", ORGANISATION, "gn:1149361")],
    ),
    ("The Asia Foundation paid.", [("Asia Foundation", ORGANISATION, "gn:6255147")]),
    ("The Tokyo Olympics were postponed.", [("Tokyo Olympics", ORGANISATION, "gn:1850147")]),
    ("Kabul Times reported the arrest.", [("Kabul Times", ORGANISATION, "gn:1138958")]),
    ("The Washington Post reported it.", [("Washington Post", ORGANISATION, "gn:4140963")]),
    (
        "The Far Eastern Federal University reopened.",
        [("Far Eastern Federal University", ORGANISATION, "gm:region/russian-far-east")],
    ),
    (
        "He works for the Afghanistan Times in London.",
        [("Afghanistan Times", ORGANISATION, "gn:1149361"), ("London", "place", "gn:2643743")],
    ),
    ("He told TASS and Asia-Plus that nothing had changed.", [("Asia-Plus", ORGANISATION, None)]),
    ("Radio Free Afghanistan reported it.", [("Radio Free Afghanistan", ORGANISATION, None)]),
    ("Islamic State Khorasan posted a video.", [("Islamic State Khorasan", ORGANISATION, None)]),
    ("Tehreek-e-Taliban Pakistan ended the ceasefire.", [("Tehreek-e-Taliban Pakistan", ORGANISATION, None)]),
]


@pytest.mark.parametrize(("text", "expected"), NAMES, ids=[text[:40] for text, _ in NAMES])
def test_a_place_in_an_organisations_name_is_one_mention_of_the_whole_name(
    find: Find, text: str, expected: Found
) -> None:
    assert find(text) == expected


def test_the_place_stands_nested_in_the_organisation(parse: Parse) -> None:
    (resolution,) = parse("The Islamic Movement of Uzbekistan swore an oath.")
    (inner,) = resolution.nested
    assert (inner.mention.phrase, inner.mention.start, inner.mention.end) == ("Uzbekistan", 24, 34)
    assert inner.place is not None
    assert inner.place.id == "gn:1512440"


@pytest.mark.parametrize(
    "text",
    [
        "NATO, the CSTO and the SCO issued statements.",
        "The Haqqani network has no fixed base.",
        "The EU met.",
    ],
)
def test_an_organisation_without_a_place_word_is_not_counted(find: Find, text: str) -> None:
    assert find(text) == []


NO_PART_OF_A_NAME: list[tuple[str, Found]] = [
    ("The Afghan National Police opened a new post.", [("Afghan", "demonym", "gn:1149361")]),
    ("US Congress approved it.", [("US", "place", "gn:6252001")]),
    ("KP police arrested nine men.", [("KP", "place", "gn:1168873")]),
    ("Kabul police arrested nine men.", [("Kabul", "place", "gn:1138958")]),
    ("The Taliban ministry in Kabul is shut.", [("Kabul", "place", "gn:1138958")]),
]


@pytest.mark.parametrize(("text", "expected"), NO_PART_OF_A_NAME, ids=[text for text, _ in NO_PART_OF_A_NAME])
def test_a_place_or_demonym_beside_an_organisation_stays_what_it_is(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


def test_in_a_headline_the_name_does_not_run_over_every_capital(find: Find) -> None:
    assert find("Taliban Attack Kabul University Campus Again On Sunday Morning") == [
        ("Kabul University", ORGANISATION, "gm:univ/AF/13/kabul-university")
    ]


# --- bodies of one place ------------------------------------------------------------------------------------------

LOCAL: list[tuple[str, str, str]] = [
    ("The Dublin City Council voted on Friday.", "Dublin", "gn:2964574"),
    ("Dublin City Council voted.", "Dublin", "gn:2964574"),
    ("The Chicago Police Department paid.", "Chicago", "gn:4887398"),
    ("The Chicago Municipal Court ruled.", "Chicago", "gn:4887398"),
]


@pytest.mark.parametrize(("text", "name", "place"), LOCAL, ids=[text for text, _, _ in LOCAL])
def test_a_local_body_is_at_its_place(fast_find: Find, text: str, name: str, place: str) -> None:
    ((phrase, kind, found),) = fast_find(text)
    assert (phrase.startswith(name), kind, found) == (True, "place", place)


def test_no_word_for_a_local_body_is_idle(fast_find: Find) -> None:
    assert LOCAL_BODIES <= ORGANISATION_HEADS
    assert [kind for _, kind, _ in fast_find("The Ottawa Public Library is shut.")] == ["place"]


ELSEWHERE: list[tuple[str, str]] = [
    ("The Kunduz Provincial Council met.", "Kunduz Provincial Council"),  # of home: the organisation acts far and wide
    ("The Kabul Municipal Court ruled.", "Kabul Municipal Court"),
    ("The Ireland Supreme Court ruled.", "Ireland Supreme Court"),  # of a whole country
    ("Students left Dublin City University.", "Dublin City University"),
    ("The Chicago Tribune reported it.", "Chicago Tribune"),
    ("The Chicago City Council Times reported it.", "Chicago City Council Times"),  # the last head counts
]


@pytest.mark.parametrize(("text", "name"), ELSEWHERE, ids=[text for text, _ in ELSEWHERE])
def test_a_body_of_a_country_of_home_or_of_another_kind_stays_an_organisation(
    fast_find: Find, text: str, name: str
) -> None:
    rows = fast_find(text)
    assert [(phrase, kind) for phrase, kind, _ in rows] == [(name, ORGANISATION)]


def test_what_stands_behind_a_college_in_is_where_it_is(find: Find) -> None:
    """ "of" belongs to a name, "in" does not, unless a movement or a mission is in it."""
    assert find("He studied at the Veterinary College in Charlottetown.") == [("Charlottetown", "place", "gn:5920288")]
    assert find("He studied at the Boston University in Kabul.")[-1] == ("Kabul", "place", "gn:1138958")
