"""Why a manifest does not read its platform, by what a check of it saw."""

import msgspec

from hushmap.detect import misread, misread_post
from hushmap.model import Knowledge, Listing, Role, Sign
from unit.detect.test_searched import PLATFORM, SEARCH, sealed, searched

SOME = Listing(found=3, sources=3)


def said(word=SOME, nonsense=None, **manifest):
    """Why a manifest does not read these two pages."""
    platform = msgspec.structs.replace(PLATFORM, search=msgspec.structs.replace(SEARCH, truisms=(), **manifest))
    trials = (
        searched(0, None, word, t=0.0),
        searched(0, "nonsense", nonsense or Listing(), t=1.0, role=Role.BASELINE),
    )
    return misread(msgspec.structs.replace(sealed(*trials), platform=platform), Knowledge())


def test_a_manifest_reads_its_platform_where_nothing_is_amiss():
    """A harmless word finds something, nonsense nothing, and no notice stands beside either."""
    assert said() == ()
    assert said(word=Listing()) == ("nothing_found",)
    assert said(nonsense=SOME) == ("nonsense_found",)
    assert said(word=msgspec.structs.replace(SOME, notice="n")) == ("notice",)
    assert said(word=msgspec.structs.replace(SOME, unplaced=True)) == ("unplaced",)
    assert said(nothing=(Sign(kind="text", value="none"),)) == ("nothing",)


def test_what_was_not_read_is_said():
    """No search at all, no look at a post, and a record without its manifest."""
    assert misread_post(sealed()) == ("unread",)
    assert misread(sealed(), Knowledge()) == ("unread",)
    bare = msgspec.structs.replace(sealed(searched(0, None, SOME, t=0.0)), platform=None)
    assert misread(bare, Knowledge()) == ("unread",)
