"""A public post as it is watched: where its page is, and what stands beside it.

Who wrote it and what it says is nobody's business here: a post is known by a keyed hash whose key never leaves this
computer, and so is its account (METHOD 5). The one who asks knows which row of the list is meant.
"""

import msgspec

from hushmap.model.platform import Platform


class Post(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a list says of a post, beside its id."""

    platform: Platform
    account: str = ""
    """Which posts share one; posts without share none."""
    public_body: bool = False
    """A public body wrote it; else a person may have."""
    twins: tuple[str, ...] = ()
    """Posts of the same platform that should be there."""
    nonsense: str = ""
    """An id that no post has: the visit is a check of the manifest, one look at the post and one at this."""
