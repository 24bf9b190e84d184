"""Each kind of field as JSON Schema (2020-12, as OpenAPI 3.1 uses it), with its labels and its class of data."""

from __future__ import annotations

from gate.fields.kinds.kind import TEXT, Schema, kind_of
from models.declaration import Field, Noun
from views.api.shape import api_fields
from workflows.engine.registry import workflows_of


def record_of(noun: Noun) -> Schema:
    """The schema of one noun's record."""
    fields = {each.name: field_schema(each) for each in api_fields(noun)}
    return {
        "type": "object",
        "title": noun.label[1],
        "x-label": _both(noun.label),
        **_workflows(noun),
        "required": ["id", "institution", "revision", "label", "fields"],
        "properties": {
            "id": TEXT,
            "institution": TEXT,
            "revision": {"type": "integer"},
            "label": TEXT,
            "fields": {
                "type": "object",
                "required": list(fields),
                "properties": fields,
                "additionalProperties": False,
            },
        },
    }


def _workflows(noun: Noun) -> Schema:
    """The states of its records and the acts between them, as their tables declare them."""
    found = [
        {
            "name": each.name,
            "field": each.state_field or None,
            "states": {state.code: _both(state.words) for state in each.states},
            "acts": [
                {"name": act.name, "from": list(act.from_), "to": act.to or None, "x-label": _both(act.words)}
                for act in each.acts
            ],
        }
        for each in workflows_of(noun.name)
    ]
    return {"x-workflows": found} if found else {}


def field_schema(field: Field) -> Schema:
    """A field: its value, or what stands where the value is masked or withheld."""
    kind = kind_of(field)
    forms = [kind.schema(field), *([] if kind.never_null else [{"type": "null"}])]
    said: Schema = {
        "title": field.label[1],
        "x-label": _both(field.label),
        "x-kind": kind.name,
        "x-data-class": str(field.data_class),
        "anyOf": [
            *forms,
            {"$ref": "#/components/schemas/Masked"},
            {"$ref": "#/components/schemas/Withheld"},
        ],
    }
    if field.declared.help[0]:
        said |= {"description": field.declared.help[1], "x-help": _both(field.declared.help)}
    if field.declared.unit[0]:
        said["x-unit"] = _both(field.declared.unit)
    if field.declared.target:
        said["x-refers-to"] = field.declared.target
    return said


def _both(words: tuple[str, str]) -> dict[str, str]:
    return {"ja": words[0], "en": words[1]}
