from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One POST to the API, as the API would receive it."""

    received_at_ms: int
    source_ip: str
    headers: dict[str, str]
    body: bytes
    request_id: str
