"""Questions are read as they were meant."""

import pytest

from knowledge.analysis import Analyser

WRITTEN = [
    "Blodtrycket mäts med en manschett. Blodsockret ska vara lagom. Du kan få huvudvärk, yrsel och andnöd.",
    "Fötterna svullnar. Medicinen heter furosemid. Hjärtat slår. Ont i huvudet är vanligt. Halka och is.",
]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser.of_texts(written=WRITTEN, asked=["mitt blodsokker är högt"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hjartat slar", "hjärtat slår"),
        ("huvudverk", "huvudvärk"),
        ("blodsokker", "blodsocker"),
        ("YRSEEEEL", "yrsel"),
        ("trädgården", "trädgården"),
        ("38,5", "38 5"),
    ],
)
def test_slips_are_mended_and_swedish_words_left(analyser: Analyser, typed: str, meant: str) -> None:
    assert analyser.corrected(typed) == meant


def test_forms_of_a_word_are_the_same_term(analyser: Analyser) -> None:
    assert analyser.terms("fot").keys() & analyser.terms("fötterna").keys()


def test_compounds_are_taken_apart(analyser: Analyser) -> None:
    assert {"blodtryck", "medicin"} <= analyser.terms("blodtrycksmedicinen").keys()


def test_lay_words_lead_to_headwords(analyser: Analyser) -> None:
    assert "=yrsel" in analyser.terms("det går runt i skallen")


def test_brand_names_lead_to_what_they_are_for(analyser: Analyser) -> None:
    assert {"=furosemid", "=vattendrivande"} <= analyser.terms("jag äter Furix").keys()


def test_words_far_apart_are_no_expression(analyser: Analyser) -> None:
    far = "ont " + "om allting annat som vi brukar tala länge och väl om varje torsdag " * 2 + "huvudet"
    assert "=huvudvärk" not in analyser.terms(far)


def test_new_texts_bring_new_words(analyser: Analyser) -> None:
    assert analyser.extended(written=["Blodtrycket"], asked=[]) is analyser
    assert analyser.extended(written=["Sarkoidos"], asked=[]).vocabulary.knows("sarkoidos")
