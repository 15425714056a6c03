"""Several processes: the answers of one, in its order, and nothing left running."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from typing import NoReturn

import pytest

from geomap.errors import GazetteerError, GeomapError
from geomap.workers import Workers


def tool(word: str) -> str:
    """What the processes work with."""
    return word


def broken_tool(word: str) -> NoReturn:
    raise GazetteerError(f"{word}: broken")


def joined(made: str, number: int, seconds: float) -> str:
    time.sleep(seconds)
    return f"{made}{number}"


def process(made: str) -> int:
    return os.getpid()


def refused(made: str, number: int) -> int:
    if number == 3:
        raise LookupError(f"{number} is refused")
    return number


class Stubborn(Exception):
    """Cannot be made anew from its message, and so not be unpickled."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


def returned_error(made: str, number: int) -> Exception:
    return Stubborn("this", "that") if number else ValueError("as it is")


def gone(made: str) -> NoReturn:
    os._exit(7)


@pytest.fixture
def two() -> Iterator[Workers]:
    with Workers(2, tool, "t") as workers:
        yield workers


def test_answers_come_in_the_order_of_the_tasks(two: Workers) -> None:
    """Though the first chunk takes longest."""
    chunks = [[(0, 0.3), (1, 0.0)], [(2, 0.0)], [], [(3, 0.1)], [(4, 0.0), (5, 0.0)]]
    assert list(two.map(joined, chunks)) == ["t0", "t1", "t2", "t3", "t4", "t5"]
    assert list(two.map(joined, [[(6, 0.0)]])) == ["t6"], "they can be asked again"
    assert list(two.map(joined, [])) == []


def test_the_work_is_done_elsewhere(two: Workers) -> None:
    assert os.getpid() not in two.map(process, [[()]] * 4)


def test_what_a_task_raises_is_raised_here_with_its_traceback(two: Workers) -> None:
    with pytest.raises(LookupError, match="3 is refused") as caught:
        list(two.map(refused, [[(1,), (3,)], [(4,)]]))
    assert "in refused" in "".join(caught.value.__notes__)


def test_an_exception_may_be_an_answer(two: Workers) -> None:
    plain, stubborn = two.map(returned_error, [[(0,), (1,)]])
    assert (type(plain), str(plain)) == (ValueError, "as it is")
    assert (type(stubborn), str(stubborn)) == (RuntimeError, "Stubborn: this and that")


def test_tools_that_cannot_be_made_are_the_first_answer() -> None:
    with Workers(2, broken_tool, "x") as workers, pytest.raises(GazetteerError, match="x: broken"):
        list(workers.map(joined, [[(1, 0.0)]]))


def test_a_process_that_dies_is_named(two: Workers) -> None:
    with pytest.raises(GeomapError, match=r"exit status 7.*use fewer --jobs"):
        list(two.map(gone, [[()]]))


def test_nothing_is_left_running() -> None:
    """Also where one is in the middle of something."""
    with Workers(2, tool, "t") as workers:
        answers = workers.map(joined, [[(1, 0.0)], [(2, 60.0)]])
        assert next(answers) == "t1"
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []
