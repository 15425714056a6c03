"""``geomap lookup``: the gazetteer's candidates for a name, plain and as JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geomap.gazetteer.store import Gazetteer
from tests.cli.conftest import Done, Run

FIELDS = "name kind country admin1 lon lat geonameid feature_code match score".split()


def answers(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_json_is_one_line_a_name_with_the_fields_of_the_contract(geomap: Run, gazetteer: Gazetteer) -> None:
    done = geomap("lookup", "Kunduz", "--json")
    assert (done.status, done.err) == (0, "")
    (answer,) = answers(done)
    assert list(answer) == ["query", "candidates"]
    assert answer["query"] == "Kunduz"
    expected = gazetteer.candidates("Kunduz")
    assert [one["geonameid"] for one in answer["candidates"]] == [one.place.geonameid for one in expected]
    assert {1135689, 1135690} <= {one["geonameid"] for one in answer["candidates"]}
    assert all(list(one) == FIELDS for one in answer["candidates"])
    assert answer["candidates"][0]["match"] == "exact"


def test_candidates_come_best_first(geomap: Run) -> None:
    for answer in answers(geomap("lookup", "-", "--json", stdin="Kunduz\nParis\nSpringfield\n")):
        scores = [one["score"] for one in answer["candidates"]]
        assert len(scores) > 1 and scores == sorted(scores, reverse=True)


def test_plain_output_counts_the_candidates_and_gives_each_a_line(geomap: Run, gazetteer: Gazetteer) -> None:
    done = geomap("lookup", "Kunduz")
    assert (done.status, done.err) == (0, "")
    head, *lines = done.out.splitlines()
    found = gazetteer.candidates("Kunduz")
    assert head == f"Kunduz: {len(found)} candidates"
    assert len(lines) == len(found)
    (town,) = (line for line in lines if "gn:1135689" in line)
    assert town.split()[1:] == "PPLA Kunduz (Kunduz, AF) 36.729, 68.857 gn:1135689 exact".split()


def test_one_candidate_is_one_and_none_is_none(geomap: Run) -> None:
    head, *_ = geomap("lookup", "Kunduz", "--country", "TR").out.splitlines()
    assert head == "Kunduz: 1 candidate"
    done = geomap("lookup", "Xyzzyville")
    assert (done.status, done.out) == (0, "Xyzzyville: no candidates\n")


def test_an_unknown_name_is_an_empty_list_in_json(geomap: Run) -> None:
    assert geomap("lookup", "Xyzzyville", "--json").out == '{"query":"Xyzzyville","candidates":[]}\n'


@pytest.mark.parametrize("code", ["AF", "af"])
def test_a_country_leaves_its_own_places_only(geomap: Run, code: str) -> None:
    (everywhere,) = answers(geomap("lookup", "Kabul", "--json"))
    (there,) = answers(geomap("lookup", "Kabul", "--json", "--country", code))
    assert {one["country"] for one in everywhere["candidates"]} > {"AF"}
    assert there["candidates"] == [one for one in everywhere["candidates"] if one["country"] == "AF"]


def test_an_unknown_country_has_no_places(geomap: Run) -> None:
    assert geomap("lookup", "Kabul", "--country", "'; --").out == "Kabul: no candidates\n"


def test_a_dash_reads_one_name_a_line_and_passes_over_blank_ones(geomap: Run) -> None:
    done = geomap("lookup", "-", "--json", stdin="Kunduz\n\n  Herat \r\n\t\nMazar-i-Sharif")
    assert [answer["query"] for answer in answers(done)] == ["Kunduz", "Herat", "Mazar-i-Sharif"]
    assert [answer["candidates"][0]["country"] for answer in answers(done)] == ["AF", "AF", "AF"]


def test_names_come_in_any_script_and_spelling(geomap: Run) -> None:
    """Cyrillic, Persian, and a Latin spelling that only the transliteration key knows."""
    done = geomap("lookup", "-", "--json", stdin="Кабул\nکابل\nQonduuz\n")
    ids = [{one["geonameid"] for one in answer["candidates"]} for answer in answers(done)]
    assert 1138958 in ids[0] and 1138958 in ids[1]
    assert 1135689 in ids[2]
    assert answers(done)[2]["candidates"][0]["match"] == "transliteration"


def test_a_class_word_is_a_looser_match(geomap: Run) -> None:
    (answer,) = answers(geomap("lookup", "Qala-i-Naw city", "--json"))
    assert answer["candidates"][0]["match"] == "generic"


@pytest.mark.parametrize("name", ["'", '"; DROP TABLE name; --', "%", "*", "😀", "x" * 20_000, "-1", "\u202e"])
def test_a_hostile_name_is_only_a_name(geomap: Run, name: str) -> None:
    done = geomap("lookup", "--json", "--", name)
    assert (done.status, done.err) == (0, "")
    assert answers(done) == [{"query": name, "candidates": []}]


def test_the_gazetteers_own_loose_keys_are_no_names(geomap: Run) -> None:
    """Kunduz, Qonduz and Kondoz are filed under one key with a tilde; nobody writes a place so."""
    assert geomap("lookup", "~kandaz", "--json").out == '{"query":"~kandaz","candidates":[]}\n'


def test_bytes_that_are_no_utf8_among_the_names_are_no_traceback(process: Run) -> None:
    done = process("lookup", "-", "--json", stdin=b"Kunduz\nCaf\xe9\nHerat\n")
    assert "Traceback" not in done.err
    assert [answer["query"] for answer in answers(done)][:1] == ["Kunduz"]


def test_a_name_that_is_no_utf8_is_no_traceback(process: Run) -> None:
    assert "Traceback" not in process("lookup", b"Caf\xe9").err


def test_another_gazetteer_is_asked_by_option_or_environment(geomap: Run, small_gazetteer: Path) -> None:
    """The small one knows no Paris; the option goes before the environment."""
    none = "Rotterdam: no candidates\n"
    assert geomap("lookup", "Rotterdam").out != none
    assert geomap("lookup", "Rotterdam", "--gazetteer", small_gazetteer).out == none
    assert geomap("lookup", "Rotterdam", GEOMAP_GAZETTEER=str(small_gazetteer)).out == none
    assert geomap("lookup", "Rotterdam", "--gazetteer", small_gazetteer, GEOMAP_GAZETTEER="nowhere").out == none
