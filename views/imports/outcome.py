"""What came of an import: its rows by fate, one row beside its record, the rows to correct, the mapping, the record on paper."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Response, render_template, request, send_file

from audit.events import note
from documents import printed
from gate.refusals import BadQuestion, NotFound
from gate.store.clock import now
from imports.run.outcomes import OUTCOMES
from imports.run.row_comparison import beside
from imports.run.sign_off import look_at
from imports.store import runs
from models.registry import NOUNS
from views.imports.pages import pages
from views.imports.record_paper import paper_of
from views.imports.run_state import key, phase_of
from views.requests.current_actor import actor
from views.shared.leaving import take_turn
from words import t, w

Document = dict[str, Any]
PAGE = 200


@pages.get("/<run>/rows")
def rows(run: str) -> str:
    """The rows of one fate, or all that something was found in, with the reasons."""
    found = runs.find(actor(), run)
    phase = phase_of(found)
    fate, after = number_asked("fate"), number_asked("after") or 0
    if fate is not None and fate >= len(OUTCOMES):
        raise BadQuestion(("行の扱いを一覧から選んでください。", "Choose the result from the list."))
    shown: list[Document] = []
    start = runs.first_reaching(run, phase, after + 1)
    for batch in runs.batches(run, phase, only=("rows", "fates", "problems", "causes"), start=start):
        if len(shown) > PAGE:
            break
        reasons: dict[int, list[tuple[str, str, bool]]] = {}
        for row, column, cause, fatal, places in batch["problems"]:
            where = (
                t(f"{'・'.join(map(str, places[:5]))}文字目", f"character {', '.join(map(str, places[:5]))}")
                if places
                else ""
            )
            said = w(batch["causes"][cause])
            reasons.setdefault(row, []).append((column, f"{said} {where}".strip(), fatal))
        shown += [
            {"row": row, "fate": w(OUTCOMES[its]), "reasons": reasons.get(row, [])}
            for row, its in zip(batch["rows"], batch["fates"], strict=True)
            if row > after and (its == fate if fate is not None else row in reasons)
        ]
    return render_template(
        "imports/rows.html", run=found, id=run, rows=shown[:PAGE], fate=fate, phase=phase, fates=[w(each) for each in OUTCOMES],
        more=shown[PAGE - 1]["row"] if len(shown) > PAGE else None, noun=NOUNS[found["noun"]],
    )  # fmt: skip


@pages.get("/<run>/row")
def row(run: str) -> str:
    """One row of the file beside its record."""
    found = runs.find(actor(), run)
    number = number_asked("row")
    if number is None:
        raise NotFound
    phase = phase_of(found)
    (side,) = beside(actor(), found, phase, [number], key())
    if phase == "run":
        look_at(actor(), found, [side])
    return render_template(
        "imports/row.html", run=found, id=run, side=side, noun=NOUNS[found["noun"]],
        erased="erased_at" in found, fate=w(side.outcome),
    )  # fmt: skip


@pages.get("/<run>/mapping.toml")
def mapping_file(run: str) -> Response:
    """The mapping as a file, to keep and to hand on."""
    found = runs.find(actor(), run)
    answer = Response(found["mapping"]["text"], content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=mapping-{run}.toml"
    return answer


@pages.get("/<run>/record.pdf")
def record(run: str) -> Response:
    """The record of the import on paper: file, figures, sums by field, who ran it and who signed it off."""
    found = runs.find(actor(), run)
    if "counts" not in found:
        raise NotFound
    take_turn("print", found["noun"])
    raw = printed(paper_of(found), now())
    note(
        "printed",
        actor=actor().user,
        institution=found["institution"],
        noun=found["noun"],
        detail=f"import={run}",
    )
    return send_file(
        io.BytesIO(raw), mimetype="application/pdf", as_attachment=True, download_name=f"import-{run}.pdf"
    )


def number_asked(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,8}", text):
        raise BadQuestion(("数字を指定してください。", "Give a number."))
    return int(text)
