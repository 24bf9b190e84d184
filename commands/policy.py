"""`flask policy`: what the roles grant, and why one field is shown or withheld."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.table import Table

from accounts.accounts import standing
from accounts.operating import account_named, every_role
from commands.opening import StoreGroup
from commands.words import results, said, stop
from models.data_classes import DataClass
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import SCOPES, Role
from policies.effects import LABELS, Effect
from policies.exits import ACTIONS, EXITS, NEEDS
from policies.verdict import Ask, Verdict, decide, granted
from roles.overview import lines

_MARKS = {Effect.HIDE: "-", Effect.MASK: "m", Effect.SHOW: "s", Effect.EDIT: "E"}
_noun = click.Choice(sorted(NOUNS))


@click.group(cls=StoreGroup, help="権限を確かめる。 / Look at what policies decide.")
def policy() -> None:
    """See the help above."""


@policy.command(
    help="役割ごとに、できることと見え方(E 更新、s 表示、m 一部、- 非表示)。上限を当てたあとの結果。 / For each role its actions and, "
    "per class of data, E edit, s show, m mask, - hide, with the ceilings applied."
)
@click.option("--role", help="この役割だけ(コード) / Only this role, by code")
@click.option("--noun", type=_noun, help="この種類だけ / Only this noun")
@click.option("--exits", is_flag=True, help="経路ごとに分ける / By exit")
def matrix(role: str | None, noun: str | None, exits: bool) -> None:
    """See the help above."""
    shown = [(institution, each) for institution, code, each in every_role() if role in (None, code)]
    if not shown:
        stop("その役割はありません。", "There is no such role.")
    out = results()
    if exits:
        for institution, each in shown:
            for name in [noun] if noun else NOUNS:
                _by_exit(each, institution, NOUNS[name])
        return
    for institution, each in shown:
        classes = [name for name in DataClass if name is not DataClass.SECRET]
        title = f"{each.name[0]} / {each.name[1]} ({institution})"
        table = Table("noun", "scope", *(str(name)[:8] for name in classes), "actions", title=title, box=None)
        for name in [noun] if noun else NOUNS:
            for scope in SCOPES:
                if granted(each, name, "read", scope):
                    table.add_row(*_row(each, name, scope, classes))
        out.print(table)


def _by_exit(role: Role, institution: str, noun: Noun) -> None:
    title = f"{role.name[0]} / {role.name[1]} ({institution}) – {noun.name}"
    table = Table("scope", "class", *EXITS, title=title, box=None)
    for scope in SCOPES:
        if granted(role, noun.name, "read", scope):
            for data_class, seen in lines(role, noun, scope):
                marks = ("".join(_MARKS[each] for each in seen[exit_]) for exit_ in EXITS)
                table.add_row(scope, str(data_class), *marks)
    if table.row_count:
        results().print(table)


def _row(role: Role, noun: str, scope: str, classes: Sequence[DataClass]) -> list[str]:
    held = dict(lines(role, NOUNS[noun], scope))
    seen = ["".join(_MARKS[one] for one in held[each]["detail"]) if each in held else "" for each in classes]
    acts = [action for action in ACTIONS if granted(role, noun, action, scope)]
    return [noun, scope, *seen, " ".join(acts)]


@policy.command(
    help="ある人に、ある項目がどう見えるかと、その理由。 / How one person gets one field, and why."
)
@click.argument("login")
@click.argument("noun", type=_noun)
@click.argument("field")
@click.option(
    "--exit",
    "exit_",
    type=click.Choice(sorted(NEEDS)),
    default="detail",
    show_default=True,
    help="経路 / Exit",
)
@click.option(
    "--institution",
    help="所属館(省けば閲覧できる館すべて) / Institution of the record; all visible ones if omitted",
)
def explain(login: str, noun: str, field: str, exit_: str, institution: str | None) -> None:
    """See the help above."""
    found = standing(account_named(login) or "")
    if found is None:
        stop(f"アカウント「{login}」は使えません。", f"The account {login} cannot be used.")
    declared = NOUNS[noun].fields.get(field)
    if declared is None:
        known = "、".join(each.name for each in NOUNS[noun] if not each.is_system)
        stop(
            f"項目「{field}」はありません。あるもの: {known}",
            f"There is no field {field}. There are: {known}",
        )
    houses = [institution] if institution else [found.actor.institution, *sorted(found.actor.supervised)]
    for house in houses:
        ask = Ask(noun, field, str(declared.data_class), exit_, house)
        click.echo(_verdict_line(house, decide(found.actor, ask)))


def _verdict_line(institution: str, verdict: Verdict) -> str:
    """Describe a verdict in one line: effect, mask, rule and reason."""
    effect = f"{LABELS[verdict.effect][0]} / {LABELS[verdict.effect][1]}"
    mask = f" mask={verdict.mask}" if verdict.effect is Effect.MASK else ""
    return f"{institution}: {effect}{mask} [{verdict.rule}] {said(verdict.reason)}"
