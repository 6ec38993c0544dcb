"""A server on loopback that speaks the Messages API, for trying without a key and for the tests."""

from workbench.simulator.buckets import parse_limits
from workbench.simulator.faults import Fault, parse_fault
from workbench.simulator.server import Simulator

__all__ = ["Fault", "Simulator", "parse_fault", "parse_limits"]
