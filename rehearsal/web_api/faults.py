"""The failures that a test may order for the next calls of a method."""

from rehearsal.faults.answers import Fault

__all__ = ["Fault"]
