"""What fails is halved until the patient who spoils it stands alone; when everything fails, halving stops."""

from collections.abc import Callable

import pytest

from scheduler.halving import Halving

PATIENTS = [str(number) for number in range(100)]


def fails_for(bad: set[str], tried: list[int]) -> Callable[[list[str]], list[str]]:
    def work(some: list[str]) -> list[str]:
        tried.append(len(some))
        if bad & set(some):
            raise ValueError(some)
        return some

    return work


def yes() -> bool:
    return True


def no() -> bool:
    return False


@pytest.mark.parametrize("bad", [set(), {"0"}, {"99"}, {"3", "4", "57"}])
def test_leaves_out_those_who_fail_alone(bad: set[str]) -> None:
    results, failed = Halving().run(PATIENTS, fails_for(bad, []), is_ours=yes)
    assert set(failed) == bad
    assert sorted(one for some in results for one in some) == sorted(set(PATIENTS) - bad)


def test_gives_up_when_nobody_succeeds_and_then_tries_once_only() -> None:
    halving, tried = Halving(give_up_after=10, stop_after=2), list[int]()
    everybody = fails_for(set(PATIENTS), tried)
    for _ in range(2):
        results, failed = halving.run(PATIENTS, everybody, is_ours=yes)
        assert (results, len(failed)) == ([], 100)
    assert halving.stopped
    assert len(tried) == 20
    halving.run(PATIENTS, everybody, is_ours=yes)
    assert len(tried) == 21
    results, failed = halving.run(PATIENTS, fails_for(set(), tried), is_ours=yes)
    assert (results, failed, halving.stopped) == ([PATIENTS], {}, False)


def test_raises_what_is_not_a_patients_fault() -> None:
    with pytest.raises(ValueError, match="0"):
        Halving().run(PATIENTS, fails_for({"0"}, []), is_ours=no)
