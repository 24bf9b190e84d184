"""The columns of a list: the declared ones, or those that this person chose and put in order."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.lists.columns import choose_columns, forget_columns, kept, offered
from gate.refusals import BadQuestion
from models.declaration import Field, Noun
from views.records.list.filters import list_to, list_url, opened_up, without
from views.records.list.open_view import opened_here
from views.records.list.questions import question_from
from views.requests.current_actor import actor
from words import t, w


class ColumnMixin:
    """`/columns/`."""

    noun: Noun

    def columns(self) -> list[Field]:
        """The columns of the list, number first."""
        view = opened_here(self.noun)
        chosen = view.columns if view and view.columns is not None else g.account.columns.get(self.noun.name)
        return self.declared_columns() if chosen is None else self.columns_named(chosen)

    def declared_columns(self) -> list[Field]:
        """As the noun declares them; the institution where there are several."""
        listed = [field for field in self.noun if field.declared.listed]
        if len(g.account.houses) > 1 and not self.noun.is_institution:
            listed.append(self.noun.fields["institution"])
        return listed

    def columns_named(self, names: tuple[str, ...]) -> list[Field]:
        """Those of these names that this person may see in lists, behind the number; pictures stand before it anyway."""
        pictures = [each for each in self.noun if each.declared.listed and each.is_picture]
        return [self.noun.fields[self.noun.number], *kept(actor(), self.noun, names), *pictures]

    @expose("/columns/")
    def columns_page(self) -> str:
        """Which columns, in which order."""
        question_from(self.noun, request.args)
        shown = [each.name for each in self.columns()]
        rest = [each.name for each in offered(actor(), self.noun) if each.name not in shown]
        return self._columns_page([*shown, *rest], set(shown))

    @expose("/columns/", methods=("POST",))
    def choose(self) -> Response | str:
        """Keep the choice or go back to the declared columns; without the script, move one up or down."""
        question, form = question_from(self.noun, request.args), request.form
        if form.get("act") == "reset":
            forget_columns(actor(), self.noun)
            flash(t("列を元に戻しました。", "The columns are reset."), "success")
        elif form.get("act") == "keep":
            choose_columns(actor(), self.noun, form.getlist("column"))
            flash(t("列を保存しました。", "The columns are saved."), "success")
        elif form.get("up") or form.get("down"):
            return self._columns_page(_moved(form.getlist("order")), set(form.getlist("column")))
        else:
            raise BadQuestion(("その操作はありません。", "There is no such action."))
        rest = without(request.args, "after", "before")
        view = opened_here(self.noun)
        if view and view.columns is not None:  # it would bring its own columns again
            rest = opened_up(rest, question)
            flash(
                t(f"「{view.name}」には別の列が保存されているので、その条件だけを開きました。",
                  f"“{view.name}” has columns of its own, so only its conditions are open."), "notice",
            )  # fmt: skip
        return redirect(list_url(self.noun, rest))

    def _columns_page(self, order: list[str], shown: set[str]) -> str:
        known = {each.name: each for each in offered(actor(), self.noun)}
        order = [each for each in dict.fromkeys([*order, *known]) if each in known]
        rest = without(request.args, "after", "before")
        return render_template(
            "records/columns.html",
            noun=self.noun,
            number=self.noun.fields[self.noun.number].label,
            choices=[(each, w(known[each].label), each in shown) for each in order],
            chosen=self.noun.name in g.account.columns,
            moved=next(((way, name) for way in ("up", "down") if (name := request.form.get(way))), None),
            action=list_to(self.noun, "columns_page", rest),
            back_url=list_url(self.noun, rest),
        )


def _moved(order: list[str]) -> list[str]:
    name, step = (request.form["up"], -1) if request.form.get("up") else (request.form["down"], 1)
    if name in order:
        at = order.index(name)
        order.insert(max(0, at + step), order.pop(at))
    return order
