"""What the tests of faults share."""

import pytest

from tests.faults.sent import send


@pytest.fixture
def sent(bucket):
    """Twelve objects in the bucket; no more than it takes for several batches."""
    return send(bucket, 12)
