"""Experiments: the statistics against scipy's, and results of people whose numbers are known."""

import json
import math
import random
from datetime import UTC, datetime
from functools import cache

import pytest
from jinja2 import Environment
from scipy import stats

from local_stack.traffic import EXPERIMENT_LIFT, count, simulate
from local_stack.traffic.acceptance import answer
from tests.postgres.dbt_fixtures import DBT_PROJECT, Event, add_load

MACROS = (DBT_PROJECT / "macros/statistics.sql").read_text()
WITH_ITS_TESTS = ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")
BUILD = ("build", "--select", "+experiment_results", *WITH_ITS_TESTS)
INFINITY = float("inf")
SMALLEST = math.ulp(0)


def compiled(call):
    return Environment().from_string(f"{MACROS}{{{{ {call} }}}}").render()  # noqa: S701 - this is SQL


def test_the_tail_of_a_normal_distribution_is_scipys(warehouse):
    chance = random.Random(1)
    zs = [chance.gauss(0, 3) for _ in range(3_000)] + [chance.uniform(-50, 50) for _ in range(1_000)]
    zs += [
        sign * z
        for z in (0.0, SMALLEST, 1e-160, 36.9, 37.0, 38.0, 1e160, 1e308, INFINITY)
        for sign in (1, -1)
    ]

    with warehouse.connect() as connection:
        connection.execute("create temporary table zs as select unnest(%s::float8[]) as z", [zs])
        query = f"select z, {compiled('''normal_tail('z')''')} from zs"
        for z, tail in connection.execute(query.encode()).fetchall():
            assert abs(tail - stats.norm.sf(z)) < 1e-6, z
            assert 0 <= tail <= 1, z


def test_the_tail_of_chi_squared_is_scipys(warehouse):
    chance = random.Random(2)
    values = [
        (degrees * chance.lognormvariate(0, 0.6), degrees)
        for degrees in [chance.choice((chance.randint(1, 9), chance.randint(1, 400))) for _ in range(3_000)]
    ]
    extremes = (0.0, SMALLEST, 1e-300, 1e-9, 700.0, 1_500.0, 1e5, 1e12, 1e300, INFINITY)
    values += [(extreme, degrees) for extreme in extremes for degrees in (1, 2, 3, 50, 4_001)]
    values += [(1e5 + 300, 100_000), (1e5 - 300, 99_999)]

    with warehouse.connect() as connection:
        connection.execute(
            "create temporary table chi as select * from unnest(%s::float8[], %s::int[]) as chi (x, degrees)",
            [[x for x, _ in values], [degrees for _, degrees in values]],
        )
        query = f"select x, degrees, {compiled('''chi_squared_tail('x', 'degrees')''')} from chi"
        for x, degrees, tail in connection.execute(query.encode()).fetchall():
            assert abs(tail - stats.chi2.sf(x, degrees)) < 1e-6, (x, degrees)
            assert 0 <= tail <= 1, (x, degrees)


@pytest.mark.parametrize("call", ["normal_tail('null::numeric')", "chi_squared_tail('null::numeric', '1')"])
def test_what_is_unknown_has_no_tail(warehouse, call):
    assert warehouse.rows(f"select {compiled(call)}".replace("%", "%%")) == [(None,)]


@cache
def simulated():
    """What the people of the experiment sent of it, and how many of them there truly are."""
    requests = list(simulate(days=3, visitors=6_000, seed=4, until=datetime(2026, 12, 1, tzinfo=UTC)))
    events = [
        {**document, "_ingest": {"receivedAt": request.received_at_ms}}
        for request in requests
        for _, document in answer(request).accepted
        if document.get("eventName") in ("experiment_exposure", "checkout_complete")
    ]
    return [json.dumps(event, default=float) for event in events], count(requests).experiment


def test_the_lift_of_the_simulated_shop_comes_out(dbt, warehouse):
    events, arms = simulated()
    add_load(warehouse, [Event(payload, number) for number, payload in enumerate(events, 1)])
    dbt.succeeds(*BUILD)

    results = warehouse.rows(
        """
        select variant, visitor_count, value::float8, status, srm_p_value > 0.001
        from marts.experiment_results
        where metric = 'conversion'
        order by 1
        """
    )
    assert results == [
        (variant, arm.visitors, pytest.approx(arm.buyers / arm.visitors), "ok", True)
        for variant, arm in arms.items()
    ]
    [(low, high)] = warehouse.rows(
        "select ci_low, ci_high from marts.experiment_results where lift > 0 and metric = 'conversion'"
    )
    assert low < EXPERIMENT_LIFT - 1 < high


def test_an_experiment_that_nobody_has_seen_has_no_results_yet(dbt, warehouse):
    dbt.succeeds(*BUILD)

    assert warehouse.rows(
        """
        select variant, is_control, visitor_count, excluded_count, value, lift, p_value, srm_p_value, status
        from marts.experiment_results
        where experiment = 'checkout_button' and metric = 'conversion'
        order by 1
        """
    ) == [
        ("control", True, 0, 0, None, None, None, None, "not_enough_data"),
        ("treatment", False, 0, 0, None, None, None, None, "not_enough_data"),
    ]


# Of each variant: how many see it, how many of those order, and for how much.
EXPERIMENTS = {
    "lopsided": {"a": (400, 40, 10), "b": (150, 30, 20)},
    "barren": {"a": (120, 0, 0), "b": (130, 0, 0)},
    "alike": {"a": (120, 120, 5), "b": (130, 130, 5)},
    "lonely": {"a": (150, 15, 10), "b": (1, 1, 10)},
    "threefold": {"control": (200, 40, 10), "a": (210, 60, 11), "b": (190, 30, 12)},
    "single": {"a": (120, 30, 10)},
}


def test_results_are_scipys_and_nothing_is_divided_by_zero(dbt, warehouse):
    seen = [
        (f"{experiment}-{variant}-{number}", experiment, variant, total if number < buyers else None)
        for experiment, variants in EXPERIMENTS.items()
        for variant, (visitors, buyers, total) in variants.items()
        for number in range(visitors)
    ]
    add_load(warehouse, [Event(document, line) for line, document in enumerate(documents(seen), 1)])
    dbt.succeeds(*BUILD)

    for experiment, metric, variant, value, lift, p_value, srm_p_value, status in warehouse.rows(
        """
        select experiment, metric, variant, value, lift, p_value, srm_p_value, status
        from marts.experiment_results
        where experiment <> 'checkout_button' and metric <> 'add_to_cart_rate'
        """
    ):
        variants = EXPERIMENTS[experiment]
        control, treatment = (
            outcomes(*variants[name], metric) for name in (min(variants, key=control_first), variant)
        )
        counts = [visitors for visitors, _, _ in variants.values()]
        where = (experiment, metric, variant)
        assert float(value) == pytest.approx(sum(treatment) / len(treatment)), where
        if len(counts) > 1:
            assert srm_p_value == pytest.approx(stats.chisquare(counts).pvalue, abs=1e-6), where
        else:
            assert srm_p_value is None
        if experiment in ("lopsided", "threefold") and treatment != control:
            assert float(lift) == pytest.approx(
                sum(treatment) / len(treatment) / (sum(control) / len(control)) - 1
            )
            difference = stats.ttest_ind(treatment, control, equal_var=False).statistic
            assert p_value == pytest.approx(2 * stats.norm.sf(abs(difference)), abs=1e-6), where
        else:
            assert (lift, p_value) == (None, None), where
        mismatched = len(counts) > 1 and stats.chisquare(counts).pvalue < 0.001
        poor = experiment in ("barren", "alike") and variant != "a"
        usual = "not_enough_data" if poor else "ok"
        assert status == ("sample_ratio_mismatch" if mismatched else usual), where


def control_first(variant):
    return variant != "control", variant


def outcomes(visitors, buyers, total, metric):
    each = 1.0 if metric == "conversion" else float(total)
    return [each] * buyers + [0.0] * (visitors - buyers)


def documents(seen):
    """Half of them told by an event of its own, half by a field of another event."""
    for number, (visitor, experiment, variant, total) in enumerate(seen):
        common = {"clientId": visitor, "_ingest": {"receivedAt": "2026-03-04T12:00:00Z"}}
        if number % 2:
            dataset = {"experiment": experiment, "variant": variant}
            yield json.dumps({**common, "eventName": "experiment_exposure", "element": {"dataset": dataset}})
        else:
            yield json.dumps({**common, "eventName": "page_view", "experiments": {experiment: variant}})
        if total is not None:
            yield json.dumps(
                {**common, "eventName": "checkout_complete", "element": {"dataset": {"total": total}}}
            )
