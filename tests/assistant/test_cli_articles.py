"""Articles leave and come back by the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from knowledge.store import FOLDER
from tests.knowledge.editorial.conftest import forget_articles

__all__ = ["forget_articles"]

pytestmark = pytest.mark.usefixtures("forget_articles")


def vigor(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["articles", *arguments])


def test_what_is_exported_is_imported_and_then_known(tmp_path: Path) -> None:
    count = len(list(FOLDER.glob("*.md")))
    assert vigor("export", str(tmp_path / "out")).exit_code == 0
    first, again = vigor("import", str(tmp_path / "out")), vigor("import", str(tmp_path / "out"))
    assert f"{count} new, 0 known, 0 broken" in first.output
    assert f"0 new, {count} known, 0 broken" in again.output
    assert vigor("export", str(tmp_path / "back")).exit_code == 0
    for file in sorted((tmp_path / "out").rglob("*.*")):
        assert file.read_bytes() == (tmp_path / "back" / file.relative_to(tmp_path / "out")).read_bytes()


def test_a_broken_file_is_named_with_its_line_and_the_others_are_kept(tmp_path: Path) -> None:
    vigor("export", str(tmp_path))
    (tmp_path / "trasig.md").write_text("---\nslug: trasig\ntitle: [\n---\n\nText", encoding="utf-8")
    done = vigor("import", str(tmp_path))
    assert done.exit_code == 1
    assert "trasig.md" in done.output
    assert "Rad 3" in done.output
    assert "1 broken" in done.output


def test_an_export_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = vigor("export", str(tmp_path))
    assert done.exit_code == 1
    assert "not empty" in done.output
