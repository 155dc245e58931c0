"""What the tests of a warehouse share."""

import pytest

from tests.postgres.dbt_fixtures import Dbt


@pytest.fixture
def dbt(warehouse, tmp_path):
    return Dbt(warehouse, tmp_path)
