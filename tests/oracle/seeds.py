"""The project's seeds, read as a person would read them."""

import csv
from dataclasses import dataclass, field
from functools import cache

from local_stack.home import PROJECT


@dataclass(frozen=True)
class Meaning:
    page_type: str | None = None
    is_page_view: bool = False
    is_click: bool = False
    is_order: bool = False


@dataclass(frozen=True)
class Step:
    number: int
    name: str
    event_name: str


@dataclass(frozen=True)
class ClickId:
    parameter: str
    source: str
    is_paid: bool


@dataclass(frozen=True)
class Segment:
    name: str
    priority: int
    scores: tuple[range, range, range]

    def fits(self, *scores: int) -> bool:
        return all(score in fitting for score, fitting in zip(scores, self.scores, strict=True))


@dataclass(frozen=True)
class Seeds:
    aliases: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    bot_tokens: tuple[str, ...] = ()
    harmless_tokens: tuple[str, ...] = ()
    funnels: dict[str, list[Step]] = field(default_factory=dict)
    payment_hosts: tuple[str, ...] = ()
    own_hosts: tuple[str, ...] = ()
    source_types: dict[str, str] = field(default_factory=dict)
    click_ids: tuple[ClickId, ...] = ()
    segments: tuple[Segment, ...] = ()
    planned_variants: tuple[tuple[str, str], ...] = ()  # with their experiments

    def meaning(self, event_name: str) -> Meaning:
        return self.meanings.get(event_name, Meaning())


@cache
def project_seeds() -> Seeds:
    names = _rows("event_names")
    tokens = _rows("user_agent_tokens")
    return Seeds(
        aliases={row["sent_name"]: row["event_name"] for row in names},
        meanings={
            row["event_name"]: Meaning(
                page_type=row["page_type"] or None,
                is_page_view=row["is_page_view"] == "true",
                is_click=row["is_click"] == "true",
                is_order=row["is_order"] == "true",
            )
            for row in names
            if row["sent_name"] == row["event_name"]
        },
        bot_tokens=tuple(row["token"] for row in tokens if row["is_bot"] == "true"),
        harmless_tokens=tuple(row["token"] for row in tokens if row["is_bot"] == "false"),
        funnels=_funnels(),
        payment_hosts=tuple(row["host"] for row in _rows("payment_hosts")),
        own_hosts=tuple(row["host"] for row in _rows("own_hosts")),
        source_types={row["host"]: row["source_type"] for row in _rows("channel_hosts")},
        click_ids=tuple(
            ClickId(row["parameter"], row["source"], row["is_paid"] == "true")
            for row in sorted(
                _rows("click_ids"), key=lambda row: (row["is_paid"] != "true", row["parameter"])
            )
        ),
        segments=tuple(_segment(row) for row in _rows("rfm_segments")),
        planned_variants=tuple((row["experiment"], row["variant"]) for row in _rows("experiment_shares")),
    )


def _funnels() -> dict[str, list[Step]]:
    funnels: dict[str, list[Step]] = {}
    for row in sorted(_rows("funnel_steps"), key=lambda row: int(row["step_number"])):
        step = Step(int(row["step_number"]), row["step_name"], row["event_name"])
        funnels.setdefault(row["funnel_name"], []).append(step)
    return funnels


def _segment(row: dict[str, str]) -> Segment:
    r, f, m = (range(int(row[f"{score}_from"]), int(row[f"{score}_to"]) + 1) for score in "rfm")
    return Segment(row["segment"], int(row["priority"]), (r, f, m))


def _rows(seed: str) -> list[dict[str, str]]:
    with (PROJECT / "dbt_project" / "seeds" / f"{seed}.csv").open(newline="") as file:
        return list(csv.DictReader(file))
