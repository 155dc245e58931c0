"""What the tests of a warehouse share."""

import shutil

import pytest

from tests.postgres.dbt_fixtures import DBT_PROJECT, Dbt


@pytest.fixture
def dbt(warehouse, tmp_path):
    return Dbt(warehouse, tmp_path)


@pytest.fixture
def project(tmp_path):
    """A copy of the dbt project, for what a test changes in it."""
    return shutil.copytree(
        DBT_PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs", ".user.yml")
    )
