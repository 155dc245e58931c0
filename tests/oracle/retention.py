"""Who came back, and who bought again, week by week after the first time."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.daily import rate
from tests.oracle.persons import Person

Row = dict[str, Any]

WEEK = timedelta(weeks=1)


def retention_weekly(persons: Iterable[Person], as_of_date: date) -> list[Row]:
    cohorts: dict[tuple[str, date, str], list[Person]] = {}
    for person in persons:
        for cohort_type in ("first_visit", "first_order"):
            if active := _active_weeks(person, cohort_type):
                key = (cohort_type, min(active), person.sessions[0].channel)
                cohorts.setdefault(key, []).append(person)
    names = ("cohort_type", "cohort_week", "first_channel")
    return [
        {**dict(zip(names, key, strict=True)), **row}
        for key, cohort in cohorts.items()
        for row in _weeks(*key[:2], cohort, as_of_date)
    ]


def _weeks(cohort_type: str, cohort_week: date, cohort: list[Person], as_of_date: date) -> Iterable[Row]:
    cumulative_revenue = Decimal(0)
    for number in range((week_of(as_of_date) - cohort_week) // WEEK + 1):
        week = cohort_week + number * WEEK
        totals = [
            order.total for person in cohort for order in person.orders if week_of(order.ordered_on) == week
        ]
        revenue = sum(totals, Decimal(0))
        cumulative_revenue += revenue
        retained_count = sum(week in _active_weeks(person, cohort_type) for person in cohort)
        yield {
            "week_number": number,
            "cohort_size": len(cohort),
            "retained_count": retained_count,
            "order_count": len(totals),
            "revenue": revenue,
            "retained_share": rate(retained_count, len(cohort)),
            "cumulative_revenue": cumulative_revenue,
            "revenue_per_customer": Fraction(revenue) / len(cohort),
            "cumulative_revenue_per_customer": Fraction(cumulative_revenue) / len(cohort),
            "is_complete": week + timedelta(days=6) < as_of_date,
        }


def _active_weeks(person: Person, cohort_type: str) -> set[date]:
    if cohort_type == "first_visit":
        return {week_of(session.started_on) for session in person.sessions}
    return {week_of(order.ordered_on) for order in person.orders}


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())
