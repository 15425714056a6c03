"""Where a source is at home, learnt from the names in its articles alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat, great_circle_m
from geomap.geoparser import Geoparser
from geomap.model import Article, Home, Mention, ParsedArticle
from geomap.resolution import homes, resolve

PARIS_ILLINOIS = LonLat(-87.7, 39.6)
PAPER = (("Paris", "Chrisman", "Marshall"), ("Paris", "Mattoon"), ("Paris", "Terre Haute"))
"""What a paper of Paris, Illinois, may name."""
WIRE = (("Tashkent",), ("Montevideo",), ("Ulaanbaatar",), ("Ouagadougou",))


def mentions(*names: str) -> tuple[Mention, ...]:
    """Bare names as an article's whole text, each once."""
    text = " ".join(names)
    found = []
    for name in names:
        start = text.index(name)
        found.append(
            Mention(start=start, end=start + len(name), phrase=name, kind="place", name=name, sentence=(0, len(text)))
        )
    return tuple(found)


def read(
    number: int, names: Sequence[str], source: str | None = None, url: str | None = None
) -> tuple[Article, tuple[Mention, ...]]:
    """An article with its mentions."""
    return Article(id=str(number), text=" ".join(names), source=source, url=url), mentions(*names)


def articles(*texts: str, source: str | None = "The Paper") -> list[Article]:
    return [Article(id=str(number), text=text, source=source) for number, text in enumerate(texts)]


def by_themselves(parser: Geoparser, articles: Sequence[Article]) -> list[ParsedArticle]:
    """Each article parsed by itself."""
    return [one for one in parser.attempt(articles) if isinstance(one, ParsedArticle)]


def learn(
    gazetteer: Gazetteer, *articles: Sequence[str], source: str | None = "x", url: str | None = None
) -> dict[str, Home]:
    return homes.learn([read(number, names, source, url) for number, names in enumerate(articles)], gazetteer)


def km(home: Home, point: LonLat) -> float:
    return great_circle_m(LonLat(home.lon, home.lat), point) / 1000


# --- sources -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "source", "expected"),
    [
        ("https://www.paper.example/news/1", None, "paper.example"),
        ("https://WWW.Paper.example:8080/", "The Paper", "paper.example"),
        ("https://user@news.paper.example/", None, "news.paper.example"),
        ("//paper.example/1", None, "paper.example"),
        (None, "The Paper", "the paper"),
        (None, "THE  PÂPER", "the paper"),
        ("no address", "The Paper", "the paper"),
        ("mailto:desk@paper.example", "The Paper", "the paper"),
        ("https://", "The Paper", "the paper"),
        ("", "", None),
        (None, "…", None),
        (None, None, None),
    ],
)
def test_a_source_is_known_by_its_host_or_else_by_its_name(
    url: str | None, source: str | None, expected: str | None
) -> None:
    assert homes.source_of(Article(id="a", text="x", url=url, source=source)) == expected


@pytest.mark.parametrize("url", ["http://[paper", "http://paper]/", "http://[::1/x", "https://a\u2100b.example/"])
def test_an_address_that_is_none_is_passed_over(url: str) -> None:
    assert homes.source_of(Article(id="a", text="x", url=url, source="The Paper")) == "the paper"


# --- what is learnt ------------------------------------------------------------------------------------------------


def test_a_paper_is_at_home_where_its_names_lie_together(gazetteer: Gazetteer) -> None:
    (home,) = learn(gazetteer, *PAPER).values()
    assert km(home, PARIS_ILLINOIS) < homes.RADIUS_KM
    assert home.country == "US"
    assert home.admin1 in ("IL", "IN"), "the state line runs through its region"


def test_one_article_gives_no_home(gazetteer: Gazetteer) -> None:
    assert learn(gazetteer, PAPER[0]) == {}
    assert learn(gazetteer, PAPER[0], (), ()) == {}, "nor do others that name nothing"


def test_articles_without_a_source_give_no_home(gazetteer: Gazetteer) -> None:
    assert learn(gazetteer, *PAPER, source=None) == {}


@pytest.mark.parametrize(
    "articles",
    [
        WIRE,
        (("Paris", "London", "Berlin"), ("Tokyo", "Beijing")),
        (("Kabul", "Herat"), ("Kandahar",), ("Islamabad", "Tashkent"), ("Kunduz",)),
        (("Xyzzystan",), ("Xyzzystan", "Qwertz")),
        (("France",), ("Germany",), ("Central Asia",)),
    ],
)
def test_a_source_that_writes_of_the_whole_world_has_no_home(
    gazetteer: Gazetteer, articles: Sequence[Sequence[str]]
) -> None:
    assert learn(gazetteer, *articles) == {}


@pytest.mark.parametrize(
    "articles",
    [
        (("Paris", "London", "Berlin"), ("Tokyo", "Beijing", "Delhi"), ("Cairo", "Lagos"), ("Sydney", "Lima", "Toronto")),
        (("Kabul", "Washington"), ("Kabul", "Moscow"), ("Kabul", "Beijing"), ("Tehran",)),
        (("Russia",), ("Russia", "Moscow"), ("Russia", "Washington")),
    ],
)  # fmt: skip
def test_capitals_do_not_make_a_home_of_their_namesakes(
    gazetteer: Gazetteer, articles: Sequence[Sequence[str]]
) -> None:
    assert learn(gazetteer, *articles) == {}


@pytest.mark.parametrize("town", ["Herat", "Jalalabad", "Washington"])
def test_two_articles_on_one_town_do_not_move_it(fast: Geoparser, town: str) -> None:
    texts = (f"It rained in {town}.", f"It snowed in {town}.")
    (alone,) = by_themselves(fast, articles(texts[0]))
    for one in fast.parse(articles(*texts)):
        assert [r.place for r in one.resolutions] == [r.place for r in alone.resolutions]


def test_each_source_has_its_own_home(gazetteer: Gazetteer) -> None:
    rows = [read(number, names, source="Beacon") for number, names in enumerate(PAPER)]
    rows += [read(10 + number, names, source="Wire") for number, names in enumerate(WIRE)]
    rows += [read(20 + n, names, source="Dawn") for n, names in enumerate((("Karachi", "Hyderabad"), ("Hyderabad",)))]
    found = homes.learn(rows, gazetteer)
    assert sorted(found) == ["beacon", "dawn"]
    assert (found["beacon"].country, found["dawn"].country) == ("US", "PK")
    assert [homes.of(article, found) for article, _ in rows] == [found["beacon"]] * 3 + [None] * 4 + [found["dawn"]] * 2


def test_the_country_of_a_domain_decides_between_namesakes(gazetteer: Gazetteer) -> None:
    articles = (("Hamilton", "Cambridge"), ("Hamilton",))
    found = {
        tail: next(iter(learn(gazetteer, *articles, source=None, url=f"https://www.paper.{tail}/1").values())).country
        for tail in ("nz", "ca", "co.nz")
    }
    assert found == {"nz": "NZ", "ca": "CA", "co.nz": "NZ"}


def test_the_domain_of_the_united_kingdom_is_its_own(gazetteer: Gazetteer) -> None:
    """Its code is GB."""
    articles = (("Durham",), ("Durham",))
    (british,) = learn(gazetteer, *articles, source=None, url="https://paper.example.co.uk/1").values()
    elsewhere = learn(gazetteer, *articles, source=None, url="https://paper.example.com/1").values()
    assert british.country == "GB"
    assert "GB" not in {home.country for home in elsewhere}


def test_the_order_of_articles_changes_nothing(gazetteer: Gazetteer) -> None:
    rows = [read(number, names, source="x") for number, names in enumerate((*PAPER, ("Marshall", "Brazil")))]
    expected = homes.learn(rows, gazetteer)
    assert expected
    assert all(homes.learn(order, gazetteer) == expected for order in permutations(rows))


def test_no_articles_are_no_homes(gazetteer: Gazetteer) -> None:
    assert homes.learn([], gazetteer) == {}


# --- what a home is worth ------------------------------------------------------------------------------------------

HOME = Home(lon=-123.0, lat=44.05, country="US", admin1="OR")
SPRINGFIELD_OREGON = "gn:5754005"


POINTS = st.builds(LonLat, st.floats(-180, 180), st.floats(-90, 90))


@given(POINTS, POINTS)
def test_nearness_is_a_share_that_falls_with_distance(one: LonLat, other: LonLat) -> None:
    near, far = sorted((one, other), key=lambda point: km(HOME, point))
    share, smaller = (homes.nearness(HOME, point.lon, point.lat) for point in (near, far))
    assert 0.0 <= smaller <= share <= 1.0
    assert (share == 1.0) == (km(HOME, near) <= homes.RADIUS_KM)


def resolved(gazetteer: Gazetteer, home: Home | None, *names: str) -> list[str | None]:
    found = resolve(Article(id="a", text=" ".join(names)), mentions(*names), gazetteer, home)
    assert found.home == home
    return [one.place.id if one.place else None for one in found.resolutions]


def test_a_namesake_around_the_home_is_meant(gazetteer: Gazetteer) -> None:
    assert resolved(gazetteer, None, "Springfield") != [SPRINGFIELD_OREGON]
    assert resolved(gazetteer, HOME, "Springfield") == [SPRINGFIELD_OREGON]


@pytest.mark.parametrize("name", ["Kabul", "London", "Paris", "Lebanon", "Georgia", "Chicago", "Xyzzystan"])
def test_a_home_does_not_move_what_has_no_namesake_of_weight_there(gazetteer: Gazetteer, name: str) -> None:
    assert resolved(gazetteer, HOME, name) == resolved(gazetteer, None, name)


def test_the_text_says_more_than_the_home(gazetteer: Gazetteer) -> None:
    names = mentions("Springfield", "Illinois")
    (first, second) = names
    within = (Mention(**{**{f: getattr(first, f) for f in Mention.__slots__}, "within": ("Illinois",)}), second)
    found = resolve(Article(id="a", text="Springfield Illinois"), within, gazetteer, HOME)
    assert found.resolutions[0].place is not None
    assert found.resolutions[0].place.admin1 == "IL"


# --- articles together ---------------------------------------------------------------------------------------------

RAIN = ("It rained in Springfield.", "It rained in Eugene and in Springfield.")


def springfields(found: Sequence[ParsedArticle]) -> list[str | None]:
    return [
        r.place.id if r.place else None for one in found for r in one.resolutions if r.mention.phrase == "Springfield"
    ]


def test_articles_of_one_source_tell_each_other_where_they_play(fast: Geoparser) -> None:
    assert springfields(list(fast.parse(articles(*RAIN)))) == [SPRINGFIELD_OREGON] * 2


def test_articles_without_a_source_or_of_two_tell_each_other_nothing(fast: Geoparser) -> None:
    alone = springfields(list(fast.parse(articles(RAIN[0]))))
    assert alone != [SPRINGFIELD_OREGON]
    assert springfields(list(fast.parse(articles(*RAIN, source=None))))[:1] == alone
    two = [*articles(RAIN[0], source="One"), *articles("", RAIN[1], source="Two")[1:]]
    assert springfields(list(fast.parse(two)))[:1] == alone


def test_settling_touches_only_articles_whose_home_is_another(fast: Geoparser) -> None:
    read = list(by_themselves(fast, [*articles(*RAIN), Article(id="z", text=RAIN[0], source="Other")]))
    assert [one.home for one in read] == [None] * 3
    settled = list(fast.settle(read))
    assert [one is before for one, before in zip(settled, read, strict=True)] == [False, False, True]
    assert [one.mentions for one in settled] == [one.mentions for one in read]
    again = list(fast.settle(settled))
    assert all(one is before for one, before in zip(again, settled, strict=True))


def test_a_home_that_is_lost_is_forgotten(fast: Geoparser) -> None:
    settled = list(fast.parse(articles(*RAIN)))
    (alone,) = fast.settle(settled[:1])
    (expected,) = by_themselves(fast, articles(RAIN[0]))
    assert (alone, alone.home) == (expected, None)


def test_articles_in_any_order_are_resolved_the_same(fast: Geoparser) -> None:
    rows = [*articles(*RAIN, "It rained in Kabul."), Article(id="z", text=RAIN[0])]
    expected = {one.article.id: one for one in fast.parse(rows)}
    for order in permutations(rows):
        assert {one.article.id: one for one in fast.parse(order)} == expected
