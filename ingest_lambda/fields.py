"""JSON objects, taken apart level by level: what is not read keeps its own bytes, and a number its digits."""

import msgspec

Fields = dict[str, msgspec.Raw]

FIELDS = msgspec.json.Decoder(Fields)
ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
TEXT = msgspec.json.Decoder(str)
encode = msgspec.json.Encoder().encode


class RejectedError(ValueError):
    """This document, or this whole body, is no event; the message is the reason a client is told."""


def open_object(document: bytes) -> Fields:
    try:
        return FIELDS.decode(document)
    except RecursionError:
        raise RejectedError("too_deep") from None


def object_in(fields: Fields, name: str) -> Fields:
    """Without fields where it is missing or no object."""
    value = bytes(fields.get(name, b""))
    return open_object(value) if value.startswith(b"{") else {}


def objects_in(fields: Fields, name: str) -> list[Fields]:
    value = bytes(fields.get(name, b""))
    elements = map(bytes, ARRAY.decode(value) if value.startswith(b"[") else [])
    return [open_object(element) for element in elements if element.startswith(b"{")]


def text(fields: Fields, name: str) -> str:
    """The field's text, or nothing where it is missing or something else than text."""
    try:
        return TEXT.decode(fields[name]) if name in fields else ""
    except msgspec.ValidationError:
        return ""


def is_missing(fields: Fields, name: str) -> bool:
    value = bytes(fields.get(name, b"null"))
    return value == b"null" or (value.startswith(b'"') and not text(fields, name).strip())


def first(fields: Fields, *names: str) -> msgspec.Raw | None:
    return next((fields[name] for name in names if not is_missing(fields, name)), None)


def take(fields: Fields, *names: str) -> msgspec.Raw | None:
    """The first, which is no longer among the fields."""
    return next((fields.pop(name) for name in names if not is_missing(fields, name)), None)


def take_all(fields: Fields, *names: str) -> Fields:
    return {name: fields.pop(name) for name in names if not is_missing(fields, name)}


def drop(fields: Fields, *names: str) -> None:
    for name in names:
        fields.pop(name, None)


def raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(encode(value))
