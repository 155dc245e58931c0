"""What an erasure has done, for whoever has to answer for it. No id of anybody is in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from erasure.people import Kind

OTHERS_NAMED = 50
OTHERS_WIDTH = 80


@dataclass
class Receipt:
    state: str = "dry run: nothing was changed; this is what would be"
    rows: Counter[str] = field(default_factory=Counter)
    replaced_objects: int = 0
    deleted_versions: int = 0
    other_ids: set[tuple[Kind, str]] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    unfinished: list[int] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        numbers = {
            "rows": self.rows.total(),
            **{f"  {table}": count for table, count in sorted(self.rows.items())},
            "S3 objects replaced": self.replaced_objects,
            "old versions of objects deleted": self.deleted_versions,
            "other ids in the same events, not erased": len(self.other_ids),
        }
        yield self.state
        names = max(map(len, numbers))
        digits = max(len(f"{number:,}") for number in numbers.values())
        yield from (f"{name:<{names}}  {number:>{digits},}" for name, number in numbers.items())
        if self.unfinished:
            yield f"erasures of others that are not finished: {', '.join(map(str, self.unfinished))}"

    def asides(self) -> Iterator[str]:
        """Who may be the same person, or somebody on the same device: a human has to judge. Anybody may have
        sent these, so what a terminal would obey in them is escaped."""
        for kind, value in sorted(self.other_ids)[:OTHERS_NAMED]:
            yield f"seen in the same events, and not erased: {kind} {ascii(value)[:OTHERS_WIDTH]}"

    def complaint(self) -> str:
        key, reason = next(iter(self.failures.items()))
        return (
            f"{len(self.failures)} objects stay as they are, so it is not finished; mend or delete them, "
            f"and run the same command again; the first: {key}: {reason}"
        )
