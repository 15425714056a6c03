"""Personal names: what the bundled table says of a word, and how it is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from geomap.recognition import given

LISTS = {
    "dist.female.first": "MARY           2.629  2.629      1\nLEE            0.060 90.000    250\nZULA   0.001 90.0 12001\n",
    "dist.male.first": "LEE            0.162 40.000    120\nMARY           0.009 80.000    900\n",
    "dist.all.last": "SMITH          1.006  1.006      1\nLEE            0.220  8.000     24\nRAREST 0.000 90.0 12000\nOUT 0.000 90.0 12001\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "first", "family"), [("mary", 3, 0), ("smith", 0, 3), ("james", 3, 3), ("paris", 1, 1)]
)
def test_a_word_has_a_class_as_a_given_and_as_a_family_name(word: str, first: int, family: int) -> None:
    number = given.load()[word]
    assert number // 4 >= first
    assert number % 4 >= family


def test_the_table_is_of_names_in_lower_case_with_a_class_of_one_to_fifteen() -> None:
    table = given.load()
    assert len(table) > 10_000
    assert all(word == word.lower() and word.isalpha() for word in table)
    assert set(table.values()) <= set(range(1, 16))
    assert "the" not in table


def test_a_table_is_drawn_by_rank_the_commoner_use_first(tmp_path: Path) -> None:
    for name, lines in LISTS.items():
        (tmp_path / name).write_text(lines)
    target = tmp_path / "given.tsv"
    given.draw(tmp_path, target)
    assert target.read_text().splitlines() == [
        "word\tgiven\tfamily",
        "lee\t3\t3",
        "mary\t3\t0",
        "rarest\t0\t1",
        "smith\t0\t3",
    ]


def test_a_drawn_table_is_the_same_bytes_whatever_the_order_of_the_lists(tmp_path: Path) -> None:
    drawn = []
    for step in (1, -1):
        for name, lines in LISTS.items():
            (tmp_path / name).write_text("\n".join(lines.splitlines()[::step]) + "\n")
        given.draw(tmp_path, tmp_path / "given.tsv")
        drawn.append((tmp_path / "given.tsv").read_bytes())
    assert drawn[0] == drawn[1]


def test_a_word_may_be_a_given_name_a_family_name_both_or_neither() -> None:
    classes = given.load()
    found = {
        word: (given.is_given(classes, word), given.is_family(classes, word))
        for word in ("mary", "smith", "jordan", "xyzzy")
    }
    assert found["smith"][1]
    assert found["mary"][0]
    assert found["jordan"] == (True, True)
    assert found["xyzzy"] == (False, False)
