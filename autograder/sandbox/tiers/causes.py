"""What a start that failed means, from the words of the programs that failed: a cause is named only if it is the cause."""

from __future__ import annotations

from typing import NamedTuple

from .interpreter import ADVICE


class Cause(NamedTuple):
    """Words that bubblewrap or the kernel say, what they mean, and the one narrow thing that mends it."""

    words: tuple[str, ...]
    means: str
    mend: str


_PROFILE = (
    "let AppArmor allow it to bubblewrap alone (a file /etc/apparmor.d/bwrap with "
    "`abi <abi/4.0>, profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }`, then `apparmor_parser -r` on it)"
)
_CONTAINER = "use the tier landlock, which needs no namespace (`--walls landlock`), or podman without flags"
# In the order in which they are looked for: the more special words first.
CAUSES = (
    Cause(
        ("uid map: Permission denied", "uid map: Operation not permitted", "uid_map"),
        "may not make user namespaces",
        _PROFILE,
    ),
    Cause(
        ("Failed RTM_NEWADDR", "loopback: "),
        "may make user namespaces, but has no rights in them (AppArmor's rule of Ubuntu 23.10 and later)",
        _PROFILE,
    ),
    Cause(
        ("writing setgroups",),
        "has no rights left inside bubblewrap (AppArmor's profile of Ubuntu 25.04 and later)",
        f"use the tier bubblewrap+landlock (`--walls bubblewrap+landlock`), or {_PROFILE}",
    ),
    Cause(
        ("Can't mount proc", "Failed to make / slave", "pivot_root", "mount_setattr", "mount /"),
        "may not mount inside a namespace, as in a container",
        _CONTAINER,
    ),
    Cause(
        ("No permissions to create new namespace", "Creating new namespace failed", "unshare", "namespace"),
        "is refused namespaces by this machine or container",
        f"allow them (user.max_user_namespaces above 0), or {_CONTAINER}",
    ),
)


def sentence(told: str) -> str:
    """Return what to do about a sandbox that did not start, given all that the starting programs said."""
    said = told.strip()[-300:]
    # That a folder cannot be reached may follow from refused namespaces: it is attached in one of them where they can be had.
    attached = "not attached:" in told
    if "unreachable:" in told:
        path = told.split("unreachable:", 1)[1].split("\n")[0].strip()
        if attached:
            reason = told.split("not attached:", 1)[1].split("\n")[0].strip()
            return (
                f"The sandbox runs as a user who cannot reach {path}, and root may not attach it elsewhere here ({reason}): "
                f"install Python and this package where everybody may read them, run the grader as an ordinary user, {ADVICE}. "
                "Run `autograder doctor`."
            )
        return (
            f"The sandbox's unprivileged user cannot reach {path}: run the grader as an ordinary user, or install the "
            f"environment where everybody may read it, {ADVICE}. Run `autograder doctor`."
        )
    for cause in CAUSES:
        if any(words in told for words in cause.words):
            return f"The sandbox {cause.means} ({said}): {cause.mend}, {ADVICE}. Run `autograder doctor`."
    return f"The sandbox did not start ({said or 'no reason given'}): see docs/security.md, {ADVICE}. Run `autograder doctor`."
