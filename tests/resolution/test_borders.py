"""Which two countries a border is between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geomap.gazetteer.store import Gazetteer
from geomap.model import Direction, Kind, Mention
from geomap.resolution.borders import border_pair
from geomap.resolution.focus import Focus, Vote

HERE = (0, 100)


def border(*countries: str, direction: Direction | None = None) -> Mention:
    return Mention(
        start=50, end=60, phrase="the border", kind="border", name="the border", sentence=HERE,
        countries=countries, direction=direction,
    )  # fmt: skip


def other(name: str, kind: Kind = "place", countries: tuple[str, ...] = ()) -> Mention:
    return Mention(start=0, end=5, phrase=name, kind=kind, name=name, sentence=HERE, countries=countries)


def about(**weights: float) -> Focus:
    return Focus(Vote(name=code, country=code, province=None, weight=w) for code, w in weights.items())


def pair(
    gazetteer: Gazetteer, mention: Mention, *others: Mention, focus: Focus | None = None
) -> tuple[str, str] | None:
    return border_pair(mention, [*others, mention], focus or about(), gazetteer)


@pytest.mark.parametrize(
    ("countries", "expected"), [(("TJ", "AF"), ("AF", "TJ")), (("AF", "MN"), None), (("AF", "XX"), None)]
)
def test_two_named_countries_are_the_pair_where_they_share_a_border(
    gazetteer: Gazetteer, countries: tuple[str, str], expected: tuple[str, str] | None
) -> None:
    assert pair(gazetteer, border(*countries), other("Iran"), focus=about(IR=9)) == expected


def test_the_other_country_is_the_neighbour_in_the_sentence(gazetteer: Gazetteer) -> None:
    assert pair(gazetteer, border("AF"), other("Iran")) == ("AF", "IR")
    assert pair(gazetteer, border("AF"), other("Iran", kind="demonym", countries=("IR",))) == ("AF", "IR")
    assert pair(gazetteer, border("AF"), other("Tashkent")) == ("AF", "UZ")


def test_the_sentence_goes_before_the_article(gazetteer: Gazetteer) -> None:
    assert pair(gazetteer, border("AF"), other("Iran"), focus=about(PK=9)) == ("AF", "IR")


def test_the_article_decides_where_the_sentence_does_not(gazetteer: Gazetteer) -> None:
    assert pair(gazetteer, border("AF"), focus=about(PK=2, IR=1)) == ("AF", "PK")


def test_what_is_no_neighbour_decides_nothing(gazetteer: Gazetteer) -> None:
    assert pair(gazetteer, border("AF"), other("Russia"), focus=about(RU=9, US=3)) is None


def test_a_border_is_afghanistans_where_nothing_else_decides(gazetteer: Gazetteer) -> None:
    assert pair(gazetteer, border("TJ")) == ("AF", "TJ")
    assert pair(gazetteer, border("DE")) is None


def test_the_only_neighbour_needs_no_evidence(gazetteer: Gazetteer) -> None:
    assert gazetteer.neighbours("PT") == ("ES",)
    assert pair(gazetteer, border("PT")) == ("ES", "PT")


def test_an_island_has_no_border(gazetteer: Gazetteer) -> None:
    assert pair(gazetteer, border("IS"), other("Denmark")) is None


@pytest.mark.parametrize(
    ("country", "direction", "expected"),
    [
        ("TJ", "south", ("AF", "TJ")),
        ("TJ", "west", ("TJ", "UZ")),
        ("UZ", "south", ("AF", "UZ")),
        ("PK", "west", ("AF", "PK")),
    ],
)
def test_a_direction_keeps_to_the_neighbours_on_that_side(
    gazetteer: Gazetteer, country: str, direction: Direction, expected: tuple[str, str]
) -> None:
    assert pair(gazetteer, border(country, direction=direction)) == expected


def test_regions_and_other_borders_do_not_speak_for_a_country(gazetteer: Gazetteer) -> None:
    second = replace(border("IR", "PK"), start=5, end=20)
    region = other("Middle East", kind="region", countries=("IR",))
    assert pair(gazetteer, border("AF"), second, region) is None
