"""`/admin/institution/card/`: which fields an institution's forms begin with, for a noun and for each type of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.fields.kinds import kind_of
from gate.forms.card_layouts import card_for, cards_of, offered, set_card, terms_of
from gate.reading.loading import permitted
from gate.refusals import BadQuestion
from models.declaration import Noun
from models.registry import NOUNS
from views.requests.current_actor import actor
from words import t, w


class CardSettingsMixin:
    """Beside the generated screens of institutions."""

    noun: Noun

    @expose("/card/")
    def card_view(self) -> str:
        """The fields of a card, those that stand on it first, in their order."""
        noun, id_, term = self._asked()
        shown = card_for(noun, cards_of(noun, id_), term)
        return self._card_page(noun, id_, term, list(shown), set(shown))

    @expose("/card/", methods=("POST",))
    def set_card_view(self) -> str | Response:
        """Keep the card, go back to the declared one, or, without the script, move one field up or down."""
        noun, id_, term = self._asked()
        form = request.form
        if form.get("up") or form.get("down"):
            return self._card_page(
                noun, id_, term, _moved(form.getlist("order")), set(form.getlist("column"))
            )
        if form.get("act") == "reset":
            set_card(actor(), noun, id_, term, None)
            flash(t("カードを元に戻しました。", "The card is reset."), "success")
        elif form.get("act") == "keep":
            set_card(actor(), noun, id_, term, form.getlist("column"))
            flash(t("カードを保存しました。次に開く入力画面から変わります。", "The card is saved; it holds for the next form that is opened."), "success")  # fmt: skip
        else:
            raise BadQuestion(("その操作はありません。", "There is no such action."))
        return redirect(url_for("institution.card_view", id=id_, noun=noun.name, term=term or None))

    def _asked(self) -> tuple[Noun, str, str]:
        id_, name = request.args.get("id", ""), request.args.get("noun", "item")
        permitted(actor(), self.noun, id_, "edit")
        if name not in NOUNS or not NOUNS[name].card:
            raise BadQuestion(("この記録にはカードがありません。", "Such records have no card."))
        noun, term = NOUNS[name], request.args.get("term", "")
        if term and term not in terms_of(noun):
            raise BadQuestion(("その種別はありません。", "There is no such type."))
        return noun, id_, term

    def _card_page(self, noun: Noun, id_: str, term: str, order: list[str], shown: set[str]) -> str:
        known = {each.name: each for each in offered(noun)}
        names = [each for each in dict.fromkeys([*order, *known]) if each in known]
        words = kind_of(noun.fields[noun.card_by]).options(noun.fields[noun.card_by]) if noun.card_by else {}
        own = cards_of(noun, id_)
        return render_template(
            "records/card_settings.html",
            noun=noun,
            house=id_,
            term=term,
            nouns=[each for each in NOUNS.values() if each.card],
            terms=[(code, w(said), code in own) for code, said in words.items()],
            choices=[(each, w(known[each].label), each in shown) for each in names],
            own=term in own if term else own.get("") != noun.card,
            moved=next(((way, name) for way in ("up", "down") if (name := request.form.get(way))), None),
            action=url_for("institution.card_view", id=id_, noun=noun.name, term=term or None),
            back_url=url_for("institution.details_view", id=id_),
        )


def _moved(order: list[str]) -> list[str]:
    name, step = (request.form["up"], -1) if request.form.get("up") else (request.form["down"], 1)
    if name in order:
        at = order.index(name)
        order.insert(max(0, at + step), order.pop(at))
    return order
