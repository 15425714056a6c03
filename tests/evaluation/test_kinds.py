"""Scores by kind, on one article made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geomap.evaluation import GoldArticle, GoldToponym, KindScores, evaluate_kinds
from geomap.evaluation.gold import Span
from geomap.geometry import LonLat
from geomap.model import Article, Kind, Mention, ParsedArticle, Place, Resolution

ARTICLE = Article(id="a", text="x" * 100)
KABUL = LonLat(69.17, 34.53)
NEAR, FAR = LonLat(69.17, 34.6), LonLat(69.17, 36.5)  # 8 and 219 km


def wanted(start: int, kind: str = "place", **more: object) -> GoldToponym:
    plain = GoldToponym(
        start=start, end=start + 5, point=KABUL, geonameid=None, kind=kind, country="AF", tolerance=20.0
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def pin(
    start: int, kind: Kind = "place", point: LonLat = KABUL, country: str | None = "AF", countries: tuple[str, ...] = ()
) -> Resolution:
    mention = Mention(start=start, end=start + 5, phrase="x" * 5, kind=kind, name="x", sentence=(0, 100))
    place = Place(
        id="x", name="x", country=country, admin1=None, lon=point.lon, lat=point.lat, feature_code="PPL",
        geonameid=7, countries=countries,
    )  # fmt: skip
    return Resolution(mention=mention, place=place)


def scored(gold: list[GoldToponym], pins: list[Resolution], not_places: tuple[Span, ...] = ()) -> KindScores:
    one = GoldArticle(article=ARTICLE, toponyms=(), annotations=tuple(gold), not_places=not_places)
    scores = evaluate_kinds([one], [ParsedArticle(article=ARTICLE, resolutions=tuple(pins))])
    assert scores is not None
    return scores


def test_a_pin_within_the_tolerance_is_right_and_one_beyond_is_wrong() -> None:
    one = scored([wanted(0), wanted(10)], [pin(0, point=NEAR), pin(10, point=FAR)])
    assert (one.places, one.found, one.located, one.pins) == (2, 2, 1, 2)
    assert one.rates == (0.5, 0.5, 0.5) and one.wrong_pins == 0.5


@pytest.mark.parametrize(("country", "located"), [("AF", 1), ("TJ", 0)])
def test_in_country_asks_for_the_country(country: str, located: int) -> None:
    one = scored([wanted(0, tolerance="in_country")], [pin(0, point=FAR, country=country)])
    assert one.located == located


def test_the_gold_s_id_is_right_wherever_it_lies() -> None:
    assert scored([wanted(0, geonameid=7)], [pin(0, point=FAR, country="TJ")]).located == 1


def test_a_region_may_be_a_region_or_one_of_its_countries() -> None:
    gold = [
        wanted(0, "region", tolerance="any_country_of_region"),
        wanted(10, "region", tolerance="any_country_of_region"),
    ]
    assert scored(gold, [pin(0, "region", country=None), pin(10, country="TJ")]).located == 1


@pytest.mark.parametrize(
    ("found", "hits"), [(("AF", "TJ"), 1), (("AF", "PK"), 0)], ids=["the same border", "another border"]
)
def test_a_border_is_found_by_one_of_the_same_countries(found: tuple[str, str], hits: int) -> None:
    one = scored([wanted(0, "border", countries=("AF", "TJ"))], [pin(0, "border", country=None, countries=found)])
    assert (one.borders, one.borders_found, one.places) == (1, hits, 0)


def test_a_town_on_a_border_s_words_is_no_border() -> None:
    assert scored([wanted(0, "border", countries=("AF", "TJ"))], [pin(0)]).borders_found == 0


def test_a_direction_is_found_by_one_of_the_same_country() -> None:
    gold = [wanted(0, "directional"), wanted(10, "directional")]
    one = scored(gold, [pin(0, "directional"), pin(10, "directional", country="TJ")])
    assert (one.directions, one.directions_found) == (2, 1)


def test_what_lies_inside_a_border_is_credited_to_it() -> None:
    gold = [wanted(0, "border", countries=("AF", "TJ")), wanted(0, nested=True, country="TJ", tolerance="in_country")]
    one = scored(gold, [pin(0, "border", country=None, countries=("AF", "TJ"))])
    assert (one.borders_found, one.located, one.pins, one.rates.precision) == (1, 1, 1, 1.0)


def test_pins_on_demonyms_organisations_and_traps_are_wrong() -> None:
    gold = [wanted(0, "demonym"), wanted(10, "organisation-embedded"), wanted(40)]
    one = scored(gold, [pin(0), pin(10), pin(20)], not_places=((20, 25), (30, 35)))
    assert (one.demonyms, one.demonyms_pinned) == (1, 1)
    assert (one.organisations, one.organisations_pinned) == (1, 1)
    assert (one.traps, one.traps_pinned) == (2, 1)
    assert (one.pins, one.wrong_pins) == (3, 1.0)


def test_demonyms_that_are_reported_as_such_are_no_pins() -> None:
    one = scored([wanted(0, "demonym")], [pin(0, "demonym")])
    assert (one.demonyms_pinned, one.pins, one.wrong_pins) == (0, 0, 0.0)


def test_what_is_optional_counts_neither_way() -> None:
    one = scored([wanted(0, optional=True), wanted(10, optional=True)], [pin(0, point=FAR)])
    assert one == KindScores()


def test_gold_without_geomap_s_kinds_has_no_such_scores() -> None:
    one = GoldArticle(article=ARTICLE, toponyms=(), annotations=(wanted(0, "Literal"),))
    assert evaluate_kinds([one], [ParsedArticle(article=ARTICLE, resolutions=())]) is None
