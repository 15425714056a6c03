"""Gold annotations → how well places are recognised and resolved."""

from __future__ import annotations

from geomap.evaluation.gold import GoldArticle, GoldToponym, read_gold
from geomap.evaluation.kinds import KindScores, evaluate_kinds
from geomap.evaluation.report import Report, table
from geomap.evaluation.scores import Scores, evaluate, intervals

__all__ = [
    "GoldArticle",
    "GoldToponym",
    "KindScores",
    "Report",
    "Scores",
    "evaluate",
    "evaluate_kinds",
    "intervals",
    "read_gold",
    "table",
]
