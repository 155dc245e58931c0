"""Waiting for S3 no longer than there is time to: its client has more patience than a load near its end."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

T = TypeVar("T")


class OutOfTimeError(Exception):
    """In the middle of something."""


def wait_in_time(future: "Future[Any]", seconds_left: float | None) -> None:
    if not wait([future], seconds_left).done:
        raise OutOfTimeError("S3 did not answer before the load had to end")


def each_in_time(items: Iterable[T], seconds_left: Callable[[], float]) -> Iterator[T]:
    """Another thread asks for them, and is left behind where no answer comes in time."""
    iterator = iter(items)
    pool = ThreadPoolExecutor(1)
    try:
        while True:
            future = pool.submit(next, iterator, None)
            wait_in_time(future, seconds_left())
            if (item := future.result()) is None:
                return
            yield item
    finally:
        pool.shutdown(wait=False)
