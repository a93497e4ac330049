"""Answers are short, say where they come from, and never guess."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.answer import SELF_CARE, SWEDISH_ONLY, Answer, answer
from knowledge.articles import Article
from knowledge.personal import Context, Medicine, Value
from knowledge.scope import Scope
from knowledge.search import Index
from tests.knowledge.conftest import LetterEncoder, Writer

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")


def ask(index: Index, text: str, **more: object) -> Answer:
    return answer(text, index=index, **{"now": NOW, "zone": ZONE, **more})  # type: ignore[arg-type]  # passed on as given


def test_an_answer_names_its_source_and_opens_its_article(index: Index) -> None:
    given = ask(index, "varför är jag så yr")
    assert given.answered
    assert (given.title, given.slug, given.link) == ("Yrsel", "dizziness", "/knowledge/dizziness")
    assert given.source == "1177"
    assert given.review_by == "2027-05-21"
    assert not given.overdue


def test_no_answer_offers_the_nearest_titles_and_1177(index: Index) -> None:
    given = ask(index, "vem vann matchen i går")
    assert not given.answered
    assert "1177" in given.text
    assert len(given.nearest) == 2
    assert given.slug is None


def test_a_passed_review_date_is_told(index: Index) -> None:
    given = ask(index, "yrsel", now=datetime(2030, 1, 1, tzinfo=UTC))
    assert given.overdue
    assert "2027-05-21" in given.notes[0]


def test_a_follow_up_stays_on_the_topic(index: Index) -> None:
    given = ask(index, "hur länge då?", topic="dizziness")
    assert given.slug == "dizziness"


@pytest.mark.parametrize("text", ["hur behandlas det då?", "är det farligt?", "kan den gå över"])
def test_what_refers_back_stays_on_the_topic_whatever_else_could_answer(index: Index, text: str) -> None:
    for topic in ("dizziness", "sleep-problems"):
        assert ask(index, text, topic=topic).slug == topic


def test_another_subject_that_is_named_leaves_the_topic(index: Index) -> None:
    assert ask(index, "hur är det med yrsel då?", topic="sleep-problems").slug == "dizziness"


@pytest.fixture
def food(articles: list[Article], write: Writer, encoder: LetterEncoder, scope: Scope) -> Index:
    """The articles, and two that say what one can eat."""
    own = f"## {SELF_CARE}\n\n- Rör på dig.\n- Ät lite och ofta när du vill gå upp i vikt.\n- Drick mjölk till maten."
    questions = ["vad ska jag äta för att gå upp i vikt", "får jag äta lite av allt"]
    eating = write("eating", title="Undernäring", text="-", group="nutrition", body=own, questions=questions)
    heart = write("heart", title="Hjärtsvikt", text="-", body=f"## {SELF_CARE}\n\n- Väg dig.\n- Ta det lugnt med salt.")
    return Index.build([*articles, eating, heart], encoder=encoder, scope=scope)


def test_a_question_about_food_is_answered_with_food_alone(food: Index) -> None:
    given = ask(food, "vad ska jag äta för att gå upp i vikt", about="food")
    assert given.text == "Undernäring: Ät lite och ofta när du vill gå upp i vikt. Drick mjölk till maten."
    assert ask(food, "vad äter man vid hjärtsvikt", about="food").text == "Hjärtsvikt: Ta det lugnt med salt."


def test_a_question_about_food_stays_on_what_it_refers_back_to(food: Index) -> None:
    assert ask(food, "och vad ska jag äta då?", about="food", topic="heart").slug == "heart"


def test_food_that_no_article_mentions_is_not_guessed_about(food: Index) -> None:
    assert not ask(food, "får jag äta grapefrukt", about="food").answered


def test_a_topic_that_has_been_withdrawn_is_no_topic(index: Index) -> None:
    assert not ask(index, "hur länge då?", topic="gone").answered


def test_an_article_that_is_picked_is_the_answer(index: Index) -> None:
    assert ask(index, "vem vann matchen", chosen="sleep-problems").slug == "sleep-problems"
    assert not ask(index, "vem vann matchen", chosen="gone").answered


def test_another_matter_leaves_the_topic(index: Index) -> None:
    given = ask(index, "vem vann egentligen matchen mellan lagen i går kväll", topic="dizziness")
    assert not given.answered


def test_own_medicines_are_named_without_advice_to_change(index: Index) -> None:
    own = Context(medicines=[Medicine(name="Furix", atc="C03CA01"), Medicine(name="Alvedon", atc="N02BE01")])
    given = ask(index, "när ska jag ta kisstabletten", context=own)
    assert given.personal == ["Du tar Furix. Ändra ingenting själv, utan fråga först."]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-21T07:10:00+01:00", "i morse klockan 07.10"),
        ("2026-11-20T23:30:00+00:00", "i morse klockan 00.30"),
        ("2026-11-21T10:00:00+01:00", "i dag klockan 10.00"),
        ("2026-11-20T07:10:00+01:00", "i går klockan 07.10"),
        ("2026-11-18T07:10:00+01:00", "den 18 november klockan 07.10"),
    ],
)
def test_own_values_are_told_with_their_day(index: Index, at: str, said: str) -> None:
    values = [Value.model_validate({"code": "85354-9", "text": "142/81 mmHg", "at": at})]
    given = ask(index, "yrsel", context=Context(values=values))
    assert given.personal == [f"Ditt blodtryck {said} var 142/81 mmHg."]


def test_english_gets_a_note(index: Index) -> None:
    assert SWEDISH_ONLY in ask(index, "yrsel", language="en").notes


def test_a_passage_that_answers_is_quoted(index: Index, articles: list[Article]) -> None:
    given = ask(index, "ska jag prata med läkaren innan jag ändrar vattendrivande")
    assert given.answered
    assert given.slug == "diuretics"
    assert articles[2].spoken.strip() == given.text or "Prata med din läkare" in given.text
