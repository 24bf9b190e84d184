"""Records of nouns are written by the pipeline's last step; whatever else writes into their collections stands here."""

import ast
from collections.abc import Iterator

from tests.architecture.floors import modules, nodes_of

WRITES = frozenset({
    "insert_one", "insert_many", "update_one", "update_many", "replace_one", "bulk_write", "delete_one", "delete_many",
    "find_one_and_update", "find_one_and_replace", "find_one_and_delete",
})  # fmt: skip
WRITERS = {
    "gate.writing.storing": "the last step of the pipeline",
    "gate.writing.derived_values": "what follows from a record is worked out again, which is no edit",
    "gate.lists.columns": "a person's columns are no field of the account",
    "gate.lists.saved_views": "saved views are no field of an account or institution",
    "workflows.engine.operations": "the mark of an operation that is over is taken off",
    "accounts.credentials": "credentials are changed by their owner alone, and have no history",
    "accounts.sign_in.attempt": "when somebody signed in",
    "accounts.sign_in.second_factor": "the step of the last code",
    "vocabularies.state": "the state of an institution's terms is no field that people write",
    "operations.upgrade.steps.step_0005_field_seals": "salts of records that were never sealed; no value changes",
    "roles.rights": "the list that holds “never without an administrator”",
}
"""Module → why it writes into a collection of nouns."""


def _writers() -> Iterator[str]:
    for name, path in modules().items():
        if name.split(".")[0] in ("tests", "benchmarks"):
            continue
        nodes = nodes_of(path.read_text(encoding="utf-8"))
        held = {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign) and _is_collection(node.value, set())
            for target in node.targets
            for target in (target.elts if isinstance(target, ast.Tuple) else [target])
            if isinstance(target, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr in WRITES and _is_collection(node.value, held):
                yield name


def _is_collection(value: ast.expr, held: set[str]) -> bool:
    if isinstance(value, ast.Tuple):
        return any(_is_collection(each, held) for each in value.elts)
    if isinstance(value, ast.Name):
        return value.id in held
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "records_of"


def test_only_the_pipeline_writes_records() -> None:
    assert set(_writers()) == set(WRITERS), "let gate/writing/pipeline.py write it, or say here why not"
