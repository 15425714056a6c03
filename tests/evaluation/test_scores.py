"""The field's measures, exactly, on a small gold made by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.evaluation import GoldArticle, GoldToponym, Scores, evaluate, intervals
from geomap.geometry import LonLat
from geomap.model import Article, Kind, Mention, ParsedArticle, Place, Resolution

# --- hand-made gold ------------------------------------------------------------------------------------------

ARTICLE = Article(id="a", text="x" * 100)
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
    assert one == Scores(
        gold=2, predicted=2, exact=2, overlapping=2, placed=2, judged=2, pinned=2, near=2, close=2, km=(0.0, 0.0)
    )
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
    without = evaluate(
        gold(wanted(0, 5, KABUL, 1149361)),
        [ParsedArticle(article=ARTICLE, resolutions=(drawn(0, 5, FAR, geonameid=1149361),))],
        ids=False,
    )
    assert without.near == 0 and without.km[0] == pytest.approx(222.39, abs=0.01)


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
        gold=2, predicted=1, exact=1, overlapping=1, placed=2, judged=1, pinned=1, near=1, close=1, km=(0.0,)
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


# --- end to end ----------------------------------------------------------------------------------------------


def test_end_to_end_counts_what_was_found_and_put_right() -> None:
    """Three in the gold, two of them found, one of those put right; a fourth pin is on nothing."""
    one = scores(
        [wanted(0, 5), wanted(10, 15), wanted(20, 25)], [drawn(0, 5), drawn(10, 15, FAR), drawn(50, 55), drawn(60, 65)]
    )
    assert tuple(one.end_to_end) == pytest.approx((1 / 4, 1 / 3, 2 * (1 / 4) * (1 / 3) / (1 / 4 + 1 / 3)))


def test_a_pin_on_gold_without_a_point_can_be_judged_by_nobody() -> None:
    one = scores([wanted(0, 5, None), wanted(10, 15)], [drawn(0, 5), drawn(10, 15)])
    assert one.end_to_end == (1.0, 1.0, 1.0)


def test_a_mention_without_a_place_is_no_pin_end_to_end() -> None:
    one = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5, None), drawn(10, 15)])
    assert (one.end_to_end.precision, one.end_to_end.recall) == (1.0, 0.5)


# --- how far ---------------------------------------------------------------------------------------------------


def test_20_km_is_the_stricter_distance() -> None:
    one = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5, LonLat(KABUL.lon, KABUL.lat + 0.1)), drawn(10, 15, NEAR)])
    assert (one.accuracy, one.close_accuracy) == (1.0, 0.5)
    assert one.mean_km == pytest.approx((11.12 + 111.19) / 2, abs=0.01)


def test_the_area_under_the_curve_goes_from_all_right_to_all_at_the_antipodes() -> None:
    antipode = LonLat(KABUL.lon - 180, -KABUL.lat)
    right = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5), drawn(10, 15)])
    wrong = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5, antipode), drawn(10, 15, None)])
    half = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5), drawn(10, 15, None)])
    assert (right.auc, right.end_to_end_auc) == (0.0, 0.0)
    assert wrong.auc == pytest.approx(1.0, abs=1e-4)
    assert half.auc == pytest.approx(0.5, abs=1e-4)


def test_the_area_is_that_of_trapezoids_under_sorted_logarithms() -> None:
    """Gritta et al. 2020: 0, 111.2 and 222.4 km, in whatever order."""
    one = scores([wanted(0, 5), wanted(10, 15), wanted(20, 25)], [drawn(0, 5, FAR), drawn(10, 15), drawn(20, 25, NEAR)])
    logs = [math.log(1 + km) for km in sorted(one.km)]
    assert one.auc == pytest.approx(((logs[0] + logs[1]) / 2 + (logs[1] + logs[2]) / 2) / (2 * math.log(20039)))


def test_what_was_not_found_is_at_the_antipodes_end_to_end() -> None:
    one = scores([wanted(0, 5), wanted(10, 15)], [drawn(0, 5)])
    assert one.auc == 0.0
    assert one.end_to_end_auc == pytest.approx(0.5, abs=1e-4)


def test_without_anything_to_judge_there_is_no_area() -> None:
    assert scores([], []).auc is None


# --- intervals -------------------------------------------------------------------------------------------------


def several(*found: bool) -> Scores:
    """As many articles of one place, each found or not."""
    articles = [GoldArticle(article=ARTICLE, toponyms=(wanted(0, 5),)) for _ in found]
    parsed = [ParsedArticle(article=ARTICLE, resolutions=(drawn(0, 5),) if one else ()) for one in found]
    return evaluate(articles, parsed)


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    one = several(*[True, False] * 20)
    first = intervals(one, 200)
    assert first == intervals(one, 200)
    assert set(first) == {"exact_f1", "recognition_f1", "accuracy", "end_to_end_f1"}
    low, high = first["recognition_f1"]
    assert 0 < low < one.recognition_f1 < high < 1


def test_articles_that_are_all_alike_leave_no_doubt() -> None:
    assert intervals(several(True, True, True), 50)["recognition_f1"] == (1.0, 1.0)


def test_more_articles_make_an_interval_narrower() -> None:
    few, many = (intervals(several(*[True, False] * number), 400)["recognition_f1"] for number in (5, 200))
    assert many[1] - many[0] < few[1] - few[0]


def test_no_rounds_and_no_articles_have_no_intervals() -> None:
    assert intervals(several(True), 0) == {}
    assert intervals(evaluate([], []), 100) == {}
