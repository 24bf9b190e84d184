"""The accounts of the surface as policies see them, made from the starting roles without a store."""

from policies.actor import Actor, Role
from roles.starting_roles import CITY_ROLES, WARD_ROLES, StartingRole

WARD = {"section", "shinjuku", "soseki"}


def role_of(starting: StartingRole) -> Role:
    return Role.from_document(
        role_id=starting.code,
        name=starting.name,
        kind=starting.kind,
        actions=starting.actions,
        effects=starting.effects,
    )


def person(role: Role, institution: str) -> Actor:
    """An actor of that role: the ward's three institutions reach each other, the city's library stands alone."""
    circle = WARD if institution in WARD else {institution}
    return Actor(f"id-{role.id}", role.id, institution, frozenset(circle - {institution}), role)


def _of(roles: tuple[StartingRole, ...], code: str) -> Role:
    return next(role_of(each) for each in roles if each.code == code)


PEOPLE = {
    "administrator": person(_of(WARD_ROLES, "administrator"), "section"),
    "manager": person(_of(WARD_ROLES, "manager"), "section"),
    "staff": person(_of(WARD_ROLES, "staff"), "shinjuku"),
    "auditor": person(_of(WARD_ROLES, "auditor"), "section"),
    "contractor": person(_of(WARD_ROLES, "contractor"), "section"),
    "city administrator": person(_of(CITY_ROLES, "administrator"), "kaizu"),
    "librarian": person(_of(CITY_ROLES, "librarian"), "kaizu"),
    "city auditor": person(_of(CITY_ROLES, "auditor"), "kaizu"),
}


def house(actor: Actor, scope: str) -> str:
    """An institution that is own, supervised or other to this actor."""
    if scope == "own":
        return actor.institution
    if scope == "supervised":
        return "soseki"
    return "kaizu" if actor.institution in WARD else "shinjuku"
