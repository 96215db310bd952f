"""Why a sandbox does not start: the words of bubblewrap and of the kernel, and the one cause that each stands for."""

from __future__ import annotations

import pytest

from autograder import cli
from autograder.sandbox import tiers
from autograder.sandbox.backend import Backend
from autograder.sandbox.tiers.causes import sentence

# As they were met, with the environment they come from.
MET = {
    "bwrap: setting up uid map: Permission denied": "AppArmor",
    "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted": "AppArmor's rule of Ubuntu 23.10",
    "bwrap: Can't mount proc on /newroot/proc: Operation not permitted": "as in a container",
    "bwrap: Failed to make / slave: Permission denied": "as in a container",
    "bwrap: pivot_root: Operation not permitted": "as in a container",
    "writing setgroups: Permission denied": "Ubuntu 25.04",
    "mount /: Permission denied": "as in a container",
    "mount_setattr(/, read-only): Operation not permitted": "as in a container",
    "bwrap: No permissions to create new namespace, likely because the kernel does not allow it": "is refused namespaces",
    "bwrap: Creating new namespace failed: Operation not permitted": "is refused namespaces",
    "unshare(user, pid, mnt, net, ipc, uts): No space left on device": "is refused namespaces",
}


@pytest.mark.parametrize("told", MET)
def test_words_met_in_the_wild_are_understood(told: str) -> None:
    """Each message leads to its cause, keeps the words that were said, and names one narrow remedy."""
    said = sentence(f"{told}\n")
    assert MET[told] in said
    assert told[:40] in said
    assert "sysctl" not in said
    assert "autograder doctor" in said


def test_an_unreachable_home_is_the_cause_only_where_nothing_else_is() -> None:
    """Where root may not attach the interpreter elsewhere, that is said; the home alone is blamed where nothing was refused."""
    refused = sentence("not attached: [Errno 1] Operation not permitted\nunreachable: /home/x/.pyenv\n")
    assert "root may not attach it elsewhere here ([Errno 1] Operation not permitted)" in refused
    plain = sentence("unreachable: /home/x/.pyenv\n")
    assert "cannot reach /home/x/.pyenv" in plain
    assert "attach" not in plain


def test_what_nobody_has_met_is_shown_as_it_is() -> None:
    """Words that are not known are shown, and no cause is made up."""
    assert "(something new)" in sentence("something new")


def test_the_order_of_tiers() -> None:
    """The strongest tier stands first, also under the name of old logs; unknown names are neither weaker nor stronger."""
    assert [one.name for one in tiers.WALLS] == ["namespaces", "bubblewrap+landlock", "landlock"]
    assert tiers.weaker("landlock", "namespaces")
    assert not tiers.weaker("namespaces", "none")
    assert not tiers.weaker("landlock", "paper")
    assert tiers.weaker("landlock", "bubblewrap")
    assert not tiers.weaker("namespaces", "bubblewrap")
    assert tiers.strongest(["none", "landlock", "paper", "bubblewrap"]) == "namespaces"
    assert tiers.strongest(["paper"]) == ""
    assert [bool(tiers.lacks(name)) for name in (*tiers.NAMES, "paper")] == [False, True, True, True, False]
    with pytest.raises(ValueError, match="choose namespaces, bubblewrap\\+landlock, landlock, none"):
        tiers.tier("paper")


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_the_best_that_can_be_had_is_taken(monkeypatch: pytest.MonkeyPatch, missing: int) -> None:
    """A tier that lacks something is passed over; where all do, the lacks of the strongest and of the weakest are said."""
    for place, one in enumerate(tiers.WALLS):
        lack = f"lack {place}" if place < missing else ""
        monkeypatch.setattr(type(one), "missing", lambda self, lack=lack: lack)
    if missing == 3:
        with pytest.raises(tiers.Refused, match=r"^lack 0 lack 2$"):
            tiers.best()
    else:
        assert tiers.best() is tiers.WALLS[missing]


def test_doctor_names_the_walls_and_what_mends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`autograder doctor` says of each tier whether it can be had, and ends with 1 where none can."""
    for one in tiers.WALLS:
        monkeypatch.setattr(type(one), "missing", lambda self: "" if self.name == "landlock" else "buy another machine")
    assert cli.main(["doctor", "--tests"]) == 0
    said = capsys.readouterr().out
    assert "walls: landlock" in said
    assert said.count("buy another machine") == 2
    assert "behind the walls landlock" in said
    for one in tiers.WALLS:
        monkeypatch.setattr(type(one), "missing", lambda self: "buy another machine")
    assert cli.main(["doctor"]) == 1


@pytest.mark.parametrize("one", tiers.WALLS, ids=lambda one: one.name)
def test_no_tier_is_offered_where_nobody_knows_the_machine(one: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tier really looks, and says of another system that Linux is needed."""
    assert isinstance(one.missing(), str)
    monkeypatch.setattr("autograder.sandbox.tiers.requirements.sys.platform", "plan9")
    assert "needs Linux, this is plan9" in one.missing()
