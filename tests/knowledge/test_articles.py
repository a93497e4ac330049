"""Articles are checked as they are read, and written back without loss."""

from datetime import date

import pytest

from knowledge import articles
from knowledge.articles import MAX_BYTES, State
from knowledge.errors import ArticleTooLargeError, BrokenArticleError
from knowledge.store import FOLDER

FILES = sorted(FOLDER.glob("*.md"))


def test_every_article_survives_a_round_trip() -> None:
    for file in FILES:
        article = articles.load(file)
        assert articles.parse(articles.dump(article), slug=file.stem) == article


def test_passages_are_the_texts_under_the_headings() -> None:
    article = articles.load(FOLDER / "dizziness.md")
    assert [passage.heading for passage in article.passages()][:2] == ["Kort om", "Det här kan du göra själv"]
    assert all(passage.text for passage in article.passages())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter",
        "---\ntitle: [\n---\n\nText",
        "---\n- a\n- b\n---\n\nText",
        "---\nslug: x\n---\n\nText",
        "---\nslug: ../../etc\ntitle: T\n---\n\nText",
    ],
)
def test_broken_front_matter_is_refused_with_the_slug(text: str) -> None:
    with pytest.raises(BrokenArticleError) as refused:
        articles.parse(text, slug="draft")
    assert refused.value.slug == "draft"


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(BrokenArticleError):
        articles.parse((FOLDER / "dizziness.md").read_text().replace("version: 1", "version: 1\nprice: 10"))


def test_a_two_megabyte_article_is_refused() -> None:
    with pytest.raises(ArticleTooLargeError):
        articles.parse("x" * (10 * MAX_BYTES))


def test_the_file_name_is_the_slug() -> None:
    text = (FOLDER / "dizziness.md").read_text()
    with pytest.raises(BrokenArticleError):
        articles.parse(text, slug="stroke")


def test_an_article_is_overdue_the_day_after_its_review_date() -> None:
    article = articles.load(FOLDER / "dizziness.md")
    assert not article.overdue(article.review_by)
    assert article.overdue(date(article.review_by.year + 1, 1, 1))


def test_every_topic_is_published() -> None:
    assert {articles.load(file).state for file in FILES} == {State.PUBLISHED}
    assert len(FILES) >= 93


def test_sentences_end_at_marks_and_at_lines() -> None:
    assert articles.sentences("Sitt ned. Vänta.\n\n- Drick vatten\n- Vila") == [
        *("Sitt ned.", "Vänta.", "Drick vatten", "Vila")
    ]
