"""Scores: exact ones on a small gold made by hand, and the floors that geomap holds on the five seeds."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.articles import read_paths
from geomap.errors import ArticleError
from geomap.evaluation import GoldArticle, GoldToponym, Scores, evaluate, read_gold, table
from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat
from geomap.model import Article, Kind, Mention, ParsedArticle, Place, Resolution
from geomap.pipeline import Geoparser
from geomap.records import to_record

# --- hand-made gold ------------------------------------------------------------------------------------------

KABUL = LonLat(69.17233, 34.52813)
NEAR = LonLat(69.17233, 35.52813)  # one degree of latitude: 111.2 km
FAR = LonLat(69.17233, 36.52813)  # two: 222.4 km


def gold(*toponyms: GoldToponym) -> list[GoldArticle]:
    return [GoldArticle(article=Article(id="a", text="x" * 100), toponyms=toponyms)]


def wanted(start: int, end: int, point: LonLat | None = KABUL, geonameid: int | None = None) -> GoldToponym:
    return GoldToponym(start=start, end=end, point=point, geonameid=geonameid)


def drawn(
    start: int, end: int, point: LonLat | None = KABUL, kind: Kind = "place", geonameid: int | None = None
) -> Resolution:
    found = Mention(start=start, end=end, phrase="x" * (end - start), kind=kind, name="x", sentence=(0, 100))
    place = point and Place(
        id="x",
        name="x",
        country=None,
        admin1=None,
        lon=point.lon,
        lat=point.lat,
        feature_code="PPL",
        geonameid=geonameid,
    )
    return Resolution(mention=found, place=place, precision="town" if place else None)


def scores(toponyms: list[GoldToponym], resolutions: list[Resolution]) -> Scores:
    parsed = ParsedArticle(article=Article(id="a", text="x" * 100), resolutions=tuple(resolutions))
    return evaluate(gold(*toponyms), [parsed])


def test_all_right_is_one() -> None:
    one = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5), drawn(10, 15)])
    assert one == Scores(gold=2, predicted=2, exact=2, overlapping=2, judged=2, near=2, km=(0.0, 0.0))
    assert (one.exact_f1, one.recognition_f1, one.accuracy, one.median_km) == (1.0, 1.0, 1.0, 0.0)


def test_nothing_found_is_nought() -> None:
    one = scores([wanted(0, 5)], [])
    assert (one.exact_f1, one.recognition_f1, one.accuracy, one.median_km) == (0.0, 0.0, 0.0, 0.0)
    nothing = scores([], [])
    assert (nothing.exact_f1, nothing.recognition_f1, nothing.accuracy) == (0.0, 0.0, 0.0)


def test_a_missed_and_a_false_one_cost_alike() -> None:
    one = scores([wanted(0, 5), wanted(10, 15), wanted(20, 25)], [drawn(0, 5), drawn(50, 55)])
    assert (one.gold, one.predicted, one.exact) == (3, 2, 1)
    assert one.exact_f1 == one.recognition_f1 == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))


def test_a_span_that_only_overlaps_counts_for_the_looser_score() -> None:
    one = scores([wanted(0, 5)], [drawn(0, 7)])
    assert (one.exact_f1, one.recognition_f1) == (0.0, 1.0)
    touching = scores([wanted(0, 5)], [drawn(5, 7)])
    assert touching.overlapping == 0, "a span ends before its end offset"


@pytest.mark.parametrize(("point", "near"), [(KABUL, 1), (NEAR, 1), (FAR, 0)])
def test_within_161_km_is_right(point: LonLat, near: int) -> None:
    one = scores([wanted(0, 5)], [drawn(0, 5, point)])
    assert (one.judged, one.near, one.accuracy) == (1, near, float(near))
    assert one.median_km == pytest.approx((point.lat - KABUL.lat) * 111.195, abs=0.01)


def test_the_same_geonameid_is_no_distance_away() -> None:
    """Which point stands for a country is a convention."""
    one = scores([wanted(0, 5, KABUL, 1149361)], [drawn(0, 5, FAR, geonameid=1149361)])
    assert (one.near, one.km) == (1, (0.0,))
    another = scores([wanted(0, 5, KABUL, 1149361)], [drawn(0, 5, FAR, geonameid=1)])
    assert another.near == 0


def test_no_place_is_wrong_but_has_no_distance() -> None:
    one = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5, None), drawn(10, 15)])
    assert (one.judged, one.near, one.accuracy, one.km) == (2, 1, 0.5, (0.0,))


def test_gold_without_a_point_counts_for_recognition_only() -> None:
    one = scores([wanted(0, 5, None), wanted(10, 15)], [drawn(0, 5), drawn(10, 15)])
    assert (one.overlapping, one.judged, one.accuracy) == (2, 1, 1.0)


def test_demonyms_and_organisations_are_no_predictions() -> None:
    one = scores(
        [wanted(0, 5)], [drawn(0, 5), drawn(10, 15, kind="demonym"), drawn(20, 25, kind="organisation-embedded")]
    )
    assert (one.predicted, one.exact_f1) == (1, 1.0)


def test_one_gold_span_takes_one_prediction_and_the_other_way_round() -> None:
    two_on_one = scores([wanted(0, 10)], [drawn(0, 4), drawn(5, 10)])
    assert two_on_one.overlapping == 1
    assert two_on_one.recognition_f1 == pytest.approx(2 / 3)
    one_on_two = scores([wanted(0, 4), wanted(5, 10)], [drawn(0, 10)])
    assert one_on_two.overlapping == 1
    assert one_on_two.recognition_f1 == pytest.approx(2 / 3)


def test_the_identical_span_is_matched_before_one_that_overlaps_more() -> None:
    one = scores([wanted(0, 4), wanted(0, 9, FAR)], [drawn(0, 4), drawn(0, 10, FAR)])
    assert (one.exact, one.overlapping, one.near) == (1, 2, 2)


def test_scores_add_up_over_articles() -> None:
    article = Article(id="a", text="x" * 100)
    articles = [
        GoldArticle(article=article, toponyms=(wanted(0, 5),)),
        GoldArticle(article=article, toponyms=(wanted(0, 5),)),
    ]
    parsed = [
        ParsedArticle(article=article, resolutions=(drawn(0, 5),)),
        ParsedArticle(article=article, resolutions=()),
    ]
    assert evaluate(articles, parsed) == Scores(
        gold=2, predicted=1, exact=1, overlapping=1, judged=1, near=1, km=(0.0,)
    )


def test_gold_and_predictions_of_unlike_number_are_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        evaluate(gold(wanted(0, 5)), [])


def disjoint(cuts: set[int]) -> list[tuple[int, int]]:
    """Spans between every other pair of offsets: as predictions are, none of them overlaps another."""
    offsets = sorted(cuts)
    return list(zip(offsets[::2], offsets[1::2], strict=False))


SPANS = st.sets(st.integers(0, 100), max_size=12).map(disjoint)


@given(SPANS, SPANS)
def test_scores_stay_in_range(annotated: list[tuple[int, int]], predicted: list[tuple[int, int]]) -> None:
    one = scores([wanted(*span) for span in annotated], [drawn(*span) for span in predicted])
    assert 0 <= one.exact_f1 <= one.recognition_f1 <= 1
    assert one.exact == len(set(annotated) & set(predicted))
    assert one.exact <= one.overlapping <= min(one.gold, one.predicted)


@given(SPANS.filter(bool))
def test_the_gold_itself_scores_one(annotated: list[tuple[int, int]]) -> None:
    one = scores([wanted(*span) for span in annotated], [drawn(*span) for span in annotated])
    assert (one.exact_f1, one.recognition_f1, one.accuracy) == (1.0, 1.0, 1.0)


def test_the_table_has_one_line_a_gold_file() -> None:
    one = scores([wanted(0, 5), wanted(10, 15), wanted(20, 25)], [drawn(0, 5), drawn(10, 15, NEAR), drawn(20, 22, FAR)])
    assert table({"hand": one, "none": scores([], [])}).splitlines() == [
        "gold          spans  exact F1  overlap F1  acc@161  median km",
        "hand              3     0.667       1.000    0.667      111.2",
        "none              0     0.000       0.000    0.000        0.0",
    ]


# --- gold files ----------------------------------------------------------------------------------------------

LINE: dict[str, Any] = {
    "id": "a",
    "text": "In Kabul and Herat, Afghan and Tajik.",
    "toponyms": [
        {"start": 3, "end": 8, "lon": 69.17, "lat": 34.53, "geonameid": "1138958"},
        {"start": 13, "end": 18, "lon": None, "lat": None},
        {"start": 20, "end": 26, "kind": "demonym", "lon": 66.0, "lat": 33.0},
        {"start": 31, "end": 36, "demonym": True},
        {"start": 0, "end": 8, "optional": True},
        {"start": 3, "end": 5, "nested_in": [3, 8]},
        {"start": 0, "end": 36, "kind": "organisation-embedded"},
    ],
}


def gold_file(path: Path, *lines: Any) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_what_need_not_be_found_is_left_out_of_the_gold(tmp_path: Path) -> None:
    (one,) = read_gold(gold_file(tmp_path / "gold.jsonl", LINE))
    assert one.article == Article(id="a", text=LINE["text"])
    assert one.toponyms == (
        GoldToponym(start=3, end=8, point=LonLat(69.17, 34.53), geonameid=1138958),
        GoldToponym(start=13, end=18, point=None, geonameid=None),
    )


def test_gold_may_leave_its_texts_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"In Kabul.\r\n")
    path = gold_file(tmp_path / "gold.jsonl", {"id": "a.txt", "toponyms": []})
    (one,) = read_gold(path, tmp_path)
    assert one.article == Article(id="a.txt", text="In Kabul.\r\n")
    with pytest.raises(ArticleError) as error:
        read_gold(path)
    assert str(error.value) == f"{path}:1: no text; name the folder of the articles with --texts"


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    """U+2028 and its like stand unescaped in JSON; only a line feed ends a line."""
    row = json.dumps({"id": "a", "text": "In Kabul.\u2028\x85\u2029And so on.", "toponyms": []}, ensure_ascii=False)
    (one,) = read_gold(gold_file(tmp_path / "gold.jsonl", row))
    assert one.article.text == "In Kabul.\u2028\x85\u2029And so on."


def test_a_missing_gold_file_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"nowhere\.jsonl: "):
        read_gold(tmp_path / "nowhere.jsonl")


def test_a_gold_file_that_is_not_utf8_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_bytes(b'{"id": "caf\xe9"}\n')
    with pytest.raises(ArticleError, match="UTF-8"):
        read_gold(tmp_path / "gold.jsonl")


BAD_TOPONYMS = [
    {"end": 3},
    {"start": "3", "end": 8},
    {"start": 3, "end": None},
    {"start": 3, "end": 8, "lon": "69", "lat": "34"},
    {"start": 3, "end": 8, "geonameid": "x"},
    None,
    3,
]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", "null", {}, {"id": "a", "text": "x"}, *({**LINE, "toponyms": [bad]} for bad in BAD_TOPONYMS)],
    ids=lambda line: json.dumps(line if isinstance(line, str) else line.get("toponyms", line)),
)
def test_a_line_that_is_no_gold_is_named_with_its_number(tmp_path: Path, line: Any) -> None:
    path = gold_file(tmp_path / "gold.jsonl", LINE, line)
    with pytest.raises(ArticleError) as error:
        read_gold(path)
    assert str(error.value).startswith(f"{path}:2: ")
    assert "\n" not in str(error.value)


# --- the floors on the seeds ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def regional(shared: Path, gazetteer: Gazetteer, root: Path) -> dict[str, Any]:
    """What the regional scorer says about ``geomap parse`` on the seeds."""
    score = runpy.run_path(str(shared / "eval" / "regional.py"))["score"]
    with (shared / "gold" / "seeds.jsonl").open(encoding="utf-8") as file:
        annotated = [json.loads(line) for line in file]
    records = [to_record(one) for one in Geoparser(gazetteer).parse(read_paths([root / "seeds"]).articles)]
    predicted = {record["id"]: record["toponyms"] for record in records}
    assert {one["id"] for one in annotated} <= predicted.keys()
    counts, _ = score(annotated, predicted)
    return dict(counts)


def test_places_on_the_seeds_are_found_and_put_right(regional: dict[str, Any]) -> None:
    assert regional["f1"] >= 0.93


def test_few_pins_on_the_seeds_are_wrong(regional: dict[str, Any]) -> None:
    assert regional["wrong_pin_rate"] <= 0.04


def test_borders_and_directions_on_the_seeds_are_found(regional: dict[str, Any]) -> None:
    assert (regional["border"], regional["direction"]) == (7, 2)
    assert regional["border_hit"] >= 6
    assert regional["direction_hit"] == 2


def test_no_demonym_and_no_organisation_on_the_seeds_is_pinned(regional: dict[str, Any]) -> None:
    assert regional["demonym"] > 0 and regional["org"] > 0
    assert (regional["demonym_pinned"], regional["org_pinned"]) == (0, 0)


def test_the_seeds_are_those_that_the_gold_annotates(shared: Path, root: Path) -> None:
    """Byte for byte: offsets hold for no other text."""
    for path in sorted((shared / "seeds").glob("*.txt")):
        assert (root / "seeds" / path.name).read_bytes() == path.read_bytes()
