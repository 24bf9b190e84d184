"""A pattern for people: `No.#` or `(*)`. It cannot run away, whatever is typed and whatever stands in a cell.

`#` is one figure or more, `*` is anything (the shortest that fits); a backslash takes the next sign as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 40
"""Characters of a pattern."""
LONGEST_CELL = 1_000
"""A longer cell is left as it is: the work grows with the square of its length."""
WHERE = ("anywhere", "start", "end")
_PIECE = re.compile(r"\\(?P<literal>.)|(?P<figures>#)|(?P<any>\*+)|(?P<other>[^\\#*]+)", re.DOTALL)
_FIGURES = "[0-9０-９]"


def pattern_of(text: str, where: str = "anywhere") -> re.Pattern[str]:
    """The pattern as a regular expression without backtracking: every repetition is possessive.

    Args:
        where: one of WHERE.

    Raises:
        ValueError: it is empty, too long, matches everything, or `where` is not known.
    """
    pieces = _pieces(text)
    if where not in WHERE or len(text) > LONGEST or not any(kind != "any" for kind, _ in pieces):
        raise ValueError("pattern")
    written = "".join(_written(pieces, at) for at in range(len(pieces)))
    begins, ends = {"anywhere": ("", ""), "start": (r"\A\s*+", ""), "end": ("", r"\s*+\Z")}[where]
    return re.compile(f"{begins}{written}{ends}", re.DOTALL)


def _pieces(text: str) -> list[tuple[str, str]]:
    """(kind, sign) of each part of a pattern; letters that stand together are one part."""
    if re.search(r"(?<!\\)(?:\\\\)*\\\Z", text):
        raise ValueError("pattern")
    found: list[tuple[str, str]] = []
    for each in _PIECE.finditer(text):
        kind = "figures" if each["figures"] else "any" if each["any"] else "letters"
        said = each["literal"] or each["other"] or ""
        if kind == "letters" and found and found[-1][0] == "letters":
            said = found.pop()[1] + said
        found.append((kind, said))
    return found


def _written(pieces: list[tuple[str, str]], at: int) -> str:
    kind, said = pieces[at]
    if kind == "figures":
        return f"{_FIGURES}++"
    if kind == "letters":
        return re.escape(said)
    # Anything: up to where the next part begins, and to the end where there is none.
    following = next((each for each in pieces[at + 1 :] if each[0] != "any"), None)
    if following is None:
        return ".*+"
    return f"(?:(?!{_FIGURES if following[0] == 'figures' else re.escape(following[1])}).)*+"


@lru_cache(maxsize=200)
def _kept(text: str, where: str) -> re.Pattern[str]:
    return pattern_of(text, where)


def replaced(cell: str, pattern: str, put: str, where: str = "anywhere") -> str:
    """A cell with every match of a pattern replaced by `put`, as it is written; a cell over LONGEST_CELL as it is.

    Raises:
        ValueError: as pattern_of.
    """
    if len(cell) > LONGEST_CELL:
        return cell
    return _kept(pattern, where).sub(lambda _: put, cell)
