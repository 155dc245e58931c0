"""Whose data is asked for, where their ids stand, and what takes the place of these."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hmac import digest
from typing import Any, Literal
from urllib.parse import unquote, unquote_plus

Kind = Literal["user", "client"]

WHITE_SPACE = " \t\r\n"
# The names under which dbt reads an id; the first that an event has counts.
ID_NAMES: dict[Kind, tuple[str, str]] = {
    "user": ("userId", "user_id"),
    "client": ("clientId", "client_id"),
}
LONGEST_IDENTIFIER = 128  # as dbt's identifier_max_characters: what is longer stays longer
# In a broken text, a shorter id means somebody only where it is a value of its own.
SHORTEST_IN_TEXT = 4
LONGEST_EXPONENT_DIGITS = 3

ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Number(str):
    """A JSON number, digit for digit."""

    __slots__ = ()


class People:
    """The ids that one command is to erase, and the secret that makes their pseudonyms."""

    def __init__(self, wanted: Iterable[tuple[Kind, str]], secret: bytes) -> None:
        self.wanted = frozenset(wanted)
        self._secret = secret
        self._in_texts = {
            value if len(value) >= SHORTEST_IN_TEXT else f'"{value}"' for _, value in self.wanted
        }

    def ids(self, kind: Kind) -> list[str]:
        return sorted(value for each, value in self.wanted if each == kind)

    def alias(self, kind: str, text: str) -> str:
        made = "erased-" + digest(self._secret, f"{kind}:{text}".encode(), "sha256").hex()[:32]
        return made if len(text) <= LONGEST_IDENTIFIER else made.ljust(len(text), "-")

    def have(self, kind: Kind, value: object) -> bool:
        return (kind, text_of(value)) in self.wanted

    def own(self, event: Mapping[str, Any]) -> bool:
        return any(self.have(kind, said(event, kind)) for kind in ID_NAMES)

    def are_named_in(self, text: str) -> bool:
        """Of what is no event: as it stands there, escaped as in JSON, or encoded as in an address."""
        plain = unescaped(text)
        readings = {text, plain, unquote(plain), unquote_plus(plain)}
        return any(each in reading for each in self._in_texts for reading in readings)


def said(event: Mapping[str, Any], kind: Kind) -> object:
    return next((event[name] for name in ID_NAMES[kind] if event.get(name) is not None), None)


def text_of(value: object) -> str | None:
    """A scalar's trimmed text, as dbt and PostgreSQL make it."""
    if isinstance(value, Number):
        return plain_number(value)
    return value.strip(WHITE_SPACE) if isinstance(value, str) else None


def plain_number(number: str) -> str:
    """PostgreSQL writes numbers without an exponent, and no negative zero."""
    exponent = number.lower().partition("e")[2]
    if len(exponent.lstrip("+-0")) > LONGEST_EXPONENT_DIGITS:
        return number
    value = Decimal(number)
    return format(value or abs(value), "f")


def unescaped(text: str) -> str:
    def character(escape: re.Match[str]) -> str:
        return chr(int(escape[1], 16)) if escape[1] else ESCAPED.get(escape[2], escape[2])

    halves_of_pairs = ESCAPE.sub(character, text)
    return halves_of_pairs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
