"""Base forms are found in the table on the disk as they stood in the one it was made of."""

from pathlib import Path

import pytest

from knowledge import lemmas
from knowledge.lemmas import Lemmas


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Lemmas:
    folder = tmp_path_factory.mktemp("lemmas")
    lemmas.write({"fötter": "fot", "fötterna": "fot", "blodtrycket": "blodtryck"}, folder)
    return Lemmas(folder)


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("fötter", "fot"),
        ("fötterna", "fot"),
        ("fot", "fot"),
        ("blodtrycket", "blodtryck"),
        ("xyzzy", "xyzzy"),
        ("", ""),
    ],
)
def test_forms_have_their_base(table: Lemmas, form: str, base: str) -> None:
    assert table.base(form) == base


def test_forms_and_bases_are_swedish_and_nothing_else(table: Lemmas) -> None:
    assert [table.is_swedish(word) for word in ("fötter", "blodtryck", "fötte", "ööö")] == [True, True, False, False]


def test_the_whole_table_is_read_in_place() -> None:
    assert lemmas.ready().base("blodtrycken") == "blodtryck"
    assert lemmas.ready() is lemmas.ready()


def test_a_half_written_table_is_never_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(table: dict[str, str], folder: Path) -> None:
        (folder / "forms.npy").write_bytes(b"")
        raise OSError("the disk is full")

    monkeypatch.setattr(lemmas, "_table", lambda: {"fötter": "fot"})
    settings = lemmas.get_settings().model_copy(update={"var_dir": tmp_path})
    write = lemmas.write
    monkeypatch.setattr(lemmas, "write", fail)
    with pytest.raises(OSError, match="full"):
        lemmas.prepare(settings)
    monkeypatch.setattr(lemmas, "write", write)
    assert Lemmas(lemmas.prepare(settings)).base("fötter") == "fot"
