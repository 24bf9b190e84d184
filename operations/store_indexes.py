"""Every index that the store needs, put together from the rooms that own the collections."""

from __future__ import annotations

from accounts import lockout, sessions, tokens
from accounts.sign_in import resets
from audit import chain, disclosures, sealer
from gate.fields import kept_pictures
from gate.lists import pending_changes
from gate.reading import loading
from gate.store import hourly_limits, rates
from gate.store.collections import Indexes, absent_indexes, make_indexes, record_indexes
from gate.writing import batch_undo
from imports.store import runs
from jobs import queue
from oversight import alarm_notices
from vocabularies import merges
from workflows.engine import operations as workflow_operations

OWNERS: tuple[Indexes, ...] = (
    {"chain": chain.INDEXES},
    disclosures.INDEXES,
    sealer.INDEXES,
    {"alarm_notices": alarm_notices.INDEXES},
    queue.INDEXES,
    loading.INDEXES,
    kept_pictures.INDEXES,
    hourly_limits.INDEXES,
    rates.INDEXES,
    batch_undo.INDEXES,
    pending_changes.INDEXES,
    workflow_operations.INDEXES,
    lockout.INDEXES,
    resets.INDEXES,
    sessions.INDEXES,
    tokens.INDEXES,
    runs.INDEXES,
    merges.INDEXES,
)


def owned_indexes() -> Indexes:
    """The indexes of the collections that hold no noun's records: ledgers, sessions, jobs, imports …"""
    return {collection: models for owner in OWNERS for collection, models in owner.items()}


def declared_indexes() -> Indexes:
    """Collection → its declared indexes, of the nouns and of every room's own collections."""
    return {**record_indexes(), **owned_indexes()}


def ensure_indexes() -> None:
    """Make every declared index that is absent. Set-up and commands call it, never a request."""
    make_indexes(declared_indexes())


def missing_indexes() -> list[str]:
    """Declared indexes that the store does not have, as `collection.name`."""
    return absent_indexes(declared_indexes())
