"""「なぜ?」: on any withheld value, which rule, which role, and whom to ask."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_admin import expose

from gate.explaining import explain
from models.data_classes import LABELS, Words
from models.declaration import Noun
from policies.effects import LABELS as EFFECT_LABELS
from views.signin import actor
from views.words import w

EXIT_LABELS: dict[str, Words] = {
    "list": ("一覧", "List"),
    "detail": ("詳細", "Record"),
    "form": ("編集", "Form"),
    "search": ("検索", "Search"),
    "filter": ("絞り込み", "Filter"),
    "sort": ("並べ替え", "Sort"),
    "count": ("集計", "Counts"),
    "choice": ("選択肢", "Choices"),
    "lookup": ("全文照会", "Look-up"),
    "takeout": ("持出し", "Takeout"),
    "export": ("書き出し", "Export"),
    "print": ("印刷", "Print"),
    "file": ("画像", "Files"),
    "api": ("API", "API"),
    "history": ("履歴", "History"),
    "log": ("ログ", "Logs"),
    "error": ("エラー表示", "Error texts"),
    "public": ("公開目録", "Public catalogue"),
}


class ExplainMixin:
    """`/explain/`."""

    noun: Noun

    @expose("/explain/")
    def explain_view(self) -> str:
        """Every exit's verdict on one field of one record, for the person who asks."""
        id_ = request.args.get("id", "")
        found = explain(actor(), self.noun, id_, request.args.get("field", ""))
        return render_template(
            "explain.html",
            noun=self.noun,
            field_label=w(found.field.label),
            class_label=w(LABELS[found.field.data_class]),
            house=g.account.houses[found.institution],
            verdicts=[
                (w(EXIT_LABELS[exit_]), w(EFFECT_LABELS[verdict.effect]), verdict.effect.name.lower(), verdict.rule,
                 w(verdict.reason))
                for exit_, verdict in found.verdicts.items()
            ],
            back_url=url_for(f"{self.noun.name}.details_view", id=id_),
        )  # fmt: skip
