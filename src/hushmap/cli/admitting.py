"""Which platforms may be asked from here and today (METHOD 5).

Never from a platform's own country, where its operator knows who asks, unless the deck's author and the person both
say so; and a manifest that nobody has verified only on a day on which its check has passed.
"""

from collections.abc import Callable, Iterable

from hushmap.cli.fault import Exit, Fault
from hushmap.cli.wording import listed
from hushmap.model import Platform, Section, Target
from hushmap.runs import PlatformChecks

VERIFIED = "lab"
"""The state of a manifest that needs no check: what it reads is made by the same hands."""


def parts_of(targets: Iterable[Target]) -> tuple[tuple[Platform, Section], ...]:
    """The platforms that targets would be asked of, each with the part of its manifest that says how."""
    asked = (
        (target.platform, Section.SEARCH) if target.post is None else (target.post.platform, Section.POST)
        for target in targets
    )
    return tuple(dict.fromkeys((one, part) for one, part in asked if one is not None))


def admit(
    targets: Iterable[Target],
    country: str | None,
    today: str,
    *,
    own_vantage: bool,
    checking: bool = False,
    ask: Callable[[str], str] | None = None,
) -> None:
    """Refuse what must not be asked of a platform from here, or today.

    Args:
        targets: what is to be asked about.
        country: where this is, as far as it is known.
        today: the day, in UTC.
        own_vantage: the deck's author means its platforms to be asked from their own country, too.
        checking: it is the check itself.
        ask: puts a question to the person; `None`: nobody is there.

    Raises:
        Fault: It is not to be asked, and why.
    """
    agreed: set[Platform] = set()
    for one, part in parts_of(targets):
        if one.state == VERIFIED:
            continue
        if country is None:
            raise Fault(
                f"{one.name} is not asked from its own country ({listed(one.jurisdiction)}), and it is not known "
                "where this is: say --country CC"
            )
        if country in one.jurisdiction and one not in agreed:
            _own_vantage(one, country, own_vantage=own_vantage, ask=ask)
            agreed.add(one)
        if not checking and not PlatformChecks().passed_on(one, part, today):
            what = "what is searched for on" if part is Section.SEARCH else "posts on"
            raise Fault(
                f"nobody has seen today that the manifest {one.id} still reads {what} {one.name}: "
                f"{check_words(one, part)}"
            )


def check_words(one: Platform, part: Section) -> str:
    """The command that checks a part of a manifest."""
    return f"hushmap platform check {one.id}" + (" --post POST" if part is Section.POST else "")


def _own_vantage(one: Platform, country: str, *, own_vantage: bool, ask: Callable[[str], str] | None) -> None:
    refusal = (
        f"{one.name} is under the law of {country}, and so are you: whoever asks it from there can be known to its "
        "operator; ask from another country"
    )
    if not own_vantage:
        raise Fault(f"{refusal} (a deck can say own_vantage = true: probes/README.md)")
    if ask is None:
        raise Fault(f"{refusal}: the deck means it to be asked from there, and nobody is here to agree", Exit.CONSENT)
    if ask(f"{refusal}. The deck means it to be asked from there. Type {one.id} to agree: ").strip() != one.id:
        raise Fault("not agreed to: nothing was sent", Exit.CONSENT)
