"""One simulated shop for all tests, as it takes seconds to run. They only look at it."""

import pytest

from local_stack.traffic import Truth, count
from tests.unit.test_traffic.seen_traffic import Shop, see_shop


@pytest.fixture(scope="session")
def shop() -> Shop:
    return see_shop()


@pytest.fixture(scope="session")
def numbers(shop: Shop) -> Truth:
    return count(shop.requests)
