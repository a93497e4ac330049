"""What differs between two versions."""

from knowledge.articles import Article
from knowledge.editorial.comparison import Piece, differences, pieces


def test_equal_articles_do_not_differ(article: Article) -> None:
    assert differences(article, article) == []


def test_only_the_words_that_differ_are_marked() -> None:
    assert pieces("Sitt ned.\nVila lugnt i dag.\n", "Sitt ned.\nVila länge i dag.\n") == [
        Piece("same", "Sitt ned.\n"),
        Piece("same", "Vila "),
        Piece("removed", "lugnt "),
        Piece("added", "länge "),
        Piece("same", "i dag.\n"),
    ]


def test_words_that_change_together_stand_together() -> None:
    assert [one.text for one in pieces("Hicka är ofarligt.", "Hicka går över.")] == [
        *("Hicka ", "är ofarligt", "går över", ".")
    ]


def test_both_texts_can_be_read_out_of_the_pieces() -> None:
    old, new = "a b\n\nc d\ne", "a\n\nc x d\nf\ne"
    found = pieces(old, new)
    assert "".join(one.text for one in found if one.kind != "added") == old
    assert "".join(one.text for one in found if one.kind != "removed") == new


def test_every_field_that_differs_is_named(article: Article) -> None:
    changed = article.model_copy(update={"title": "Annat", "lay_words": ["dånade"], "sources": []})
    assert [one.name for one in differences(article, changed)] == ["Rubrik", "Vardagsord", "Källor"]
