"""Identifiers drawn from a seeded source of chance."""

from base64 import b64encode
from random import Random


def draw_uuid(rng: Random) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def draw_request_id(rng: Random) -> str:
    """The gateway's request ids look like this."""
    return b64encode(rng.randbytes(11)).decode()
