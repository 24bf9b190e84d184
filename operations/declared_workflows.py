"""Every workflow and every operation over several records, put together from the rooms that own them."""

from __future__ import annotations

from workflows.content_check.table import CHECK
from workflows.engine.operations import Operation
from workflows.engine.registry import register
from workflows.engine.table import Workflow
from workflows.work_requests.table import WORK

WORKFLOWS: tuple[Workflow, ...] = (WORK, CHECK)
OPERATIONS: tuple[Operation, ...] = ()


def register_workflows() -> None:
    """Register all of them.

    Raises:
        RuntimeError: one is not complete; the message says what is missing.
    """
    register(WORKFLOWS, OPERATIONS)
