"""Net for a run that watches posts: what is asked is written down as a keyed hash, and only the hash.

An ask's URL holds the hash of a post; the post itself takes its place on the way out and leaves it on the way back,
so that neither the journal nor a record ever shows which one it was (METHOD 5).
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from hushmap.model import Ask, Fetch, Side, Step
from hushmap.net.asking import Net, Outcome
from hushmap.net.clock import Clock

POST = re.compile(r"post-[0-9a-f]{32}(?![0-9a-f])")
UNKNOWN = "unknown_post"
"""`undone` of an ask about a post that nothing here stands for: of a run that another process began."""


class Discreet(Net):
    """Everything that one run sends, with posts known to its memory alone."""

    def __init__(self, clock: Clock, *, posts: Mapping[str, str], **how: Any) -> None:
        """`posts` is what each hash stands for; the rest as `Net` has it."""
        super().__init__(clock, **how)
        self._posts = dict(posts)

    def close(self) -> None:
        """Forget the posts, too."""
        super().close()
        self._posts.clear()

    async def ask(self, ask: Ask, side: Side = Side.HERE, *, keep_body: bool | None = None) -> Outcome:
        """Carry out `ask` as `Net` does; what comes back names no post."""
        asked = POST.findall(ask.url or "")
        if not asked:
            return await super().ask(ask, side, keep_body=keep_body)
        if any(name not in self._posts for name in asked):
            return Outcome(undone=UNKNOWN)
        real = POST.sub(lambda found: self._posts[found[0]], ask.url or "")
        outcome = await super().ask(msgspec.structs.replace(ask, url=real), side, keep_body=False)
        return Outcome(steps=tuple(_as_asked(step, ask) for step in outcome.steps), undone=outcome.undone)


def _as_asked(step: Step, ask: Ask) -> Step:
    return msgspec.structs.replace(step, url=ask.url) if isinstance(step, Fetch) else step
