"""Fault equipment: rules by which deliveries and answers go wrong, on purpose and the same way each time."""

from rehearsal.faults.plan import FaultPlan, load_plan
from rehearsal.faults.rule import PlanError, Rule

__all__ = ["FaultPlan", "PlanError", "Rule", "load_plan"]
