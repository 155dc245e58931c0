"""Which hours a load is asked for: the request's payload in, prefixes of the bucket out. All in UTC."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

DEFAULT_LOOKBACK_HOURS = 3
LONGEST_LOOKBACK_HOURS = 24 * 366
SCHEDULER_FIELDS = {"source", "detail-type", "time"}
REQUEST_FIELDS = ("overridePrefix", "targetUtcHour", "targetUtcDate", "hoursBack", "lookbackHours", "scope")
PREFIX = re.compile(r"events/(\d{4})(?:/(\d\d)(?:/(\d\d)(?:/(\d\d))?)?)?/?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
EPOCH = re.compile(r"\d{9,15}", re.ASCII)
COUNT = re.compile(r"\d{1,9}", re.ASCII)
EARLIEST_EPOCH = 100_000_000
MILLISECONDS_FROM = (
    100_000_000_000  # an epoch this large is the year 5138 in seconds, so it counts milliseconds
)


@dataclass(frozen=True, slots=True)
class Window:
    prefixes: tuple[str, ...]
    request: dict[str, Any]


def read_window(event: object, now: datetime, lookback_hours: int = DEFAULT_LOOKBACK_HOURS) -> Window:
    """Raises ValueError, naming the field, for a request that it cannot read."""
    request = read_request(event)
    scope = request.get("scope", "hour")
    if scope not in ("hour", "day"):
        raise ValueError(f"scope must be 'hour' or 'day', not {scope!r}")

    if "overridePrefix" in request:
        return Window((read_prefix(request["overridePrefix"]),), request)
    if "targetUtcHour" in request:
        hour = read_hour(request["targetUtcHour"])
        return Window((day_prefix(hour) if scope == "day" else hour_prefix(hour),), request)
    if "targetUtcDate" in request:
        return Window((day_prefix(read_date(request["targetUtcDate"])),), request)

    hours_back = read_count("hoursBack", request.get("hoursBack", 1))
    lookback = read_count("lookbackHours", request.get("lookbackHours", lookback_hours))
    newest = now.astimezone(UTC) - timedelta(hours=hours_back)
    if scope == "day":
        return Window((day_prefix(newest),), request)
    hours = [newest - timedelta(hours=back) for back in range(lookback, -1, -1)]
    return Window(tuple(hour_prefix(hour) for hour in hours), request)


def read_request(event: object) -> dict[str, Any]:
    """The fields that are ours. A scheduler's event has fields of its own; in any other an unknown one is a
    slip of the pen, and loading the default hour instead would hide it."""
    if event is None:
        return {}
    if not isinstance(event, Mapping):
        raise ValueError(f"the request must be a JSON object, not {type(event).__name__}")
    unknown = [field for field in event if field not in REQUEST_FIELDS]
    if unknown and not SCHEDULER_FIELDS & set(event):
        raise ValueError(f"unknown field {unknown[0]!r}: known are {', '.join(REQUEST_FIELDS)}")
    return {field: event[field] for field in REQUEST_FIELDS if event.get(field) is not None}


def read_prefix(value: object) -> str:
    parts = PREFIX.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise ValueError(
            f"overridePrefix must be 'events/YYYY/', or go on with the month, day and hour, not {value!r}"
        )
    year, month, day, hour = (
        int(part or default) for part, default in zip(parts.groups(), "1110", strict=True)
    )
    try:
        datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"overridePrefix {value!r} names no date and hour: {error}") from None
    return parts[0].rstrip("/") + "/"


def read_hour(value: object) -> datetime:
    """ISO 8601 (UTC unless it names an offset), or an epoch in seconds or milliseconds."""
    try:
        if isinstance(value, bool):
            raise ValueError
        if isinstance(value, int | float) or (isinstance(value, str) and EPOCH.fullmatch(value.strip())):
            epoch = float(value)
            if epoch < EARLIEST_EPOCH:  # a date written as a number, such as 20251206
                raise ValueError
            return datetime.fromtimestamp(epoch / 1000 if epoch >= MILLISECONDS_FROM else epoch, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError(
        f"targetUtcHour must be ISO 8601 such as '2025-12-06T05:00:00Z', or an epoch, not {value!r}"
    )


def read_date(value: object) -> datetime:
    if isinstance(value, str) and DATE.fullmatch(value.strip()):
        try:
            return datetime.strptime(value.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise ValueError(f"targetUtcDate must be a date such as '2025-12-06', not {value!r}")


def read_count(field: str, value: object) -> int:
    if isinstance(value, str) and COUNT.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_LOOKBACK_HOURS:
        raise ValueError(f"{field} must be a whole number from 0 to {LONGEST_LOOKBACK_HOURS}, not {value!r}")
    return value


def hour_prefix(moment: datetime) -> str:
    return f"{moment:events/%Y/%m/%d/%H/}"


def day_prefix(moment: datetime) -> str:
    return f"{moment:events/%Y/%m/%d/}"
