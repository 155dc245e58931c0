"""What takes minutes whatever it is told runs in `make soak` only."""

from tests.soak import SOAK

collect_ignore = [] if SOAK else ["test_dbt_soak.py"]
