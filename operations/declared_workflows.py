"""Every workflow and every operation over several records, put together from the rooms that own them."""

from __future__ import annotations

from imports.run.sign_off import ERASED, SIGNED
from imports.store.jobs import JOB_POSTED
from imports.store.keeping import FILE_KEPT
from imports.store.table import IMPORT, PHOTOGRAPHS
from roles.draft_table import ROLE_DRAFT
from roles.drafts import DRAFT_APPLIED
from roles.rights import ADMINISTRATORS
from workflows.content_check.table import CHECK
from workflows.data_release.releases import RELEASE
from workflows.data_release.table import RELEASED
from workflows.engine.operations import Operation
from workflows.engine.registry import register
from workflows.engine.table import Workflow
from workflows.work_requests.table import WORK

WORKFLOWS: tuple[Workflow, ...] = (WORK, CHECK, RELEASED, ROLE_DRAFT, IMPORT, PHOTOGRAPHS)
OPERATIONS: tuple[Operation, ...] = (
    ADMINISTRATORS,
    DRAFT_APPLIED,
    RELEASE,
    FILE_KEPT,
    JOB_POSTED,
    SIGNED,
    ERASED,
)


def register_workflows() -> None:
    """Register all of them.

    Raises:
        RuntimeError: one is not complete; the message says what is missing.
    """
    register(WORKFLOWS, OPERATIONS)
