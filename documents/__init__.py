"""Papers to file and to hand over: what stands on one, and the same as a page of A4 sheets (PDF), as CSV and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from documents.paper import Paper


def printed(paper: Paper, made_at: datetime) -> bytes:
    """A paper as PDF (documents.pdf), whose library takes a quarter of a second: read in when one is printed."""
    from documents.pdf import pdf

    return pdf(paper, made_at)
