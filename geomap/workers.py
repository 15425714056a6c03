"""Work in several processes: the same answers in the same order as in one."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self, TypeAlias, cast

from geomap.errors import GeomapError

Task: TypeAlias = tuple[Any, ...]


class Workers:
    """Processes that each make once what they work with, and then do tasks.

    They are started afresh, never forked, so that they are alike on every system. They end with the
    ``with`` block, and with this process, however it ends.
    """

    def __init__(self, number: int, make: Callable[..., Any], *arguments: object) -> None:
        """Start processes.

        Args:
            number: How many.
            make: A module's function that makes what tasks are done with.
            arguments: What it is called with; they are pickled, as are tasks and answers.
        """
        context = multiprocessing.get_context("spawn")
        self._processes: dict[Connection, BaseProcess] = {}
        try:
            for _ in range(number):
                here, there = context.Pipe()
                process = context.Process(target=_work, args=(there,), daemon=True)
                with _uninterrupted():
                    process.start()
                self._processes[here] = process
                there.close()  # so that only the process holds that end, and its death is seen here
                here.send((make, arguments))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for connection, process in self._processes.items():
            process.kill()  # they have nothing open that would need care
            process.join()
            process.close()
            connection.close()
        self._processes.clear()

    def map(self, function: Callable[..., Any], chunks: Iterable[Sequence[Task]]) -> Iterator[Any]:
        """Yield ``function(made, *task)`` for each task, in order; read to the end before another call.

        Args:
            function: A module's function.
            chunks: Tasks, as many together as are worth sending to another process.

        Raises:
            Exception: What a task raised.
            GeomapError: If a process ended without an answer.
        """
        numbered = enumerate(chunks)
        idle, busy = list(self._processes), dict[Connection, int]()
        answers: dict[int, Sequence[Any]] = {}
        following = 0
        while True:
            # A process gets one chunk at a time: it reads before it writes, so neither side waits for the other.
            while idle and (chunk := next(numbered, None)) is not None:
                connection = idle.pop()
                busy[connection], tasks = chunk
                connection.send((function, tasks))
            while following in answers:
                yield from answers.pop(following)
                following += 1
            if not busy:
                return
            for ready in wait(list(busy)):
                connection = cast("Connection", ready)
                answers[busy.pop(connection)] = self._answer(connection)
                idle.append(connection)

    def _answer(self, connection: Connection) -> Sequence[Any]:
        """What a process has to say."""
        try:
            answers, error = connection.recv()
        except (EOFError, ConnectionError) as lost:
            process = self._processes[connection]
            process.join()
            raise GeomapError(
                f"a process ended in the middle of its work (exit status {process.exitcode}), perhaps for want of memory; "
                "use fewer --jobs"
            ) from lost
        if error is not None:
            raise error
        return answers  # type: ignore[no-any-return]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off: a process that is started within never hears of it, not even while Python starts there."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which would let the signal through again when it is started within
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection) -> None:
    """Do tasks until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the first one decides
    try:
        made: Any = None
        error: Exception | None = None
        try:
            make, arguments = connection.recv()
            made = make(*arguments)
        except Exception as raised:  # it is the first chunk's answer
            error = raised
        while True:
            function, tasks = connection.recv()
            answers = []
            try:
                if error is None:
                    answers = [_portable(function(made, *task)) for task in tasks]
            except Exception as raised:
                error = raised
            connection.send((answers, _portable(error)))
            error = None if made is not None else error
    except (EOFError, ConnectionError):
        return


def _portable(value: Any) -> Any:
    """A value as it can travel to another process: an exception with its traceback, in words if need be."""
    if not isinstance(value, Exception):
        return value
    value.add_note("".join(traceback.format_exception(value)).rstrip())
    try:
        pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes
    except Exception:  # whatever its pickling does; its words arrive
        return RuntimeError(f"{type(value).__name__}: {value}")
    return value
