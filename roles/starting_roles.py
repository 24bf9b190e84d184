"""The starting roles: what each kind of account of the surface may do. Administrators change them on screen."""

from __future__ import annotations

from dataclasses import dataclass

from models.data_classes import Words
from models.registry import NOUNS

Actions = dict[str, dict[str, list[str]]]
Effects = dict[str, dict[str, dict[str, str]]]

MUSEUM = ("item", "media", "donor", "loan", "exhibition")
REGISTERS = ("handler", "training")
PAPERS = ("work_request", "takeout", *REGISTERS)
WORK = [
    "read", "create", "edit", "remove", "export", "print", "file", "history", "reveal", "lookup", "import",
    "takeout",
]  # fmt: skip
LOOK = ["read", "print", "file"]
# A token of the API is a paper of one's own house: other houses' records stay on the screen.
CONNECTED = [*WORK, "api"]

# Of a paper that another person decides on: asked for, carried out at the door, printed, never removed.
ASKED = ["read", "create", "edit", "export", "print", "history"]

TERMS = ("read", "create", "edit", "history")
"""Of vocabularies: a term is retired and never removed."""

OPEN = {"public": "show", "internal": "show"}
KEEPS = {
    "public": "edit", "internal": "edit", "identity": "edit", "contact": "edit", "birth": "edit",
    "circulation": "edit", "notes": "edit", "restricted": "edit",
}  # fmt: skip
MASKED = {
    "public": "show", "internal": "show", "identity": "mask", "contact": "mask", "birth": "mask",
    "circulation": "mask", "notes": "mask",
}  # fmt: skip


@dataclass(frozen=True)
class StartingRole:
    """A role document before it has an institution."""

    code: str
    name: Words
    kind: str
    description: str
    actions: Actions
    effects: Effects

    def __post_init__(self) -> None:
        """Leave out classes that a noun has no field of: a grant over nothing is beyond any ceiling."""
        for noun, scopes in self.effects.items():
            held = {str(field.data_class) for field in NOUNS[noun]}
            for scope, subjects in scopes.items():
                scopes[scope] = {
                    each: effect
                    for each, effect in subjects.items()
                    if each in held or each.startswith("field:")
                }


def _houses(actions: Actions, effects: Effects) -> tuple[Actions, Effects]:
    """Everybody may see which institutions there are; only administrators see the rest of the operation."""
    for scope in ("own", "supervised"):
        actions.setdefault("institution", {}).setdefault(scope, ["read"])
        effects.setdefault("institution", {}).setdefault(scope, {"public": "show"})
        actions.setdefault("user", {}).setdefault(scope, [])
    return actions, effects


def _administrator() -> StartingRole:
    operated = ["read", "create", "edit", "remove", "history"]
    scopes = ("own", "supervised")
    actions: Actions = {
        noun: {scope: list(operated) for scope in scopes} for noun in ("user", "role", "institution")
    }
    effects: Effects = {
        noun: {scope: {"public": "edit", "internal": "edit"} for scope in scopes}
        for noun in ("user", "role", "institution")
    }
    actions["term"] = {scope: list(TERMS) for scope in scopes}
    effects["term"] = {scope: {"public": "edit", "internal": "show"} for scope in scopes}
    for noun in (*MUSEUM, "book", "plan"):
        actions[noun] = {scope: ["read"] for scope in scopes}
        effects[noun] = {scope: dict(OPEN) for scope in scopes}
    for noun in ("takeout", *REGISTERS):
        actions[noun] = {scope: ["read", "history"] for scope in scopes}
        effects[noun] = {scope: dict(OPEN) for scope in scopes}
    actions["work_request"] = {scope: ["read", "approve", "print", "history"] for scope in scopes}
    effects["work_request"] = {scope: dict(OPEN) for scope in scopes}
    return StartingRole(
        "administrator", ("システム管理者", "Administrator"), "administrator",
        "館・アカウント・役割を扱います。個人情報は見ません。", actions, effects,
    )  # fmt: skip


def _manager() -> StartingRole:
    actions: Actions = {}
    effects: Effects = {}
    for noun in MUSEUM:
        actions[noun] = {
            "own": list(WORK),
            # To import: as a witness, who checks and signs off what a museum has brought in.
            "supervised": ["read", "edit", "print", "file", "history", "reveal", "audit", "import"],
        }
        effects[noun] = {"own": dict(KEEPS), "supervised": {**MASKED, "restricted": "show"}}
    # The section checks: it sends work back and passes it, and leaves the facts to the museums.
    effects["item"]["supervised"] |= {"field:input_status": "edit", "field:check_comment": "edit"}
    for noun in ("donor", "media", "loan", "exhibition"):
        actions[noun]["supervised"].remove("edit")
    actions["item"]["supervised"].append("export")
    actions["plan"] = {scope: [*ASKED, "remove"] for scope in ("own", "supervised")}
    effects["plan"] = {scope: dict(KEEPS) for scope in ("own", "supervised")}
    for noun in REGISTERS:
        actions[noun] = {"own": list(ASKED), "supervised": [*ASKED, "audit"]}
        effects[noun] = {scope: dict(KEEPS) for scope in ("own", "supervised")}
    actions["takeout"] = {"own": list(ASKED), "supervised": ["read", "edit", "print", "history", "audit"]}
    effects["takeout"] = {scope: dict(KEEPS) for scope in ("own", "supervised")}
    actions["work_request"] = {
        "own": [*ASKED, "approve"],
        "supervised": ["read", "approve", "print", "history", "audit"],
    }
    effects["work_request"] = {"own": dict(KEEPS), "supervised": dict(MASKED)}
    return StartingRole(
        "manager", ("管理(所管課)", "Manager"), "manager",
        "所管の館の進み具合と内容を点検します。個人情報は伏せて見え、目的を示して表示できます。", *_houses(actions, effects),
    )  # fmt: skip


def _staff() -> StartingRole:
    actions: Actions = {noun: {"own": list(CONNECTED), "supervised": list(LOOK)} for noun in MUSEUM}
    actions["institution"] = {"own": ["read", "api"]}
    effects: Effects = {noun: {"own": dict(KEEPS), "supervised": dict(MASKED)} for noun in MUSEUM}
    actions["donor"]["supervised"] = ["read"]
    actions["plan"], effects["plan"] = {"own": ["read", "export", "print"]}, {"own": dict(OPEN)}
    for noun in PAPERS:
        actions[noun], effects[noun] = {"own": [*ASKED, "api"]}, {"own": dict(KEEPS)}
    return StartingRole(
        "staff", ("学芸員・職員", "Museum staff"), "staff",
        "自館の資料を登録・更新します。ほかの館の個人情報は伏せて見えます。", *_houses(actions, effects),
    )  # fmt: skip


def _librarian() -> StartingRole:
    actions: Actions = {noun: {"own": list(CONNECTED)} for noun in ("patron", "book", "media")}
    actions["institution"] = {"own": ["read", "api"]}
    effects: Effects = {noun: {"own": dict(KEEPS)} for noun in ("patron", "book", "media")}
    for noun in PAPERS:
        actions[noun], effects[noun] = {"own": [*ASKED, "api"]}, {"own": dict(KEEPS)}
    return StartingRole(
        "librarian", ("図書館員", "Librarian"), "librarian",
        "利用者カードと図書を扱います。", *_houses(actions, effects),
    )  # fmt: skip


def _auditor(nouns: tuple[str, ...]) -> StartingRole:
    scopes = ("own", "supervised")
    operated = ("user", "role", "institution", "term")
    actions: Actions = {noun: {scope: ["read", "history", "audit"] for scope in scopes} for noun in nouns} | {
        noun: {scope: ["read", "history"] for scope in scopes} for noun in operated
    }
    effects: Effects = {noun: {scope: dict(MASKED) for scope in scopes} for noun in nouns}
    effects |= {noun: {scope: dict(OPEN) for scope in scopes} for noun in operated}
    return StartingRole(
        "auditor", ("監査", "Auditor"), "auditor",
        "記録と履歴を読みます。個人情報は伏せて見え、何も変えません。", actions, effects,
    )  # fmt: skip


def _contractor() -> StartingRole:
    nouns = ("item", "media", "exhibition")
    actions: Actions = {noun: {"own": ["read"], "supervised": ["read"]} for noun in nouns}
    effects: Effects = {noun: {"own": dict(OPEN), "supervised": dict(OPEN)} for noun in nouns}
    return StartingRole(
        "contractor", ("委託事業者", "Contractor"), "contractor",
        "承認された作業のあいだだけ、個人情報を除いて画面を確かめます。", *_houses(actions, effects),
    )  # fmt: skip


WARD_ROLES = (_administrator(), _manager(), _staff(), _auditor((*MUSEUM, *PAPERS, "plan")), _contractor())
CITY_ROLES = (_administrator(), _librarian(), _auditor(("patron", "book", "media", *PAPERS)))
