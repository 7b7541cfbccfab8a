"""The pages are what the manifest of the lab's platform reads."""

import tomllib
from importlib import resources

from hushmap.lab.platform import pages

MANIFEST = tomllib.loads(resources.files("hushmap.lab.platform").joinpath("driftwood.toml").read_text("utf-8"))


def test_each_reason_has_a_sign_in_the_manifest():
    """And no page of another reason shows it."""
    signs = {
        "removed": "removed", "author": "author_removed", "account": "account_gone", "private": "hidden", "held": "held"
    }  # fmt: skip
    shown = {reason: pages.gone(reason).page.decode() for reason in pages.GONE}
    for reason, key in signs.items():
        (sign,) = MANIFEST["post"][key]
        assert [each for each, page in shown.items() if sign["value"] in page] == [reason]


def test_what_stands_in_a_page_is_text():
    """Nobody writes into a page by a query or a post."""
    made = [
        pages.found("<b>", ()),
        pages.found("<b>", (pages.Item(id="1", source='"<b>', text="<b>"),)),
        pages.post("1", "<b>", "<b>"),
    ]
    assert not any(b"<b>" in each.page for each in made)
