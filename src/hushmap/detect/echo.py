"""What our own echo answers, so that a reply which it did not send is known as somebody else's.

The echo says back what it was told, as plain text and under headers of its own (servers/echo.py; a test holds the two
together). Toward it a forged page is direct evidence: no site is there that could have refused (METHOD 1).
"""

from hushmap.detect.address import ours
from hushmap.model import Context, Layer, Page, Trial

HEADERS = frozenset({"content-type", "x-content-type-options", "cache-control"})
"""Of every answer of the echo; nobody adds all three to a block page by chance. Proxies may add others."""
STATUS = 200


def echoed(page: Page) -> bool:
    """Whether a page is an answer of the echo."""
    return page.status == STATUS and set(page.header_names) >= HEADERS


def foreign(trial: Trial, context: Context) -> bool:
    """Whether somebody else answered an unencrypted request to our echo."""
    if trial.ask.layer is not Layer.HTTP or trial.ask.address is None or trial.ask.address != ours(context):
        return False
    fetch = trial.fetch
    return fetch is not None and fetch.failure is None and fetch.page is not None and not echoed(fetch.page)
