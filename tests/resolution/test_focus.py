"""What an article is about: who votes, with what weight, and for which country and province."""

from __future__ import annotations

import pytest

from geomap.gazetteer.store import Gazetteer
from geomap.model import Kind, Mention, Place, Resolution
from geomap.resolution.focus import (
    CERTAIN_WEIGHT,
    DATELINE_WEIGHT,
    DEMONYM_WEIGHT,
    HALF_SURE,
    Focus,
    Vote,
    find_focus,
    flatten,
    refine,
)


def mention(
    name: str, kind: Kind = "place", countries: tuple[str, ...] = (), nested: tuple[Mention, ...] = ()
) -> Mention:
    return Mention(
        start=0, end=len(name), phrase=name, kind=kind, name=name, sentence=(0, 99), countries=countries, nested=nested
    )


def filed(name: str) -> Mention:
    return Mention(start=0, end=len(name), phrase=name, kind="place", name=name, sentence=(0, 99), role="dateline")


def town(country: str, admin1: str | None, feature_code: str = "PPL") -> Place:
    return Place(id="gn:1", name="x", country=country, admin1=admin1, lon=0.0, lat=0.0, feature_code=feature_code)


def shares(**weights: float) -> dict[str, float]:
    """The shares of votes of some weights."""
    return {key: weight / (sum(weights.values()) + HALF_SURE) for key, weight in weights.items()}


AFGHAN = mention("Afghanistan", "demonym", ("AF",))
BORDER = mention("Tajik-Afghan border", "border", ("TJ", "AF"), (mention("Tajikistan", "demonym", ("TJ",)), AFGHAN))

# --- before anything is resolved -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "countries", "provinces"),
    [
        (mention("Tajikistan"), {"TJ": 1.0}, {}),
        (AFGHAN, {"AF": DEMONYM_WEIGHT}, {}),
        (mention("Kabul"), {"AF": CERTAIN_WEIGHT}, {"AF.13": CERTAIN_WEIGHT}),
        (mention("Kabul", "metonym"), {"AF": CERTAIN_WEIGHT}, {"AF.13": CERTAIN_WEIGHT}),
        (filed("Tajikistan"), {"TJ": DATELINE_WEIGHT}, {}),
        (BORDER, {"AF": DEMONYM_WEIGHT, "TJ": DEMONYM_WEIGHT}, {}),
        (mention("Soviet Union", "demonym", ("RU", "TJ")), {}, {}),
        (mention("Springfield"), {}, {}),
        (mention("Xyzzystan"), {}, {}),
        (mention("Central Asia", "region"), {}, {}),
        (mention("Kabul University", "organisation-embedded"), {}, {}),
    ],
)
def test_only_what_is_certain_votes_before_anything_is_resolved(
    gazetteer: Gazetteer, one: Mention, countries: dict[str, float], provinces: dict[str, float]
) -> None:
    focus = find_focus([one], gazetteer)
    assert focus.countries() == pytest.approx(shares(**countries))
    assert focus.provinces() == pytest.approx(shares(**provinces))


# --- after the first pass --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resolution", "countries", "provinces"),
    [
        (Resolution(mention=mention("X"), place=town("AF", "03"), score=0.8), {"AF": 0.6}, {"AF.03": 0.6}),
        (Resolution(mention=mention("X"), place=town("AF", "03", "ADM1"), score=0.8), {"AF": 0.6}, {}),
        (Resolution(mention=mention("X"), place=town("AF", None), score=0.8), {"AF": 0.6}, {}),
        (Resolution(mention=filed("X"), place=town("AF", None), score=0.75), {"AF": 0.5 * DATELINE_WEIGHT}, {}),
        (Resolution(mention=mention("X"), place=town("AF", "03"), score=0.4), {}, {}),
        (Resolution(mention=AFGHAN, place=town("AF", None), score=1.0), {"AF": DEMONYM_WEIGHT}, {}),
        (Resolution(mention=mention("X", "organisation-embedded"), place=town("AF", None)), {}, {}),
        (Resolution(mention=mention("X"), place=None, nil_reason="not in gazetteer"), {}, {}),
    ],
)
def test_resolved_places_vote_by_how_far_they_are_from_a_toss_up(
    resolution: Resolution, countries: dict[str, float], provinces: dict[str, float]
) -> None:
    focus = refine([resolution])
    assert focus.countries() == pytest.approx(shares(**countries))
    assert focus.provinces() == pytest.approx(shares(**provinces))


# --- the count -------------------------------------------------------------------------------------------------

FOCUS = Focus(
    [
        Vote(name="kabul", country="AF", province="AF.13", weight=2.0),
        Vote(name="herat", country="AF", province="AF.11", weight=1.0),
        Vote(name="tajikistan", country="TJ", province=None, weight=1.0),
    ]
)


def test_shares_are_drawn_towards_zero_where_votes_are_few() -> None:
    assert FOCUS.countries() == {"AF": 3 / 7, "TJ": 1 / 7}
    assert FOCUS.provinces() == {"AF.11": 1 / 6, "AF.13": 2 / 6}


def test_no_name_confirms_itself() -> None:
    assert FOCUS.countries("kabul") == {"AF": 1 / 5, "TJ": 1 / 5}
    assert FOCUS.provinces("kabul") == {"AF.11": 1 / 4}


def test_a_name_that_gave_no_vote_takes_none_away() -> None:
    assert FOCUS.countries("iran") == FOCUS.countries()


def test_an_article_without_votes_is_about_nothing() -> None:
    assert Focus([]).countries() == Focus([]).provinces() == {}


def test_mentions_are_counted_with_those_nested_in_them_at_any_depth() -> None:
    deep = mention("a", nested=(mention("b", nested=(mention("c"),)), mention("d")))
    assert [one.name for one in flatten([deep, mention("e")])] == ["a", "b", "c", "d", "e"]
