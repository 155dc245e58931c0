"""Schedules as EventBridge reads them."""

import re

CRON = r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)"
# Minute, hour, day of the month, month, day of the week, year, as EventBridge counts them.
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
WORDS = {
    word: number
    for words in ("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC", "SUN MON TUE WED THU FRI SAT")
    for number, word in enumerate(words.split(), start=1)
}


def is_schedule(text: str) -> bool:
    """One of day of the month and day of the week must be `?`: EventBridge wants it so."""
    said = re.fullmatch(CRON, text)
    if said is None:
        return False
    fields = said.groups()
    if (fields[2] == "?") == (fields[4] == "?"):
        return False
    return all(
        _is_field(each, *limits, may_be_open=place in (2, 4))
        for place, (each, limits) in enumerate(zip(fields, RANGES, strict=True))
    )


def _is_field(text: str, first: int, last: int, *, may_be_open: bool) -> bool:
    if text == "?":
        return may_be_open
    for part in text.split(","):
        span, _, step = part.partition("/")
        ends = [str(WORDS.get(end, end)) for end in span.split("-")]
        if "/" in part and not re.fullmatch(r"[1-9]\d{0,3}", step):
            return False
        if span != "*" and not (
            len(ends) <= 2 and all(end.isdecimal() and first <= int(end) <= last for end in ends)
        ):
            return False
    return True
