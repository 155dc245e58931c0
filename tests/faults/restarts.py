"""A server that goes down, politely or not, if it is not down already, and comes back."""

import signal
from contextlib import contextmanager

from local_stack import processes
from local_stack.postgres import postmaster, stop
from tests.conftest import FAST_AND_FORGETFUL

RESTARTS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "killed": signal.SIGKILL}


@contextmanager
def downtime(server, way):
    if process := postmaster(server.data):
        processes.end(process, RESTARTS[way])
    stop(server.data)
    try:
        yield
    finally:
        server.start(FAST_AND_FORGETFUL)
