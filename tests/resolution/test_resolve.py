"""Mentions and the places that they mean in the company of the others of their article."""

from __future__ import annotations

import pytest

from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Mention, Place
from geomap.resolution import resolve
from geomap.resolution.resolve import precision_of
from tests.conftest import Find, Found, Parse

PLACE = "place"
MOSCOW, MOSCOW_IDAHO = "gn:524901", "gn:5601538"


def ids(rows: Found, phrase: str) -> list[str | None]:
    return [place for found, _, place in rows if found == phrase]


# --- containers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "phrase", "place"),
    [
        ("He repairs watches in Moscow, Idaho.", "Moscow", MOSCOW_IDAHO),
        ("He repairs watches in Moscow, Russia.", "Moscow", MOSCOW),
        ("He repairs watches in Moscow.", "Moscow", MOSCOW),
        ("The suspect grew up in Paris, Texas.", "Paris", "gn:4717560"),
        ("The suspect grew up in Paris, France.", "Paris", "gn:2988507"),
        ("The suspect grew up in Paris.", "Paris", "gn:2988507"),
        ("He was born in Cambridge, Massachusetts.", "Cambridge", "gn:4931972"),
        ("He was born in Cambridge, England.", "Cambridge", "gn:2653941"),
        ("Hyderabad, Sindh, was flooded.", "Hyderabad", "gn:1176734"),
        ("Hyderabad, India, was flooded.", "Hyderabad", "gn:1269843"),
        ("Portland, Ore., is wet.", "Portland", "gn:5746545"),
        ("Portland, Maine, is wet.", "Portland", "gn:4975802"),
        ("Jalalabad in Nangarhar is famed for oranges.", "Jalalabad", "gn:1139715"),
        ("Jalal-Abad, Kyrgyzstan, was cold.", "Jalal-Abad", "gn:1528249"),
        ("She teaches in Baharak, Takhar.", "Baharak", "gn:7053318"),
        ("She teaches in Baharak, Badakhshan.", "Baharak", "gn:1147489"),
        ("Kandahar's Spin Boldak district fell.", "Spin Boldak", "gn:7053310"),
    ],
)
def test_a_container_chooses_among_namesakes(find: Find, text: str, phrase: str, place: str) -> None:
    assert ids(find(text), phrase) == [place]


SAVANNAH, GEORGIA_STATE, GEORGIA = "gn:4221552", "gn:4197000", "gn:614540"
LEBANON_PENNSYLVANIA, YAKIMA, WASHINGTON_STATE, WASHINGTON = "gn:5197517", "gn:5816605", "gn:5815135", "gn:4140963"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A storm hit Savannah, Georgia, on Friday.", {"Savannah": [SAVANNAH], "Georgia": [GEORGIA_STATE]}),
        ("Tbilisi, Georgia, was calm.", {"Tbilisi": ["gn:611717"], "Georgia": [GEORGIA]}),
        ("She farms near Yakima, Washington.", {"Yakima": [YAKIMA], "Washington": [WASHINGTON_STATE]}),
        ("He was born in Lebanon, Pa., in 1950.", {"Lebanon": [LEBANON_PENNSYLVANIA], "Pa.": ["gn:6254927"]}),
        ("Talks in Beirut, Lebanon, ended.", {"Beirut": ["gn:276781"], "Lebanon": ["gn:272103"]}),
        ("It rained in Georgia.", {"Georgia": [GEORGIA]}),
        ("It rained in Washington.", {"Washington": [WASHINGTON]}),
        ("It rained in Lebanon.", {"Lebanon": ["gn:272103"]}),
    ],
)
def test_what_the_text_puts_in_a_place_tells_which_place_that_is(
    fast_find: Find, text: str, places: dict[str, list[str]]
) -> None:
    rows = fast_find(text)
    assert {phrase: ids(rows, phrase) for phrase in places} == places


@pytest.mark.parametrize(
    ("text", "phrase", "places"),
    [
        ("Georgia was calm. Savannah, Georgia, was not.", "Georgia", [GEORGIA_STATE] * 2),
        ("Savannah, Georgia, was calm. In Georgia it rained.", "Georgia", [GEORGIA_STATE] * 2),
        ("Tbilisi, Georgia, was calm. In Georgia it rained.", "Georgia", [GEORGIA] * 2),
        ("She farms near Yakima, Washington. In Washington it rained.", "Washington", [WASHINGTON_STATE] * 2),
        ("He was born in Lebanon, Pa., in 1950. In Lebanon it rained.", "Lebanon", [LEBANON_PENNSYLVANIA] * 2),
    ],
)
def test_what_was_told_of_a_name_once_holds_for_it_elsewhere_in_the_article(
    fast_find: Find, text: str, phrase: str, places: list[str]
) -> None:
    assert ids(fast_find(text), phrase) == places


def test_an_unknown_name_inside_a_place_tells_nothing_of_it(fast_find: Find) -> None:
    assert ids(fast_find("It rained in Xyzzyville, Georgia, on Friday."), "Georgia") == [GEORGIA]


def test_towns_in_a_list_do_not_lie_in_each_other(fast_find: Find) -> None:
    """There is a Sidney 50 km from Lima, Ohio."""
    rows = fast_find("It rained in Sydney, Lima and Toronto.")
    assert [place for _, _, place in rows] == ["gn:2147714", "gn:3936456", "gn:6167865"]


@pytest.mark.parametrize(
    ("name", "place"),
    [("Philadelphia", "gn:4560349"), ("Phoenix", "gn:5308655"), ("Alexandria", "gn:361058")],
)
def test_the_bearer_of_a_name_comes_before_a_capital_that_once_had_it(fast_find: Find, name: str, place: str) -> None:
    """Amman was Philadelphia, and Kandahar one of many Alexandrias."""
    assert fast_find(f"It rained in {name}.") == [(name, PLACE, place)]


# --- class words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Kunduz was calm.", ["gn:1135689"]),
        ("Kunduz province was calm.", ["gn:1135690"]),
        ("The city of Kunduz was calm.", ["gn:1135689"]),
        ("In Kunduz city, the capital of Kunduz province, it rained.", ["gn:1135689", "gn:1135690"]),
        ("Kunduz province fell. In Kunduz the bazaar was shut.", ["gn:1135690", "gn:1135690"]),
        ("Kunduz fell. The city of Kunduz was calm.", ["gn:1135689", "gn:1135689"]),
    ],
)
def test_a_class_word_chooses_the_unit_and_the_bare_name_follows_it(find: Find, text: str, places: list[str]) -> None:
    assert ids(find(text), "Kunduz") == places


@pytest.mark.parametrize(
    ("name", "town"),
    [("Kandahar", "gn:1138336"), ("Herat", "gn:1140026"), ("Ghazni", "gn:1141269"), ("Khost", "gn:1136469")],
)
def test_a_bare_name_is_the_town_before_the_province(find: Find, name: str, town: str) -> None:
    assert find(f"Shells fell on {name}.") == [(name, PLACE, town)]


def test_abroad_a_large_town_comes_before_the_unit_of_its_name(find: Find) -> None:
    assert find("Delegates flew to Hamburg.") == [("Hamburg", PLACE, "gn:2911298")]


# --- one sense an article ----------------------------------------------------------------------------------------


def test_a_qualified_first_mention_fixes_the_bare_name(find: Find) -> None:
    rows = find("The mayor of Moscow, Idaho, resigned. Moscow is quiet. In Moscow it rained.")
    assert ids(rows, "Moscow") == [MOSCOW_IDAHO] * 3


def test_a_container_holds_for_its_own_mention_whatever_came_before(find: Find) -> None:
    assert ids(find("Moscow is large. Moscow, Idaho, is small."), "Moscow") == [MOSCOW, MOSCOW_IDAHO]


def test_spellings_of_one_place_meet_in_it(find: Find) -> None:
    rows = find("Kunduz fell. Qunduz was looted. Kondoz is quiet.")
    assert [place for _, _, place in rows] == ["gn:1135689"] * 3


def test_articles_do_not_see_each_other(find: Find) -> None:
    assert ids(find("Moscow, Idaho, is small."), "Moscow") == [MOSCOW_IDAHO]
    assert ids(find("Moscow is large."), "Moscow") == [MOSCOW]


def test_the_countries_of_an_article_choose_among_namesakes(find: Find) -> None:
    assert ids(find("Georgia sent its last company home from Helmand."), "Georgia") == ["gn:614540"]
    assert ids(find("Pakistan, Pakistani police said. It rained in Hyderabad. Sindh is hot."), "Hyderabad") == [
        "gn:1176734"
    ]
    assert ids(find("India, Indian police said. It rained in Hyderabad. Mumbai is hot."), "Hyderabad") == ["gn:1269843"]


# --- NIL -------------------------------------------------------------------------------------------------------

AFGHAN_STORY = "Kabul, Herat and Kandahar are calm, Afghan officials said."


def test_an_unknown_name_is_nil(parse: Parse) -> None:
    (resolution,) = parse("Fighting went on in Qarghabel village on Friday.")
    assert (resolution.place, resolution.precision, resolution.nil_reason) == (None, None, "not in gazetteer")


def resolved(gazetteer: Gazetteer, *names: str) -> list[tuple[str | None, str | None]]:
    """Place id and NIL reason of bare names that make up an article."""
    text = " ".join(names)
    mentions = [
        Mention(
            start=text.index(name), end=text.index(name) + len(name), phrase=name, kind="place", name=name, sentence=(0, len(text))
        )
        for name in names
    ]  # fmt: skip
    parsed = resolve(Article(id="a", text=text), mentions, gazetteer)
    return [(r.place.id if r.place else None, r.nil_reason) for r in parsed.resolutions]


def test_a_small_far_away_namesake_is_not_believed(gazetteer: Gazetteer) -> None:
    """Tioga of North Dakota in an article about Afghanistan; by itself, and among its own, it is believed."""
    assert resolved(gazetteer, "Tioga") == [("gn:5692590", None)]
    assert resolved(gazetteer, "Kabul", "Afghanistan", "Tioga")[2] == (None, "only far-away namesakes")
    assert resolved(gazetteer, "Bismarck", "North Dakota", "Tioga")[2] == ("gn:5692590", None)


def test_the_only_bearer_of_a_name_does_not_confirm_itself(gazetteer: Gazetteer) -> None:
    """There is one Yamhill, a village of Oregon; in an article about Afghanistan it is no surer than Tioga."""
    assert resolved(gazetteer, "Kabul", "Afghanistan", "Yamhill")[2] == (None, "only far-away namesakes")


def test_a_small_far_away_namesake_is_not_believed_for_its_class_word(find: Find) -> None:
    """A village called Alma in an Afghan article is not the city of Quebec."""
    assert ids(find(f"{AFGHAN_STORY} The village of Alma was quiet."), "Alma") == [None]


def test_a_large_far_away_town_is_believed(find: Find) -> None:
    assert ids(find(f"{AFGHAN_STORY} He flew to Istanbul."), "Istanbul") == ["gn:745044"]


# --- what comes back ---------------------------------------------------------------------------------------------


def test_there_is_one_resolution_a_mention_in_their_order(gazetteer: Gazetteer) -> None:
    names = ("Kabul", "Xyzzystan", "Herat")
    assert resolved(gazetteer, *names) == [("gn:1138958", None), (None, "not in gazetteer"), ("gn:1140026", None)]
    assert resolve(Article(id="a", text=""), [], gazetteer).resolutions == ()


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("Tajikistan agreed.", "country"),
        ("Helmand province fell.", "province"),
        ("Sangin district fell.", "district"),
        ("It rained in Kabul.", "town"),
        ("Central Asia agreed.", "region"),
        ("Snow fell in northern Afghanistan.", "region"),
        ("The Amu Darya froze.", "line"),
        ("The Durand Line was drawn.", "line"),
        ("Crowds gathered at Kabul airport.", "point"),
        ("The Kremlin declined to comment.", "point"),
        ("It rained in Torkham, Nangarhar.", "point"),
        ("Mirwais Hospital in Kandahar ran out of blood.", "town"),
        ("Russian military base in Tajikistan was resupplied.", "country"),
        ("The Panjshir Valley held out.", "region"),
    ],
)
def test_every_resolution_says_how_precise_it_is(parse: Parse, text: str, precision: str) -> None:
    assert [r.precision for r in parse(text) if r.mention.kind != "demonym"][:1] == [precision]


@pytest.mark.parametrize(
    ("feature_code", "precision"),
    [
        ("PPLC", "town"),
        ("PPL", "town"),
        ("ADM2", "district"),
        ("AIRP", "point"),
        ("DAM", "point"),
        ("MTS", "region"),
        ("SEA", "region"),
    ],
)
def test_precision_follows_from_the_feature_code(feature_code: str, precision: str) -> None:
    place = Place(id="gm:x", name="X", country="AF", admin1=None, lon=0.0, lat=0.0, feature_code=feature_code)
    assert precision_of(place) == precision


def test_demonyms_and_organisations_know_their_country_for_the_count(parse: Parse) -> None:
    afghan, university = parse("Afghan students left Kabul University.")
    assert afghan.place is not None
    assert university.place is not None
    assert (afghan.place.id, afghan.score) == ("gn:1149361", 1.0)
    assert (university.place.country, university.score) == ("AF", 0.0)


def test_new_york_is_the_city_unless_the_state_is_asked_for(parse: Parse) -> None:
    def place(text: str) -> str | None:
        (one,) = [found for found in parse(text) if found.mention.phrase == "New York"]
        return one.place.id if one.place else None

    assert place("The envoy flew to New York.") == "gn:5128581"
    assert place("The governor of the state of New York resigned.") == "gn:5128638"


def test_two_names_that_are_hardly_sure_do_not_confirm_each_other(parse: Parse) -> None:
    """Kent and Essex are American towns too."""
    found = [one.place and one.place.country for one in parse("Lorries queued in Kent and in Essex.")]
    assert found == ["GB", "GB"]
