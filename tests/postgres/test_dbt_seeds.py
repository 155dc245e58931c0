"""A seed row that is wrong stops the build with a sentence that names it, before any model is built on it."""

import pytest

from tests.postgres.dbt_fixtures import Event, add_load, event

WRONG_ROWS = {
    "funnel_steps.csv": (
        "purchase,2,Added again,add_to_cart_click",
        "Step 2 of the funnel purchase stands in funnel_steps.csv more than once.",
    ),
    "event_names.csv": (
        "gift_wrapped,gift_wrap,,,,,",
        "gift_wrapped in event_names.csv is an alias of gift_wrap, which has no row of its own",
    ),
    "payment_hosts.csv": (
        "https://pay.example/",
        '"https://pay.example/" in payment_hosts.csv is no host',
    ),
    "channel_hosts.csv": ("forum.example,chatter", 'The source_type "chatter" of forum.example'),
}


# A seed that another one refers to is judged first: what is wrong with the other is said once that is mended.
@pytest.mark.parametrize(
    "seeds", [["funnel_steps.csv", "payment_hosts.csv"], ["event_names.csv", "channel_hosts.csv"]]
)
def test_a_wrong_row_is_named_and_nothing_is_built_on_it(dbt, warehouse, project, seeds):
    for seed in seeds:
        with (project / "seeds" / seed).open("a") as file:
            file.write(WRONG_ROWS[seed][0] + "\n")

    build = dbt("build", "--project-dir", str(project), "--exclude-resource-type", "unit_test")

    assert build.returncode != 0
    for seed in seeds:
        assert WRONG_ROWS[seed][1] in build.stdout, seed
    assert warehouse.rows("select to_regclass('marts.session_funnels'), to_regclass('marts.sessions')") == [
        (None, None)
    ]


def test_a_funnel_is_rows_and_no_sql(dbt, warehouse, project):
    with (project / "seeds/funnel_steps.csv").open("a") as file:
        file.write("wishlist,1,Product viewed,product_view\nwishlist,2,Remembered,wishlist_click\n")
    names = ("product_view", "add_to_wishlist", "view_cart")
    add_load(
        warehouse,
        [Event(event(eventName=name, clientId="me"), number) for number, name in enumerate(names, 1)],
    )

    dbt.succeeds("build", "--project-dir", str(project), "--exclude-resource-type", "unit_test")

    assert warehouse.rows(
        "select funnel_name, steps_reached, is_completed from marts.session_funnels order by 1"
    ) == [("purchase", 1, False), ("wishlist", 2, True)]
    assert warehouse.rows("select distinct step_name from marts.funnel_daily order by 1") == [
        ("Product viewed",),
        ("Remembered",),
    ]
