"""Parsed articles → one atlas: what is a mark, what is only counted, and in which order."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from geomap.collection import collect, nil_reasons
from geomap.model import (
    KINDS,
    PINLESS,
    Article,
    Atlas,
    AtlasMention,
    Kind,
    Mention,
    NilReason,
    ParsedArticle,
    Place,
    Precision,
    Resolution,
)


def place(number: int, name: str = "") -> Place:
    return Place(
        id=f"gn:{number}", name=name or f"place {number}", country="AF", admin1=None, lon=60 + number, lat=30,
        feature_code="PPL", geonameid=number,
    )  # fmt: skip


def resolved(
    start: int,
    meant: Place | None,
    kind: Kind = "place",
    *,
    precision: Precision | None = "town",
    reason: NilReason | None = None,
    nested: tuple[Resolution, ...] = (),
) -> Resolution:
    found = Mention(start=start, end=start + 1, phrase="x", kind=kind, name="x", sentence=(0, 99))
    return Resolution(
        mention=found, place=meant, precision=precision if meant else None, nil_reason=reason, nested=nested
    )


def parsed(article_id: str, *resolutions: Resolution) -> ParsedArticle:
    return ParsedArticle(article=Article(id=article_id, text="x" * 100), resolutions=resolutions)


KABUL, HERAT, AFGHANISTAN = place(3, "Kabul"), place(2, "Herat"), place(1, "Afghanistan")


def test_places_come_most_mentioned_first_and_then_by_id() -> None:
    atlas = collect(
        [parsed("a", resolved(0, KABUL), resolved(5, HERAT), resolved(9, KABUL), resolved(12, AFGHANISTAN))]
    )
    assert [(one.place.name, len(one.mentions)) for one in atlas.places] == [
        ("Kabul", 2),
        ("Afghanistan", 1),
        ("Herat", 1),
    ]


def test_mentions_of_a_place_come_by_article_and_then_by_offset() -> None:
    atlas = collect([parsed("b", resolved(1, KABUL)), parsed("a", resolved(0, KABUL), resolved(7, KABUL))])
    (kabul,) = atlas.places
    assert [(one.article_id, one.resolution.mention.start) for one in kabul.mentions] == [("a", 0), ("a", 7), ("b", 1)]
    assert kabul.article_ids == ("a", "b")
    assert [article.id for article in atlas.articles] == ["a", "b"]


def test_demonyms_and_organisations_are_counted_but_make_no_place() -> None:
    demonym, organisation = resolved(0, AFGHANISTAN, "demonym"), resolved(5, KABUL, "organisation-embedded")
    atlas = collect([parsed("a", demonym, organisation)])
    assert atlas.places == ()
    assert atlas.unmapped == (
        AtlasMention(article_id="a", resolution=demonym),
        AtlasMention(article_id="a", resolution=organisation),
    )


def test_an_organisation_whose_place_is_unknown_is_no_missing_place() -> None:
    atlas = collect([parsed("a", resolved(0, None, "organisation-embedded", reason="not in gazetteer"))])
    assert (len(atlas.unmapped), atlas.nil) == (1, ())


def test_a_mention_without_a_place_is_kept_with_its_reason() -> None:
    nowhere = resolved(0, None, reason="not in gazetteer")
    atlas = collect([parsed("a", nowhere, resolved(5, KABUL))])
    assert atlas.nil == (AtlasMention(article_id="a", resolution=nowhere),)
    assert [one.place for one in atlas.places] == [KABUL]


def test_what_is_nested_in_a_mention_is_not_counted_again() -> None:
    border = resolved(0, KABUL, "border", precision="line", nested=(resolved(0, HERAT), resolved(0, None)))
    atlas = collect([parsed("a", border)])
    assert [one.place.name for one in atlas.places] == ["Kabul"]
    assert (atlas.unmapped, atlas.nil) == ((), ())


def test_an_article_without_a_mention_is_in_the_atlas() -> None:
    atlas = collect([parsed("a")])
    assert atlas == Atlas(articles=(Article(id="a", text="x" * 100),), places=())


def test_nothing_makes_an_atlas_of_nothing() -> None:
    assert collect([]) == Atlas(articles=(), places=(), unmapped=(), nil=())


def test_reasons_come_commonest_first_and_then_by_name() -> None:
    reasons: tuple[NilReason, ...] = (
        "not in gazetteer",
        "no shared border",
        "only far-away namesakes",
        "no shared border",
    )
    atlas = collect([parsed("a", *(resolved(10 * i, None, reason=reason) for i, reason in enumerate(reasons)))])
    assert nil_reasons(atlas) == [("no shared border", 2), ("not in gazetteer", 1), ("only far-away namesakes", 1)]
    assert nil_reasons(collect([])) == []


MEANT = st.none() | st.integers(1, 4).map(place)
RESOLVED = st.builds(resolved, st.integers(0, 90), MEANT, st.sampled_from(KINDS))
CORPUS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.lists(RESOLVED, max_size=5), max_size=5)


@given(CORPUS, st.randoms())
def test_the_order_of_the_articles_makes_no_difference(corpus: dict[str, list[Resolution]], random: Random) -> None:
    articles = [parsed(article_id, *found) for article_id, found in sorted(corpus.items())]
    shuffled = list(articles)
    random.shuffle(shuffled)
    assert collect(shuffled) == collect(articles)


@given(CORPUS)
def test_every_outer_mention_is_in_the_atlas_once(corpus: dict[str, list[Resolution]]) -> None:
    atlas = collect(parsed(article_id, *found) for article_id, found in corpus.items())
    drawn = [mention for one in atlas.places for mention in one.mentions]
    everything = [AtlasMention(article_id=key, resolution=one) for key, found in corpus.items() for one in found]
    assert Counter(map(repr, (*drawn, *atlas.unmapped, *atlas.nil))) == Counter(map(repr, everything))
    assert not any(one.resolution.mention.kind in PINLESS for one in drawn)
    ids = [one.place.id for one in atlas.places]
    assert len(set(ids)) == len(ids)
