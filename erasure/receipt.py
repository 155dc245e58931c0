"""What an erasure has done, for whoever has to answer for it. The ids that were given are not in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from erasure.raw import Found

IDS_NAMED = 50


@dataclass
class Receipt:
    is_dry: bool
    found: Found = field(default_factory=Found)
    rows: dict[str, int] = field(default_factory=dict)
    objects_read: int = 0
    objects_replaced: int = 0
    versions_deleted: int = 0
    failures: list[str] = field(default_factory=list)
    unfinished: list[int] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        numbers = {
            "events of theirs in raw": self.found.events,
            "events of others that name them": self.found.mentions,
            "rejected documents that name them": self.found.rejects,
            "rows in dbt's tables": sum(self.rows.values()),
            **{f"  {table}": count for table, count in sorted(self.rows.items())},
            "S3 objects read": self.objects_read,
            "S3 objects replaced": self.objects_replaced,
            "old versions of objects deleted": self.versions_deleted,
        }
        yield "dry run: nothing was changed; this is what would be" if self.is_dry else "erased:"
        names = max(map(len, numbers))
        digits = max(len(f"{number:,}") for number in numbers.values())
        yield from (f"{name:<{names}}  {number:>{digits},}" for name, number in numbers.items())
        yield from self.other_ids()
        others = [] if self.is_dry or self.failures else self.unfinished
        if others:
            numbers_told = ", ".join(map(str, others))
            yield f"not finished: erasures {numbers_told}, of other ids; run their commands again"

    def other_ids(self) -> Iterator[str]:
        """Who may be the same person, or somebody on the same device: a human has to judge."""
        for kind, ids in self.found.other_ids.items():
            told = sorted(each for each in ids if not each.startswith("erased-"))
            if told:
                yield f"{kind} ids that were seen in the same events, and are not erased: {len(told):,}"
                yield from (f"  {each}" for each in told[:IDS_NAMED])

    def complaint(self) -> str:
        return (
            f"{len(self.failures)} objects stay as they are, so it is not finished; mend or delete them, "
            f"and run the same command again; the first: {self.failures[0]}"
        )
