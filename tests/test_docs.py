"""The pages for operators, clinicians and contributors name what there is."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from assistant.settings import ROOT, Settings
from scheduler.rulebook import RULES

DOCS = ROOT / "docs"
MAP = re.compile(r"^## Map of the house$.*?^```$(?P<lines>.*?)^```$", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def top_level_folders() -> list[str]:
    """The folders that are part of the project, as git knows them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({path.split("/")[0] for path in listed.split("\0") if "/" in path})


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_told_to_operators(field: str) -> None:
    assert f"`VIGOR_{field.upper()}`" in page("operators")


def test_operators_are_told_of_no_setting_that_is_not_there() -> None:
    rows = re.findall(r"^\| `VIGOR_(\w+)`", page("operators"), re.MULTILINE)
    assert {row.lower() for row in rows} == set(Settings.model_fields)


@pytest.mark.parametrize("file", sorted(RULES.glob("*.yml")), ids=lambda file: file.stem)
def test_every_rule_is_told_to_clinicians(file: Path) -> None:
    rule = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert f"`{rule['id']}`" in page("clinicians")


@pytest.mark.parametrize("folder", top_level_folders())
def test_every_folder_is_on_the_map(folder: str) -> None:
    found = MAP.search(page("contributors"))
    assert found is not None
    assert any(line.startswith(f"{folder}/") for line in found["lines"].splitlines())
