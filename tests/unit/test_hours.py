"""Whoever comes first in an hour is alone until they are done; nobody waits after that."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event

from local_stack.hours import MILLISECONDS, first_of_hour_alone

LONG_ENOUGH = 0.5


def request(hour, status=200):
    return {"requestContext": {"timeEpoch": hour * MILLISECONDS + 1}, "status": status}


def was_joined(handled_before):
    """Whether others came in while the first of an hour was in."""
    numbers, others_are_in, joined = count(), Event(), []

    def handler(event, _):
        if event["status"] == 200:
            if next(numbers) == 0:
                joined.append(others_are_in.wait(LONG_ENOUGH))
            else:
                others_are_in.set()
        return {"statusCode": event["status"]}

    handle = first_of_hour_alone(handler)
    for event in handled_before:
        handle(event, None)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(handle, [request(1)] * 8, [None] * 8))
    assert answers == [{"statusCode": 200}] * 8
    return joined[0]


def test_the_first_of_an_hour_is_alone():
    assert not was_joined([])


def test_one_that_was_refused_was_not_the_first():
    assert not was_joined([request(1, status=413)])


def test_nobody_waits_in_an_hour_that_has_begun():
    all_are_in = Barrier(8)

    def handler(event, _):
        if event["status"] == 201:
            all_are_in.wait(10)
        return {"statusCode": event["status"]}

    handle = first_of_hour_alone(handler)
    handle(request(1), None)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(handle, [request(1, status=201)] * 8, [None] * 8))

    assert answers == [{"statusCode": 201}] * 8
