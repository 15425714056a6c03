"""The table, as it is printed, and the same figures as JSON."""

from __future__ import annotations

import json

from geomap.evaluation import KindScores, Report, Scores, table

SCORES = Scores(
    gold=4, predicted=3, exact=2, overlapping=3, placed=4, judged=3, pinned=3, near=2, close=1, km=(0.0, 111.19, 222.38)
)


def test_the_table_has_a_line_a_measure_and_a_column_a_gold_file() -> None:
    hand = Report(scores=SCORES, intervals={"exact_f1": (0.25, 0.75)})
    kinds = KindScores(places=2, found=2, located=1, pins=2, borders=3, borders_found=1)
    assert table({"hand": hand, "none": Report(scores=Scores(), intervals={}, kinds=kinds)}).splitlines() == [
        "                                   hand                 none",
        "articles                           0                    0",
        "gold spans                         4                    0",
        "gold spans with coordinates        4                    0",
        "pins                               3                    0",
        "recognition, exact  precision      0.667                0.000",
        "recognition, exact  recall         0.500                0.000",
        "recognition, exact  F1             0.571 (0.250–0.750)  0.000",
        "recognition, overlap  precision    1.000                0.000",
        "recognition, overlap  recall       0.750                0.000",
        "recognition, overlap  F1           0.857                0.000",
        "resolution  accuracy@161 km        0.667                0.000",
        "resolution  accuracy@20 km         0.333                0.000",
        "resolution  mean km                111.2                -",
        "resolution  median km              111.2                -",
        "resolution  AUC (lower is better)  0.375                -",
        "end to end  precision              0.667                0.000",
        "end to end  recall                 0.500                0.000",
        "end to end  F1                     0.571                0.000",
        "end to end  AUC (lower is better)  0.508                -",
        "by kind  F1                        -                    0.571",
        "by kind  wrong pins                -                    0.0% of 2",
        "by kind  borders found             -                    1 of 3",
        "by kind  directions found          -                    0 of 0",
        "by kind  demonyms pinned           -                    0 of 0",
        "by kind  organisations pinned      -                    0 of 0",
        "by kind  traps pinned              -                    0 of 0",
    ]


def test_json_holds_the_table_s_figures_unrounded() -> None:
    figures = Report(scores=SCORES, intervals={"accuracy": (0.1, 0.9)}, kinds=KindScores(pins=1)).as_json()
    assert json.loads(json.dumps(figures)) == figures
    assert figures["recognition_overlap"] == {"precision": 1.0, "recall": 0.75, "f1": 6 / 7}
    assert figures["resolution"]["accuracy_161_km"] == 2 / 3
    assert figures["intervals_95"] == {"accuracy": [0.1, 0.9]}
    assert (figures["kinds"]["pins"], figures["kinds"]["wrong_pins"]) == (1, 1.0)
    assert "kinds" not in Report(scores=SCORES, intervals={}).as_json()
