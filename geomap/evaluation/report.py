"""Scores as a table to read and as values for JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geomap.evaluation.kinds import KindScores
from geomap.evaluation.scores import Rates, Scores

_NOTHING: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of one gold file: its scores, their intervals, and the scores by kind where it has kinds."""

    scores: Scores
    intervals: Mapping[str, tuple[float, float]]
    kinds: KindScores | None = None

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON-able values, unrounded; shares between 0 and 1, distances in kilometres."""
        scores, kinds = self.scores, self.kinds
        figures: dict[str, Any] = {
            "articles": len(scores.articles),
            "gold": scores.gold,
            "gold_with_coordinates": scores.placed,
            "predicted": scores.predicted,
            "recognition_exact": scores.recognition_exact._asdict(),
            "recognition_overlap": scores.recognition._asdict(),
            "resolution": {
                "judged": scores.judged,
                "located": len(scores.km),
                "accuracy_161_km": scores.accuracy,
                "accuracy_20_km": scores.close_accuracy,
                "mean_km": scores.mean_km,
                "median_km": scores.median_km,
                "auc": scores.auc,
            },
            "end_to_end": {**scores.end_to_end._asdict(), "auc": scores.end_to_end_auc},
            "intervals_95": {name: list(bounds) for name, bounds in self.intervals.items()},
        }
        if kinds:
            counts = {name: getattr(kinds, name) for name in KindScores.__slots__}
            figures["kinds"] = {**counts, **kinds.rates._asdict(), "wrong_pins": kinds.wrong_pins}
        return figures


def table(reports: Mapping[str, Report]) -> str:
    """Return the reports as a table: one line a measure, one column a gold file, intervals behind their figures."""
    has_kinds = any(report.kinds for report in reports.values())
    rows = [("", list(reports))]
    for label, cell in (*_LINES, *(_KIND_LINES if has_kinds else ())):
        rows.append((label, [cell(report) for report in reports.values()]))
    first = max(len(label) for label, _ in rows)
    widths = [max(len(cells[column]) for _, cells in rows) for column in range(len(reports))]
    return "\n".join(
        "  ".join(
            (label.ljust(first), *(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)))
        ).rstrip()
        for label, cells in rows
    )


_Cell = Callable[[Report], str]


def _count(value: Callable[[Scores], int]) -> _Cell:
    return lambda report: str(value(report.scores))


def _share(value: Callable[[Scores], float], interval: str = "") -> _Cell:
    def cell(report: Report) -> str:
        lower, upper = report.intervals.get(interval, (None, None))
        bounds = "" if lower is None else f" ({lower:.3f}–{upper:.3f})"
        return f"{value(report.scores):.3f}{bounds}"

    return cell


def _auc(value: Callable[[Scores], float | None]) -> _Cell:
    return lambda report: _NOTHING if (area := value(report.scores)) is None else f"{area:.3f}"


def _km(value: Callable[[Scores], float]) -> _Cell:
    return lambda report: f"{value(report.scores):.1f}" if report.scores.km else _NOTHING


def _kind(value: Callable[[KindScores], str]) -> _Cell:
    return lambda report: value(report.kinds) if report.kinds else _NOTHING


def _rates(label: str, value: Callable[[Scores], Rates], interval: str) -> tuple[tuple[str, _Cell], ...]:
    return (
        (f"{label}  precision", _share(lambda scores: value(scores).precision)),
        (f"{label}  recall", _share(lambda scores: value(scores).recall)),
        (f"{label}  F1", _share(lambda scores: value(scores).f1, interval)),
    )


_LINES: Final[tuple[tuple[str, _Cell], ...]] = (
    ("articles", _count(lambda scores: len(scores.articles))),
    ("gold spans", _count(lambda scores: scores.gold)),
    ("gold spans with coordinates", _count(lambda scores: scores.placed)),
    ("pins", _count(lambda scores: scores.predicted)),
    *_rates("recognition, exact", lambda scores: scores.recognition_exact, "exact_f1"),
    *_rates("recognition, overlap", lambda scores: scores.recognition, "recognition_f1"),
    ("resolution  accuracy@161 km", _share(lambda scores: scores.accuracy, "accuracy")),
    ("resolution  accuracy@20 km", _share(lambda scores: scores.close_accuracy)),
    ("resolution  mean km", _km(lambda scores: scores.mean_km)),
    ("resolution  median km", _km(lambda scores: scores.median_km)),
    ("resolution  AUC (lower is better)", _auc(lambda scores: scores.auc)),
    *_rates("end to end", lambda scores: scores.end_to_end, "end_to_end_f1"),
    ("end to end  AUC (lower is better)", _auc(lambda scores: scores.end_to_end_auc)),
)
_KIND_LINES: Final[tuple[tuple[str, _Cell], ...]] = (
    ("by kind  F1", _kind(lambda kinds: f"{kinds.rates.f1:.3f}")),
    ("by kind  wrong pins", _kind(lambda kinds: f"{kinds.wrong_pins:.1%} of {kinds.pins}")),
    ("by kind  borders found", _kind(lambda kinds: f"{kinds.borders_found} of {kinds.borders}")),
    ("by kind  directions found", _kind(lambda kinds: f"{kinds.directions_found} of {kinds.directions}")),
    ("by kind  demonyms pinned", _kind(lambda kinds: f"{kinds.demonyms_pinned} of {kinds.demonyms}")),
    ("by kind  organisations pinned", _kind(lambda kinds: f"{kinds.organisations_pinned} of {kinds.organisations}")),
    ("by kind  traps pinned", _kind(lambda kinds: f"{kinds.traps_pinned} of {kinds.traps}")),
)
