"""axe-core, which checks pages for accessibility: fetched once from the npm registry."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from assistant.settings import ROOT

VERSION = "4.14.1"
FOLDER = ROOT / "var" / f"axe-core-{VERSION}"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what breaks WCAG 2.2 AA on the page, as "rule: element". Its context must bypass the page's policy."""
    page.evaluate(_source())
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]


def _source() -> str:
    file = FOLDER / "package" / "axe.min.js"
    if not file.exists():
        _fetch()
    return file.read_text(encoding="utf-8")


def _fetch() -> None:
    if shutil.which("npm") is None:
        pytest.skip("axe-core comes from the npm registry, and npm is not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    packed = _npm_pack(FOLDER)
    if packed is None:
        pytest.skip("the npm registry does not answer")
    shutil.unpack_archive(packed, FOLDER)


def _npm_pack(folder: Path) -> Path | None:
    command = ["npm", "pack", f"axe-core@{VERSION}", "--pack-destination", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return folder / f"axe-core-{VERSION}.tgz" if done.returncode == 0 else None
