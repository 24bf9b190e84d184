"""All nouns, in the order of the menu. The one list from which screens, gate, seeds and tables are derived."""

from __future__ import annotations

from models.book import BOOK
from models.declaration import Noun
from models.donor import DONOR
from models.exhibition import EXHIBITION
from models.handler import HANDLER
from models.institution import INSTITUTION
from models.item import ITEM
from models.loan import LOAN
from models.media import MEDIA
from models.patron import PATRON
from models.plan import PLAN
from models.role import ROLE
from models.takeout import TAKEOUT
from models.training import TRAINING
from models.user import USER
from models.work_request import WORK_REQUEST

NOUNS: dict[str, Noun] = {
    noun.name: noun
    for noun in (
        ITEM, MEDIA, DONOR, LOAN, EXHIBITION, PATRON, BOOK,
        HANDLER, TRAINING, TAKEOUT, WORK_REQUEST, PLAN,
        USER, ROLE, INSTITUTION,
    )
}  # fmt: skip
