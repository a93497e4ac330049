"""What can be wrong with an article, each with an id that a page or an API can show.

KnowledgeError
├── BrokenArticleError
├── ArticleTooLargeError
├── ArticleNotFoundError
└── FolderNotEmptyError
"""


class KnowledgeError(Exception):
    """Something the editor or the caller can do something about; `sv` and `en` are for people."""

    id = "knowledge"
    sv = "Något gick fel med kunskapsbanken."
    en = "Something went wrong with the knowledge base."

    def __init__(self, slug: str = "", detail: str = "") -> None:
        super().__init__(f"{self.id}: {slug} {detail}".strip())
        self.slug = slug
        self.detail = detail


class BrokenArticleError(KnowledgeError):
    """The front matter or the body does not follow the schema; `detail` says where."""

    id = "broken-article"
    sv = "Artikeln går inte att läsa. Kontrollera huvudet."
    en = "The article cannot be read. Check its front matter."


class ArticleTooLargeError(KnowledgeError):
    """The article is longer than anybody would read."""

    id = "article-too-large"
    sv = "Artikeln är för lång."
    en = "The article is too long."


class ArticleNotFoundError(KnowledgeError):
    """There is no such article."""

    id = "article-not-found"
    sv = "Artikeln finns inte."
    en = "There is no such article."


class FolderNotEmptyError(KnowledgeError):
    """An export never writes over files that are already there."""

    id = "folder-not-empty"
    sv = "Mappen är inte tom."
    en = "The folder is not empty."
