"""A row of the table: what was measured, beside what, and how far it should reach."""

from dataclasses import dataclass
from typing import Literal

HEAD = "| what | measured | beside it | reach | |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Reach:
    sign: Literal["≥", "≤"]
    bound: float
    unit: str = "x"

    def verdict(self, found: float) -> str:
        return "met" if (found >= self.bound if self.sign == "≥" else found <= self.bound) else "**missed**"

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g} {self.unit}"


@dataclass(frozen=True)
class Figure:
    what: str
    measured: str
    beside: str = ""
    reach: Reach | None = None
    found: float = 0.0

    def __str__(self) -> str:
        verdict = self.reach.verdict(self.found) if self.reach else ""
        return f"| {self.what} | {self.measured} | {self.beside} | {self.reach or ''} | {verdict} |"


def times(ratio: float, of: str) -> str:
    return f"{ratio:.2f} x {of}" if ratio < 10 else f"{ratio:.0f} x {of}"
