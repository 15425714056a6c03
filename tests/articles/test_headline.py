from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.articles.headline import find_date, find_source, find_title

LINES = st.lists(st.text(alphabet='ab .…"”:\t\u2028é😀', max_size=40), max_size=6).map("\n".join)
BODY = "Officials said on Tuesday that the border with Afghanistan was closed."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Border closed\n{BODY}", "Border closed"),
        (f"\r\n  Border closed \r\n\r\n{BODY}\r\n", "Border closed"),
        (f"Who holds Kunduz?\n{BODY}", "Who holds Kunduz?"),
        (f"And then...\n{BODY}", "And then..."),
        (f"All news\n\nRussia uses full potential of SCO\n\n{BODY}", "Russia uses full potential of SCO"),
        (f"Kabul falls\nTaliban\n{BODY}", "Kabul falls"),
        (f"{'x' * 200}\n{BODY}", "x" * 200),
    ],
)
def test_a_first_line_that_is_no_sentence_is_the_title(text: str, title: str) -> None:
    assert find_title(text) == title


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        BODY,
        "Border closed",
        f"{BODY}\n{BODY}",
        f"He said: “No.”\n{BODY}",
        f"Updates:\n{BODY}",
        f"{'x' * 201}\n{BODY}",
    ],
)
def test_a_sentence_a_long_line_or_the_only_line_is_no_title(text: str) -> None:
    assert find_title(text) is None


@given(LINES)
def test_a_title_is_one_line_of_the_text(text: str) -> None:
    title = find_title(text)
    assert title is None or (title and title in text and title in [line.strip() for line in text.splitlines()])


@pytest.mark.parametrize(
    "written",
    [
        "2021-09-11", "September 11, 2021", "September 11 2021", "SEPTEMBER 11, 2021", "Sep 11, 2021", "Sep. 11, 2021",
        "September 11th, 2021", "11 September 2021", "11 Sep 2021", "11th September, 2021", "11 sept 2021", "Sept. 11, 2021",
    ],
)  # fmt: skip
def test_a_full_date_is_found_however_it_is_written(written: str) -> None:
    assert find_date(f"KABUL, {written} (AP) — Nothing happened.") == "2021-09-11"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_number(month: int) -> None:
    names = "January February March April May June July August September October November December".split()
    assert find_date(f"{names[month - 1]} 2, 2020") == f"2020-{month:02}-02"
    assert find_date(f"2 {names[month - 1][:3]} 2020") == f"2020-{month:02}-02"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "July 21",
        "Moscow. July 21. INTERFAX",
        "2021",
        "21.07.2021",
        "2021-13-01",
        "2021-02-31",
        "1821-07-21",
        "July 2021",
        "12021-07-21",
    ],
)
def test_what_is_no_full_date_of_our_time_says_nothing(text: str) -> None:
    assert find_date(text) is None


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%B %d, %Y", "%d %b %Y"]))
def test_any_day_of_two_centuries_is_read_back(day: date, written: str) -> None:
    assert find_date(f"KABUL, {day.strftime(written)} —") == day.isoformat()


def test_the_first_date_of_the_head_counts_and_none_below_it() -> None:
    assert find_date("On 3 May 2020, not on 2021-01-01 or June 4, 2019.") == "2020-05-03"
    assert find_date("x" * 600 + " 2021-01-01") is None


def test_a_date_that_is_none_does_not_hide_the_one_after_it() -> None:
    assert find_date("Ref 2021-02-31, published 2021-03-01.") == "2021-03-01"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("MOSCOW, October 27. /TASS/. Russia", "TASS"),
        ("Moscow. July 21. INTERFAX - The head", "Interfax"),
        ("KABUL (Reuters) - Fighters", "Reuters"),
        ("KABUL, Afghanistan (AP) — Fighters", "AP"),
        ("DUSHANBE (Asia-Plus) -- The", "Asia-Plus"),
        ("PRAGUE (RFE/RL) The", "RFE/RL"),
    ],
)
def test_the_agency_that_signs_the_dateline_is_the_source(text: str, source: str) -> None:
    assert find_source(text) == source


@pytest.mark.parametrize(
    "text", ["", "The CSTO (NATO's rival) met.", "Reuters said so.", "x" * 600 + " (Reuters)", "(AP"]
)
def test_an_agency_named_elsewhere_is_not_the_source(text: str) -> None:
    assert find_source(text) is None
