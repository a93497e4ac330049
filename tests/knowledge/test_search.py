"""The right article comes first, and what no article answers is not answered."""

from threading import Thread

import pytest

from knowledge import snapshot
from knowledge.articles import Article
from knowledge.errors import ArticleNotFoundError
from knowledge.search import Index, Result
from tests.knowledge.conftest import Writer


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("yrsel", "dizziness"),
        ("karusell i huvudet", "dizziness"),
        ("ligger vaken om nätterna", "sleep-problems"),
        ("när tar man Furix", "diuretics"),
        ("sömnproblm", "sleep-problems"),
    ],
)
def test_the_right_article_comes_first(index: Index, question: str, slug: str) -> None:
    assert index.search(question).hits[0].slug == slug


@pytest.mark.parametrize("question", ["", "   ", "😀", "?!", "vem vann matchen i går", "x" * 10_000])
def test_nonsense_and_other_matters_are_not_answered(index: Index, question: str) -> None:
    assert not index.search(question).answered


def test_scores_share_one(index: Index) -> None:
    hits = index.search("yrsel", k=10).hits
    assert sum(hit.score for hit in hits) == pytest.approx(1, abs=1e-4)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_published_article_is_found_at_once(index: Index, write: Writer) -> None:
    index.publish(write("gout", title="Gikt", text="Gikt ger plötslig värk i stortån.", questions=["ont i stortån"]))
    assert index.search("vad är gikt").hits[0].slug == "gout"


def test_a_new_version_takes_the_place_of_the_old(index: Index, articles: list[Article]) -> None:
    index.publish(articles[0].model_copy(update={"title": "Svindel", "version": 2}))
    assert index.article("dizziness").version == 2
    assert len(index.articles()) == len(articles)


def test_a_withdrawn_article_is_gone(index: Index) -> None:
    index.withdraw("dizziness")
    assert "dizziness" not in {hit.slug for hit in index.search("yrsel").hits}
    with pytest.raises(ArticleNotFoundError):
        index.article("dizziness")


def test_searches_go_on_while_articles_are_published(index: Index, write: Writer) -> None:
    found: list[Result] = []
    searching = Thread(target=lambda: found.extend(index.search("yrsel") for _ in range(50)))
    searching.start()
    for number in range(5):
        index.publish(write(f"new-{number}", title=f"Nytt {number}", text="Något helt annat."))
    searching.join()
    assert {result.hits[0].slug for result in found} == {"dizziness"}
    assert len(index.articles()) == 8


def test_an_article_of_headings_alone_can_be_indexed(index: Index, write: Writer) -> None:
    index.publish(write("bats", title="Fladdermöss", text="", body="## Kort om\n\n## Mer"))
    assert index.search("fladdermöss").hits[0].heading == "Fladdermöss"


def test_an_article_with_neither_questions_nor_lay_words_is_found(index: Index, write: Writer) -> None:
    index.publish(write("bats", title="Fladdermöss", text="Fladdermöss sover i grottor hela vintern."))
    assert index.search("var övervintrar fladdermusen, i grottor").hits[0].slug == "bats"


def test_a_shortlist_of_many_articles_leaves_the_best_where_they_are(
    index: Index, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        index.publish(write(f"other-{number}", title=f"Annat {number}", text="Något helt annat.", questions=["vad är"]))
    compared = index.search("allt gungar när jag reser mig", k=1).hits
    monkeypatch.setattr(snapshot, "SHORTLIST", 3)
    assert [hit.slug for hit in compared] == ["dizziness"]
    assert index.search("allt gungar när jag reser mig", k=1).hits[0].slug == "dizziness"


def test_a_lay_word_is_used_once_it_has_been_learnt(index: Index) -> None:
    before = index.snapshot.analyser.terms("jag har snurrbulle")
    index.learn(frozenset({("snurrbulle", "yrsel")}))
    assert "=yrsel" not in before
    assert "=yrsel" in index.snapshot.analyser.terms("jag har snurrbulle")
    assert index.search("jag har snurrbulle").hits[0].slug == "dizziness"


def test_what_has_been_learnt_outlives_a_new_article_and_can_be_unlearnt(index: Index, write: Writer) -> None:
    index.learn(frozenset({("snurrbulle", "yrsel")}))
    index.publish(write("gout", title="Gikt", text="Gikt ger plötslig värk i stortån."))
    assert "=yrsel" in index.snapshot.analyser.terms("snurrbulle")
    index.learn(frozenset())
    assert "=yrsel" not in index.snapshot.analyser.terms("snurrbulle")
