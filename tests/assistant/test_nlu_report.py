"""The report counts right, and its page stands alone and escapes what people wrote."""

import pytest

from assistant.nlu_report import Reading, Report, lines, page


def _reading(meant: str, taken: str, *, confidence: float = 0.8, kind: str = "plain", text: str = "hej") -> Reading:
    return Reading(text=text, kind=kind, meant=meant, taken=taken, confidence=confidence)


@pytest.fixture
def report() -> Report:
    """Three greetings and one thank; one greeting was taken for a thank."""
    return Report(
        "prov",
        (
            _reading("greet", "greet", confidence=0.9),
            _reading("greet", "greet", confidence=0.9),
            _reading("greet", "thank", confidence=0.3, kind="dialect", text="<b>tjena</b>"),
            _reading("thank", "thank", confidence=1.0),
        ),
    )


def test_precision_and_recall_are_those_of_each_intent(report: Report) -> None:
    scores = {one.intent: one for one in report.intents}
    assert (scores["greet"].precision, scores["greet"].recall) == (1.0, pytest.approx(2 / 3))
    assert (scores["thank"].precision, scores["thank"].recall) == (0.5, 1.0)
    assert report.accuracy == 0.75
    assert report.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)


def test_an_intent_that_nobody_meant_does_not_weigh_in_the_mean() -> None:
    report = Report("prov", (_reading("greet", "greet"), _reading("greet", "stop")))
    assert report.macro_f1 == pytest.approx(2 / 3)


def test_confusions_name_their_texts(report: Report) -> None:
    [(meant, taken, readings)] = report.confusions
    assert (meant, taken, readings[0].text) == ("greet", "thank", "<b>tjena</b>")


def test_the_worst_kind_of_wording_comes_first(report: Report) -> None:
    assert report.kinds == [("dialect", 0.0, 1), ("plain", 1.0, 3)]


def test_calibration_compares_confidence_with_being_right(report: Report) -> None:
    assert [(step.right, step.count) for step in report.calibration] == [(0.0, 1), (1.0, 3)]
    assert report.calibration_error == pytest.approx((0.3 + 3 * (1 - 2.8 / 3)) / 4)


def test_the_terminal_gets_accuracy_and_confusions(report: Report) -> None:
    said = list(lines(report))
    assert "0.750 right" in said[0]
    assert said[-1].strip() == "1 x greet taken for thank"


def test_the_page_stands_alone_and_escapes_what_people_wrote(report: Report) -> None:
    html = page(report)
    assert "&lt;b&gt;tjena&lt;/b&gt;" in html
    assert "<b>tjena" not in html
    assert "http" not in html
    assert "0,750" in html


def test_a_set_that_is_all_understood_has_no_confusions() -> None:
    assert "Inga." in page(Report("prov", (_reading("greet", "greet"),)))
