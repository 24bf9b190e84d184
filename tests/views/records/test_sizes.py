"""Sizes on the form: as the ledger has them in one box, read into rows; what is not understood is told and kept."""

from __future__ import annotations

from typing import Any

from tests.views.panel import Panel, Person


def _saved(panel: Panel, person: Person, url: str, **typed: str) -> tuple[dict[str, Any], str]:
    """The record after a form was sent, and the page that follows."""
    sent = person.form(url).to_dict() | typed
    answer = person.post(url, sent)
    assert answer.status_code == 302, answer.text
    id_ = answer.location.partition("id=")[2]
    return panel.stored("item", id_) or {}, person.get(answer.location).text


def _told(stored: dict[str, Any]) -> list[str]:
    return [
        " ".join(
            str(each[name]) for name in ("part", "dimension", "accuracy", "value", "unit") if each.get(name)
        )
        for each in stored.get("dimensions", [])
    ]


def test_sizes_are_written_in_one_box(panel: Panel, shinjuku: Person) -> None:
    stored, _ = _saved(panel, shinjuku, "/admin/item/new/", title="絵図", dimensions_text="24.5×36.2")
    assert stored["dimensions_text"] == "24.5×36.2"
    assert _told(stored) == ["height 24.5 cm", "width 36.2 cm"]
    url = f"/admin/item/edit/?id={stored['_id']}"
    changed, page = _saved(panel, shinjuku, url, dimensions_text="口径約12.3cm　両手ほど")
    assert _told(changed) == ["口 diameter about 12.3 cm"]
    assert changed["dimensions_text"] == "口径約12.3cm　両手ほど"
    assert "寸法」として読めなかったところがあります: 両手ほど" in page
    # Saved once more, nothing changes, and nothing is told again.
    again, page = _saved(panel, shinjuku, url)
    assert (again["revision"], again["dimensions"]) == (changed["revision"], changed["dimensions"])
    assert "読めなかった" not in page


def test_several_sizes_in_the_box_of_one_become_rows(panel: Panel, shinjuku: Person) -> None:
    typed = {"dimensions-0.value": "24.5×36.2", "dimensions-0.unit": "mm", "dimensions-0.part": "本紙"}
    stored, _ = _saved(panel, shinjuku, "/admin/item/new/", title="絵図", **typed)
    assert _told(stored) == ["本紙 height 24.5 mm", "本紙 width 36.2 mm"]
    sent = shinjuku.form("/admin/item/new/").to_dict() | {"title": "絵図", "dimensions-0.value": "24,5×36"}
    refused = shinjuku.post("/admin/item/new/", sent)
    assert refused.status_code == 400
    assert "「24,5×36」は登録できません" in refused.text


def test_rows_given_by_hand_stay_when_the_text_beside_them_changes(panel: Panel, shinjuku: Person) -> None:
    rows = [{"dimension": "height", "value": "12.50", "unit": "cm"}]
    id_ = panel.make("item", "shinjuku", title="壺", dimensions=rows)
    before = (panel.stored("item", id_) or {})["dimensions"]
    url = f"/admin/item/edit/?id={id_}"
    stored, _ = _saved(panel, shinjuku, url, dimensions_text="径30cm")
    assert stored["dimensions"] == before
    assert stored["outbox"][-1]["fields"] == ["dimensions_text"]
