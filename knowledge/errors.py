"""What can be wrong with an article, each with an id and texts that a page or an API can show.

KnowledgeError
├── BrokenArticleError        422  the front matter or the body does not follow the schema
├── ArticleTooLargeError      413  longer than anybody would read
├── ArticleNotFoundError      404  there is no such article
│   └── ArticleWithdrawnError 410  there was one, and it has been withdrawn
├── FolderNotEmptyError            an export never writes over files
├── ArticleExistsError        409  the slug is taken
├── ArticleChangedError       409  somebody else has changed it since it was read
├── WrongStateError           409  this cannot be done with an article in this state
├── NotReadyError             422  something must be mended first
├── ReasonNeededError         422  this is not done without saying why
├── MomentPassedError         422  nothing is published in the past
├── NotReviewerError          403  only a medical reviewer signs
└── SamePersonError           403  nobody reviews a text of their own
"""

from typing import ClassVar


class KnowledgeError(Exception):
    """Something the editor or the caller can do something about; `sv` and `en` are for people.

    `sv` and `en` may name `detail` in braces.
    """

    id: ClassVar[str] = "knowledge"
    status: ClassVar[int] = 422
    sv: ClassVar[str] = "Något gick fel med kunskapsbanken."
    en: ClassVar[str] = "Something went wrong with the knowledge base."

    def __init__(self, slug: str = "", detail: str = "") -> None:
        super().__init__(f"{self.id}: {slug} {detail}".strip())
        self.slug = slug
        self.detail = detail

    @property
    def text(self) -> dict[str, str]:
        """The texts for people, {"sv", "en"}."""
        return {"sv": self.sv.format(detail=self.detail), "en": self.en.format(detail=self.detail)}


class BrokenArticleError(KnowledgeError):
    """The front matter or the body does not follow the schema; `detail` says where."""

    id = "broken-article"
    sv = "Artikeln går inte att läsa. {detail}"
    en = "The article cannot be read. {detail}"


class ArticleTooLargeError(KnowledgeError):
    """The article is longer than anybody would read."""

    id = "article-too-large"
    status = 413
    sv = "Artikeln är för lång: {detail}. Gå tillbaka och korta den, eller dela den i flera."
    en = "The article is too long: {detail}. Shorten it, or make it several."


class ArticleNotFoundError(KnowledgeError):
    """There is no such article."""

    id = "article-not-found"
    status = 404
    sv = "Artikeln finns inte."
    en = "There is no such article."


class ArticleWithdrawnError(ArticleNotFoundError):
    """There was an article, and it has been withdrawn."""

    id = "article-withdrawn"
    status = 410
    sv = "Artikeln är indragen."
    en = "The article has been withdrawn."


class FolderNotEmptyError(KnowledgeError):
    """An export never writes over files that are already there."""

    id = "folder-not-empty"
    sv = "Mappen är inte tom."
    en = "The folder is not empty."


class ArticleExistsError(KnowledgeError):
    """Another article has the slug."""

    id = "article-exists"
    status = 409
    sv = "Det finns redan en artikel med adressen {detail}. Välj en annan adress, eller ändra i den artikeln."
    en = "There is an article at {detail} already. Choose another address, or change that article."


class ArticleChangedError(KnowledgeError):
    """Somebody else has changed the article since it was read."""

    id = "article-changed"
    status = 409
    sv = "Någon annan har ändrat artikeln sedan du öppnade den."
    en = "Somebody else has changed the article since you opened it."


class WrongStateError(KnowledgeError):
    """This cannot be done with an article in this state."""

    id = "wrong-state"
    status = 409
    sv = "Det går inte att göra nu. Artikeln är {detail}."
    en = "This cannot be done now. The article is {detail}."


class NotReadyError(KnowledgeError):
    """Something must be mended before the article goes on; `detail` lists it."""

    id = "not-ready"
    sv = "Artikeln kan inte gå vidare än. {detail}"
    en = "The article cannot go on yet. {detail}"


class ReasonNeededError(KnowledgeError):
    """This is not done without saying why."""

    id = "reason-needed"
    sv = "Skriv varför, så att andra förstår."
    en = "Say why, so that others understand."


class MomentPassedError(KnowledgeError):
    """Nothing is published in the past."""

    id = "moment-passed"
    sv = "Den tiden har redan passerat. Välj en senare tid, eller publicera nu."
    en = "That time has passed. Choose a later one, or publish now."


class NotReviewerError(KnowledgeError):
    """Only a medical reviewer signs."""

    id = "not-reviewer"
    status = 403
    sv = "Bara en medicinsk granskare kan godkänna en artikel."
    en = "Only a medical reviewer can approve an article."


class SamePersonError(KnowledgeError):
    """Nobody reviews a text of their own."""

    id = "same-person"
    status = 403
    sv = "Du har själv skrivit i den här versionen. En annan person måste granska den."
    en = "You have written in this version yourself. Another person has to review it."
