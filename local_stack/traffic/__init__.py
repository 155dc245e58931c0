"""A simulated computer shop: the requests that its visitors' browsers would send, and the true numbers."""

from local_stack.traffic.people import EXPERIMENT, EXPERIMENT_LIFT
from local_stack.traffic.request import Request
from local_stack.traffic.simulation import simulate
from local_stack.traffic.truth import Truth, count, truth

__all__ = ["EXPERIMENT", "EXPERIMENT_LIFT", "Request", "Truth", "count", "simulate", "truth"]
