"""A Chromium for the browser tests: one on the PATH, else Playwright's own, else the Debian package."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(RuntimeError):
    """No Chromium was found and none could be installed."""


def find() -> str | None:
    """Return the path of a Chromium that is there."""
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwrights_own()


def ensure() -> str:
    """Return the path of a Chromium, installing one if needed.

    Raises:
        NoBrowserError: none could be installed; the message says what to do.
    """
    path = find()
    if path:
        return path
    install = [
        sys.executable,
        "-m",
        "playwright",
        "install",
        "--with-deps" if os.geteuid() == 0 else "--no-shell",
        "chromium",
    ]
    subprocess.run(install, check=False, capture_output=True, timeout=600)
    if not find() and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    path = find()
    if not path:
        raise NoBrowserError("The browser tests need Chromium. Install the package 'chromium' and try again.")
    return path


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None
