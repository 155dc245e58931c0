"""Whose data is asked for, where their ids may stand, and what takes the place of these."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hmac import digest
from typing import Any, Literal
from urllib.parse import quote, quote_plus

Kind = Literal["user", "client"]

WHITE_SPACE = " \t\r\n"
# The names under which dbt reads an id; the first that an event has counts.
ID_NAMES: dict[Kind, tuple[str, str]] = {
    "user": ("userId", "user_id"),
    "client": ("clientId", "client_id"),
}
# Shorter ids, and those that could be anybody's number, stand in texts that do not mean them.
SHORTEST_MENTIONED = 8
SHORTEST_NUMBER_MENTIONED = 12
LONGEST_IDENTIFIER = 128  # as dbt's identifier_max_characters: what is longer stays longer
# No letter or digit beside it, unless these are what an escape before it is made of.
BEFORE_MENTION = r"(?:(?<![^\W_])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[bfnrt]))"
AFTER_MENTION = r"(?![^\W_])"


class Number(str):
    """A JSON number, digit for digit."""

    __slots__ = ()


@dataclass(frozen=True)
class Identity:
    """An id that is to be forgotten. The secret makes its pseudonym, and is forgotten with it."""

    kind: Kind
    value: str
    erasure_id: int
    secret: bytes = field(repr=False)

    @property
    def pseudonym(self) -> str:
        return self.alias(f"{self.kind}:{self.value}")

    def alias(self, text: str) -> str:
        made = "erased-" + digest(self.secret, text.encode(), "sha256").hex()[:32]
        return made if len(text) <= LONGEST_IDENTIFIER else made.ljust(len(text), "-")


class People:
    """All that one command is to erase."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        self.identities = tuple(sorted(identities, key=lambda each: (each.kind == "client", each.value)))
        self._by_id = {(each.kind, each.value): each for each in self.identities}
        self._by_spelling = {
            spelling.lower(): each
            for each in reversed(self.identities)
            if is_mentioned(each.value)
            for spelling in spellings(each.value)
        }
        self._mentions = mention_pattern(self._by_spelling)
        self._in_broken_texts = [broken_pattern(each) for each in self.identities]

    def ids(self, kind: Kind) -> list[str]:
        return [each.value for each in self.identities if each.kind == kind]

    def find(self, kind: Kind, text: object) -> Identity | None:
        return self._by_id.get((kind, text)) if isinstance(text, str) else None

    def owner(self, event: Mapping[str, Any]) -> Identity | None:
        """Whose event it is, as dbt reads it."""
        for kind, names in ID_NAMES.items():
            said = next((event[name] for name in names if event.get(name) is not None), None)
            if found := self.find(kind, text_of(said)):
                return found
        return None

    def without_mentions(self, text: str) -> str:
        if self._mentions is None:
            return text
        return self._mentions.sub(lambda found: self._by_spelling[found[0].lower()].pseudonym, text)

    def is_in_broken(self, text: str) -> bool:
        """Whether a text that is no JSON speaks of them."""
        if self._mentions is not None and self._mentions.search(text):
            return True
        return any(pattern.search(text) for pattern in self._in_broken_texts)

    def like_patterns(self, *, short_ones: bool = False) -> list[str]:
        """For SQL's ILIKE: finds all texts that may mention them, and a few more."""
        return sorted(
            {
                f"%{like(written)}%"
                for each in self.identities
                if short_ones or is_mentioned(each.value)
                for spelling in spellings(each.value)
                for written in (spelling, json.dumps(spelling, ensure_ascii=False)[1:-1])
            }
        )


def is_mentioned(value: str) -> bool:
    return len(value) >= (SHORTEST_NUMBER_MENTIONED if value.isdigit() else SHORTEST_MENTIONED)


def spellings(value: str) -> Iterator[str]:
    """As it is, in JSON, and in addresses."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value)
    yield quote(value, safe="")
    yield quote_plus(value)
    yield quote(value, safe="!'()*")  # as browsers write parameters


def mention_pattern(all_spellings: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(all_spellings, key=len, reverse=True)
    if not longest_first:
        return None
    listed = "|".join(map(re.escape, longest_first))
    return re.compile(f"{BEFORE_MENTION}(?:{listed}){AFTER_MENTION}", re.IGNORECASE)


def broken_pattern(identity: Identity) -> re.Pattern[str]:
    names = "|".join(ID_NAMES[identity.kind])
    listed = "|".join(sorted(map(re.escape, spellings(identity.value)), key=len, reverse=True))
    return re.compile(rf'(?:{names})["\s:=]+(?:{listed}){AFTER_MENTION}')


def like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def text_of(value: object) -> str | None:
    """A scalar's trimmed text, as dbt and PostgreSQL make it."""
    if isinstance(value, Number):
        return plain_number(value)
    return value.strip(WHITE_SPACE) if isinstance(value, str) else None


def plain_number(number: str) -> str:
    """PostgreSQL writes numbers without an exponent."""
    mantissa, is_scaled, exponent = number.lower().partition("e")
    if not is_scaled:
        return mantissa
    digits = exponent.lstrip("+-0")
    if len(digits) > 3:
        return number
    from decimal import Decimal  # noqa: PLC0415 - hardly any id is written like this

    return format(Decimal(number), "f")
