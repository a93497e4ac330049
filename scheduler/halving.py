"""Work on many patients at once that one of them may spoil: what fails is halved until that one stands alone."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


class Halving:
    """Halves failing work, and stops doing so when it does not help.

    When everything fails the fault is not a patient's: after `give_up_after` failures without one success the rest is
    given up, and after `stop_after` such lists in a row each new one is tried once only, until one succeeds.
    """

    def __init__(self, *, give_up_after: int = 14, stop_after: int = 3) -> None:
        self._give_up_after = give_up_after
        self._stop_after = stop_after
        self._hopeless = 0

    @property
    def stopped(self) -> bool:
        """Whether so many lists in a row have failed altogether that nothing is halved any more."""
        return self._hopeless >= self._stop_after

    def run(
        self, patient_ids: Sequence[str], work: Callable[[list[str]], Result], *, is_ours: Callable[[], bool]
    ) -> tuple[list[Result], dict[str, str]]:
        """Do the work and return its results, and for those patients who failed the type of error.

        Args:
            is_ours: says whether a failure is worth halving for; when it is not, the error is raised.
        """
        results: list[Result] = []
        failed: dict[str, str] = {}
        losses, patience = 0, 1 if self.stopped else self._give_up_after
        waiting = [list(patient_ids)]
        while waiting:
            part = waiting.pop()
            try:
                results.append(work(part))
            except Exception as error:
                if not is_ours():
                    raise
                losses += 1
                if len(part) > 1 and (results or losses < patience):
                    middle = len(part) // 2
                    waiting += [part[middle:], part[:middle]]
                    continue
                given_up = [part] if results or losses < patience else [part, *waiting]
                failed |= {one: type(error).__name__ for some in given_up for one in some}
                waiting = waiting if len(given_up) == 1 else []
        self._hopeless = 0 if results else self._hopeless + 1
        return results, failed
