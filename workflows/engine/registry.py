"""The workflows and operations of this application by name. Incomplete ones are named, and it does not start."""

from __future__ import annotations

from collections.abc import Iterable

from audit.events import register_actions
from workflows.engine.operations import Operation, register_operations
from workflows.engine.table import Workflow, faults

_workflows: dict[str, Workflow] = {}


def register(workflows: Iterable[Workflow], operations: Iterable[Operation]) -> None:
    """Register tables and operations; a repetition changes nothing.

    Raises:
        RuntimeError: one is not complete; the message has a line for each thing that is missing.
    """
    given = list(workflows)
    if wrong := [said for each in given for said in faults(each)]:
        raise RuntimeError("\n".join(wrong))
    for each in given:
        _workflows[each.name] = each
        register_actions({act.name: act.history for act in each.acts if each.in_history})
    register_operations(operations)


def workflows() -> tuple[Workflow, ...]:
    """All that are registered, in the order of their registration."""
    return tuple(_workflows.values())


def workflows_of(noun: str) -> tuple[Workflow, ...]:
    """Those whose states are of this noun's records."""
    return tuple(each for each in _workflows.values() if each.noun == noun and each.of_records)
