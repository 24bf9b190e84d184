"""docs/data-dictionary.md: every field of every noun and every vocabulary, written from the declarations in models/.

`python -m documents.data_dictionary` writes the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.places import PROJECT
from gate.fields.kinds import kind_of
from models.data_classes import LABELS, PERSONAL
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES, terms

FILE = PROJECT / "docs" / "data-dictionary.md"

INTRODUCTION = """\
# Data dictionary

Written from the declarations in `models/` by `.venv/bin/python -m documents.data_dictionary`; do not edit it by hand.

- **Field**: its stored name; a row's own fields stand below it as `field.part`. `*`: required.
- **Kind**: see `models/fields.py`. `system`: read and written by the panel alone, on no screen.
- **Class**: the kind of data, by which roles grant (`policies/`). Parts are shown and withheld with their field.
- **Use**: in lists. listed: a column from the start; searched: by words; sorted: by its column; filtered: by a
  condition. read-only: set by the panel, not typed.
- **Values**: the vocabulary of a choice, the answers of a yes or no, or the noun that a reference points to.
"""

HEADS = ("Field", "Kind", "日本語", "English", "Class", "Use", "Values")


def data_dictionary() -> str:
    """The whole file as text."""
    sections = [INTRODUCTION, _classes(), *map(_noun, NOUNS.values()), _vocabularies()]
    return "\n".join(sections)


def _classes() -> str:
    rows = ((f"`{each}`", ja, en, "yes" if each in PERSONAL else "") for each, (ja, en) in LABELS.items())
    return "## Data classes\n\n" + _table(("Class", "日本語", "English", "Personal"), rows)


def _noun(noun: Noun) -> str:
    ja, en = noun.label
    about = f"Collection `{noun.document._get_collection_name()}`, number `{noun.number}`.\n\n"
    rows = (row for field in noun for row in _rows(field))
    return f"## {noun.name}: {ja}, {en}\n\n{about}" + _table(HEADS, rows)


def _rows(field: Field, within: str = "") -> Iterator[tuple[str, ...]]:
    """One row for the field, and one for each of its parts."""
    declared = field.declared
    uses = {
        "listed": declared.listed,
        "searched": declared.searched,
        "sorted": declared.sorted,
        "filtered": declared.filtered,
        "read-only": declared.kept_by_system,
    }
    name = within + field.name
    yield (
        f"`{name}`" + (" *" if field.required else ""),
        kind_of(field).name,
        *field.label,
        str(field.data_class),
        ", ".join(use for use, so in uses.items() if so),
        _values(field),
    )
    for part in field.parts:
        yield from _rows(part, f"{name}.")


def _values(field: Field) -> str:
    declared = field.declared
    if declared.vocabulary:
        return f"[{declared.vocabulary}](#vocabulary-{declared.vocabulary})"
    if kind_of(field).has_answers:
        return " / ".join(f"{ja} {en}" for ja, en in declared.answers)
    return f"→ {declared.target}" if declared.target else ""


TERMS = (
    "A vocabulary begins with these terms. Institutions rename, sort, add, retire and merge theirs under Settings; the API's "
    "schema (`x-terms`) tells those that hold for the token's institution."
)


def _vocabularies() -> str:
    parts = [f"## Vocabularies\n\n{TERMS}\n"]
    for name in VOCABULARIES:
        rows = ((f"`{code}`", ja, en) for code, (ja, en) in terms(name).items())
        parts.append(f"### Vocabulary {name}\n\n" + _table(("Code", "日本語", "English"), rows))
    return "\n".join(parts)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in line)} |\n" for line in lines)


if __name__ == "__main__":
    FILE.write_text(data_dictionary(), encoding="utf-8")
