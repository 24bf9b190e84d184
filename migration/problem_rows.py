"""The rows that did not come in, as a workbook to correct and give back: the file's own columns, and why beside them.

It holds what the file held, so it leaves as any personal data does: by an exit of its own, told to the ledger before,
and in a zip under a password (S15, S17).
"""

from __future__ import annotations

import io
from typing import IO, Any

import pyzipper
import xlsxwriter

from gate import imports
from gate.refusals import BadQuestion, Refused
from gate.sealed_source import opened
from gate.source_cells import open_columns, show
from migration.batching import HELD, REFUSED
from migration.beside import feeds
from migration.mapping import mapping_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.passphrases import wrong_passphrase
from policies.verdict import may

Document = dict[str, Any]
REASON: Words = ("取り込めなかった理由", "Why it did not come in")
ROW: Words = ("元の行", "Row of the file")
MOST = 100_000


def workbook(actor: Actor, run: Document, phase: str, key: bytes, password: str, language: int) -> bytes:
    """A zip (AES) with the workbook in it.

    Raises:
        Refused: no grant to export there, or a column of the file is withheld from this actor.
        BadQuestion: the passphrase will not do. LedgerClosed, Unopened: it cannot be told, or cannot be read.
    """
    noun = NOUNS[run["noun"]]
    verdict = may(actor, noun.name, "export", run["institution"])
    if not verdict:
        raise Refused(verdict)
    if wrong := wrong_passphrase(password, password, actor.login_id):
        raise BadQuestion(wrong)
    fed = feeds(mapping_of(run["mapping"]["text"]))
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        _write(book, actor, run, phase, key, fed, language)
    packed = io.BytesIO()
    with pyzipper.AESZipFile(
        packed, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as zip_:
        zip_.setpassword(password.encode())
        zip_.writestr("problems.xlsx", out.getvalue())
    return packed.getvalue()


def _write(
    book: Any, actor: Actor, run: Document, phase: str, key: bytes, fed: dict[str, Any], language: int
) -> None:
    sheet = book.add_worksheet("problems")
    # As text: what is corrected in Excel keeps its leading zeros, and 1-2 stays 1-2.
    plain = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True})
    header: list[str] = []
    at = 0
    noun = NOUNS[run["noun"]]
    for batch in imports.batches(str(run["_id"]), phase):
        wanted = [n for n, fate in enumerate(batch["fates"]) if fate in (REFUSED, HELD)]
        if not wanted or at >= MOST:
            continue
        source = opened(key, f"{run['_id']}:{batch['no']}", batch["source"])
        rows = [source[n] for n in wanted]
        cells = [row for _, row in rows]
        columns = {column: fed.get(column, []) for row in cells for column in row}
        if not header:
            header = list(columns)
            closed = set(header) - set(open_columns(actor, noun, run["institution"], columns))
            if closed:
                header = [each for each in header if each not in closed]
            sheet.freeze_panes(1, 2)
            sheet.set_column(2, len(header) + 1, 20, plain)
            sheet.write_row(0, 0, [REASON[language], ROW[language], *header], bold)
        shown = show(actor, noun, run["institution"], str(run["_id"]), cells, columns, exit_="export")
        reasons = _reasons(batch, language)
        for (number, _), row in zip(rows, shown, strict=True):
            at += 1
            sheet.write_string(at, 0, "\n".join(reasons.get(number, [])))
            sheet.write_number(at, 1, number)
            for n, column in enumerate(header, 2):
                sheet.write_string(at, n, (row.get(column) or "")[:32_000], plain)


def _reasons(batch: Document, language: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row, column, cause, _, _ in batch["problems"]:
        said = batch["causes"][cause][language]
        found.setdefault(row, []).append(f"{column}: {said}" if column else said)
    return found


def as_file(raw: bytes) -> IO[bytes]:
    """For sending."""
    return io.BytesIO(raw)
