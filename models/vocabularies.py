"""The controlled vocabularies: what each is called and what may be changed of it, and the terms that the reader has now.

Terms are data: they lie in the store (models.term), for a government or for one of its institutions. Whoever begins a
request or a job says whose terms hold in it (`use`); everything below asks here. Where nobody said, the starting terms hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from models.data_classes import Words
from models.starting_terms import STARTING_TERMS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the code knows of a vocabulary."""

    label: Words
    is_open: bool = False
    """Whether people may add, retire and merge terms. Of a closed one the code decides by its terms; people may rename
    and sort them."""
    needed: frozenset[str] = frozenset()
    """Of an open one: the codes that the code depends on. They can be renamed, and neither retired nor merged away."""


def _open(ja: str, en: str, *needed: str) -> Vocabulary:
    return Vocabulary((ja, en), is_open=True, needed=frozenset(needed))


def _closed(ja: str, en: str) -> Vocabulary:
    return Vocabulary((ja, en))


VOCABULARIES: dict[str, Vocabulary] = {
    "object_type": _open("資料種別", "Object types"),
    "acquisition_method": _open("受入区分", "Acquisition methods"),
    "media_view": _open("写真の向き", "Views of photographs"),
    "media_rights": _open("写真の権利", "Rights in photographs", "unknown"),
    "purpose": _open("個人情報の利用目的", "Purposes of personal data", "donation", "library_card"),
    "collected_from": _open("個人情報の取得先", "Sources of personal data", "person"),
    "use_purpose": _open("個人情報を見る・使う目的", "Purposes of seeing and using personal data", "check"),
    "takeout_medium": _open("持ち出す媒体", "Media of data releases", "paper"),
    "takeout_end": _open("持ち出しの終わり方", "Ends of data releases"),
    "work_place": _open("作業場所", "Places of work", "machine_room"),
    "patron_category": _open("利用者区分", "Patron categories", "general"),
    "sex": _open("性別", "Sex"),
    "rank": _closed("ランク", "Ranks"),
    "rank_group": _closed("ランクの区分", "Groups of ranks"),
    "input_status": _closed("入力状況", "Input status"),
    "dimension": _closed("寸法の種別", "Dimensions"),
    "unit": _closed("単位", "Units"),
    "accuracy": _closed("精度", "Accuracy"),
    "certainty": _closed("確度", "Certainty"),
    "donor_standing": _closed("寄贈者・寄託者の区分", "Donor or depositor"),
    "party": _closed("個人・団体", "Person or body"),
    "book_status": _closed("図書の状態", "Book status"),
    "loan_direction": _closed("貸借の区分", "Directions of loans"),
    "loan_status": _closed("貸借の状況", "Loan status"),
    "exhibition_status": _closed("展覧会の状況", "Exhibition status"),
    "handler_standing": _closed("取扱者の区分", "Standing of handlers"),
    "work_status": _closed("作業申請の状況", "Work request status"),
    "institution_kind": _closed("館の種別", "Kinds of institution"),
    "originals": _closed("画像の原本", "Originals of pictures"),
    "colour": _closed("目印の色", "Colours"),
    "role_kind": _closed("役割の種類", "Kinds of role"),
    "second_factor": _closed("第2要素", "Second factor"),
    "language": _closed("画面の言語", "Languages"),
    "vocabulary": _closed("語彙", "Vocabularies"),
}
"""In the order of the page of settings: those that people extend first. `vocabulary` names the others in the records of
terms; its own terms are this table, and no data."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term as the store has it."""

    code: str
    label: Words
    institution: str = ""
    """Whose it is; "" of a starting term that no store holds yet."""
    retired: bool = False
    """It is shown where records bear it, and found; it is not offered for new values."""
    aliases: tuple[str, ...] = ()
    """What it, or a term that was merged into it, was called before: imports and searches know it by these too."""
    merged_into: str = ""
    """The code of the term that took its place."""
    order: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to name it: labels first, then what it was called, its code last."""
        return (*self.label, *self.aliases, self.code)


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of one government. It never changes: a change makes another."""

    shared: str
    """The institution whose terms hold for all of them."""
    known: Mapping[str, Mapping[str, Term]]
    """Vocabulary → code → term, in their order."""
    _kept: dict[tuple[str, ...], dict[str, Words]] = field(default_factory=dict, repr=False, compare=False)
    _keys: dict[str, Mapping[str, frozenset[str]]] = field(default_factory=dict, repr=False, compare=False)

    def of(self, vocabulary: str) -> Mapping[str, Term]:
        """Code → term, retired ones too.

        Raises:
            KeyError: no such vocabulary.
        """
        return self.known[vocabulary]

    def labels(self, vocabulary: str) -> dict[str, Words]:
        """Code → label, retired ones too."""
        return self._once((vocabulary,), lambda: self.of(vocabulary).values())

    def offered(self, vocabulary: str, institution: str) -> dict[str, Words]:
        """Code → label of what a record of this institution may newly bear; "": of any institution."""
        return self._once((vocabulary, institution), lambda: self._holding(vocabulary, institution))

    def asked(self, vocabulary: str) -> dict[str, Words]:
        """Code → label of what can be filtered by: retired terms come last and are said to be retired."""
        key = (vocabulary, "", "asked")
        if key not in self._kept:
            gone = (each for each in self.of(vocabulary).values() if each.retired and not each.merged_into)
            said = {each.code: (f"{each.label[0]}(廃止)", f"{each.label[1]} (retired)") for each in gone}
            self._kept[key] = self.offered(vocabulary, "") | said
        return self._kept[key]

    def find(self, vocabulary: str, institution: str, text: str) -> Term | None:
        """The term that is called so at this institution: by code, label or what it was called before.

        Of several, one that is offered comes first. A merged term is given as the one that took its place.
        """
        known = self.of(vocabulary)
        coded = known.get(text)
        if coded is not None and self.holds(coded, institution):
            return self.follow_merges(vocabulary, coded)
        # Of a sister institution's term the own one of that name is meant.
        name = coded.label[0] if coded else text
        found = [each for each in known.values() if self.holds(each, institution) and name in each.names]
        found.sort(key=lambda each: (each.retired, name not in each.label))
        return self.follow_merges(vocabulary, found[0]) if found else None

    def words(self, vocabulary: str, institution: str = "") -> dict[str, str]:
        """Every name of what is offered → its code; a label comes before what another term was called."""
        found: dict[str, str] = {}
        offered_ = self.offered(vocabulary, institution)
        for at in (0, 1):
            for term in self.of(vocabulary).values():
                then = self.follow_merges(vocabulary, term).code
                if then in offered_ and self.holds(term, institution):
                    for name in term.aliases if at else (term.code, *term.label):
                        found.setdefault(name, then)
        return found

    def follow_merges(self, vocabulary: str, term: Term) -> Term:
        """The term that took its place, by way of however many merges; itself where none did."""
        known, seen = self.of(vocabulary), {term.code}
        while (then := known.get(term.merged_into)) is not None and then.code not in seen:
            seen.add(then.code)
            term = then
        return term

    def holds(self, term: Term, institution: str) -> bool:
        """Whether a term is for the records of this institution."""
        return not institution or term.institution in ("", self.shared, institution)

    def _holding(self, vocabulary: str, institution: str) -> Iterator[Term]:
        return (
            each
            for each in self.of(vocabulary).values()
            if not each.retired and self.holds(each, institution)
        )

    def named(self, vocabulary: str, key_of: Callable[[str], str]) -> Mapping[str, frozenset[str]]:
        """The search key of a label, of what stands between its dots, or of a former name → the codes called so.

        Args:
            key_of: makes a search key of a text; always the same function.
        """
        if vocabulary not in self._keys:
            found: dict[str, set[str]] = {}
            for term in self.of(vocabulary).values():
                for name in (*term.label, *term.label[0].split("・"), *term.aliases):
                    found.setdefault(key_of(name), set()).add(term.code)
            self._keys[vocabulary] = {key: frozenset(codes) for key, codes in found.items()}
        return self._keys[vocabulary]

    def _once(self, key: tuple[str, ...], of: Callable[[], Iterable[Term]]) -> dict[str, Words]:
        if key not in self._kept:
            self._kept[key] = {each.code: each.label for each in of()}
        return self._kept[key]


STEP = 10
"""Between the orders of two starting terms."""


def starting_terms(vocabulary: str) -> dict[str, Term]:
    """Code → the term that a vocabulary begins with, in their order."""
    said = STARTING_TERMS.get(vocabulary) or {name: each.label for name, each in VOCABULARIES.items()}
    return {code: Term(code, label, order=at * STEP) for at, (code, label) in enumerate(said.items(), 1)}


def with_starting(shared: str, stored: Mapping[str, Mapping[str, Term]]) -> Terms:
    """The terms of a government: those of its store, and the starting ones that it does not hold yet. None is ever removed.

    Args:
        shared: the institution whose terms hold for all.
        stored: vocabulary → code → term.
    """
    return Terms(
        shared,
        {
            name: dict(sorted(
                {**starting_terms(name), **stored.get(name, {})}.items(),
                key=lambda each: (each[1].order, each[1].institution not in ("", shared), each[0]),
            ))
            for name in VOCABULARIES
        },
    )  # fmt: skip


_STARTING = with_starting("", {})
_present: ContextVar[Terms] = ContextVar("terms", default=_STARTING)


def use(found: Terms | None) -> None:
    """Let these terms hold for what this thread does from now on; None: the starting ones."""
    _present.set(found or _STARTING)


def present() -> Terms:
    """The terms that hold now."""
    return _present.get()


def terms(vocabulary: str) -> dict[str, Words]:
    """The codes and labels of a vocabulary, retired ones too: for code that shows, counts or filters by them.

    Raises:
        KeyError: no such vocabulary.
    """
    return _present.get().labels(vocabulary)


def offered(vocabulary: str, institution: str = "") -> dict[str, Words]:
    """The codes and labels that may be chosen for a record of this institution; "": of any within reach.

    Raises:
        KeyError: no such vocabulary.
    """
    return _present.get().offered(vocabulary, institution)
