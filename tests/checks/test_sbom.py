"""The bill of materials is what the locks say (2A, point 13)."""

import json

from tests.checks.pins import LISTS, PROJECT, pins
from tests.checks.sbom import bill


def test_every_locked_version_is_on_the_bill_once_and_nothing_else_is() -> None:
    made = bill()
    listed = {
        (each["name"], each["version"]) for each in made["components"] if each["purl"].startswith("pkg:pypi/")
    }
    for lock in LISTS:
        assert set(pins((PROJECT / lock).read_text())[0].items()) <= listed
    refs = [each["bom-ref"] for each in made["components"]]
    assert len(refs) == len(set(refs))
    assert any(each.startswith("pkg:npm/%40biomejs/biome@") for each in refs)
    [served] = made["dependencies"]
    assert set(served["dependsOn"]) == {
        each["bom-ref"] for each in made["components"] if each["scope"] == "required"
    }


def test_the_bill_names_no_registry_and_is_the_same_for_the_same_locks() -> None:
    assert bill() == bill()
    told = json.dumps(bill())
    assert "http" not in told
    assert (bill()["bomFormat"], bill()["specVersion"]) == ("CycloneDX", "1.6")
