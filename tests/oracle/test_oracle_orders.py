"""What was bought, in cases small enough to be counted by hand."""

from decimal import Decimal

from tests.oracle.marts import build
from tests.oracle.shorthand import add, column, order, remove


def bought(events):
    return column(
        build(events)["order_items"], "order_key", "product_id", "quantity", "price", "revenue", "source"
    )


def test_the_cart_holds_what_was_put_in_and_not_taken_out_since_the_previous_order():
    events = [
        *(add(0, "p1", "5", quantity=2), add(1, "p1", "6"), remove(2, "p1", quantity=1)),
        *(add(3, "p2", "7", quantity=4), remove(4, "p2"), add(5, "p2", "9", discount_price=Decimal("8"))),
        *(add(6, "p3"), remove(7, "p3", quantity=5), add(8, "p3", quantity=4)),
        *(add(9, "p4", quantity=3), remove(10, "p4"), remove(11, "p5", quantity=1)),
        order(20, "o1"),
        *(add(21, "p1", "3"), order(22, "o2")),
        add(23, "p6"),
    ]

    assert bought(events) == [
        ("o1", "p1", 2, Decimal(6), Decimal(12), "cart"),
        ("o1", "p2", 1, Decimal(8), Decimal(8), "cart"),
        ("o2", "p1", 1, Decimal(3), Decimal(3), "cart"),
    ]


def test_a_thank_you_page_that_reloads_is_one_order_and_leaves_the_cart_alone():
    events = [
        *(add(0, "p1"), order(10, "o1", total="10")),
        *(add(20, "p2"), order(30, "o1", total="10"), order(40, "o2", total="5")),
        order(50, "o2", total="7", client_id="c2"),
        order(5_000, "o2", load_id=0, total="1", client_id="c3"),
    ]
    marts = build(events)

    assert column(marts["sessions"], "visitor_id", "order_count", "revenue") == [
        ("client:c1", 1, Decimal(10)),
        ("client:c2", 0, Decimal(0)),
        ("client:c3", 1, Decimal(1)),
    ]
    assert column(marts["order_items"], "order_key", "product_id") == [("o1", "p1")]
    assert column(build([*events[:5]])["order_items"], "product_id", "order_key") == [
        ("p1", "o1"),
        ("p2", "o2"),
    ]


def test_items_of_one_product_are_added_up_and_come_before_the_product_of_the_event():
    items = (
        {"id": "p1", "price": Decimal(10)},
        {"id": "p1", "price": Decimal(9), "discount_price": Decimal(8), "quantity": 2},
        {"id": "p2", "quantity": 2},
        {"id": "p3", "price": Decimal(1), "quantity": 0},
        {"price": Decimal(1)},
    )
    product = {"id": "p9", "price": Decimal(4), "quantity": 3}

    assert bought([order(0, "o1", items=items, product=product), order(1, "o2", product=product)]) == [
        ("o1", "p1", 3, Decimal("8.6667"), Decimal(26), "items"),
        ("o1", "p2", 2, None, Decimal(0), "items"),
        ("o2", "p9", 3, Decimal(4), Decimal(12), "event"),
    ]
    assert bought([add(0, "p1"), order(1, product={"id": "p1", "quantity": 0})]) == []


def test_a_list_that_says_that_nothing_was_bought_is_believed():
    nothing = {"id": "p1", "price": Decimal(5), "quantity": 0}
    less = {"id": "p2", "price": Decimal(5), "quantity": -1}
    product = {"id": "p9", "price": Decimal(4)}

    assert bought([add(0, "p1"), order(1, "o1", items=(nothing, less), product=product)]) == []
    assert bought([add(0, "p1"), order(1, "o1", items=(less,))]) == []
    assert bought([order(0, "o1", items=(nothing, less, {"id": "p2", "quantity": 2}))]) == [
        ("o1", "p2", 2, None, Decimal(0), "items")
    ]
    assert bought([add(0, "p1", "3"), order(1, "o1", items=({"quantity": 0},))]) == [
        ("o1", "p1", 1, Decimal(3), Decimal(3), "cart")
    ]
