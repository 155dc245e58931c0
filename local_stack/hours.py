"""An hour's first request goes alone, as it makes the hour's folder. Where several make one at once, the S3
server may say that it holds what they put there, and never find one of it again."""

from collections.abc import Callable
from threading import Lock
from typing import Any

Event = dict[str, Any]
Handler = Callable[[Event, object], dict[str, Any]]

MILLISECONDS = 3_600_000


def first_of_hour_alone(handler: Handler) -> Handler:
    begun: set[int] = set()
    turn = Lock()

    def handle(event: Event, context: object) -> dict[str, Any]:
        hour = event["requestContext"]["timeEpoch"] // MILLISECONDS
        if hour in begun:
            return handler(event, context)
        with turn:
            response = handler(event, context)
            # One that was refused has stored nothing.
            if response["statusCode"] == 200:
                begun.add(hour)
            return response

    return handle
