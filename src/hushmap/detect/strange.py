"""Pages of a record that were not the site's and that no fingerprint knows: what may be a notice not seen before.

Strict in what it takes, since a person will look at all of it: the helper got a page of the site, nothing that came
here is like it or under the site's own certificate, none of it is a known notice, and the page is no stock page.
Nothing here ever counts toward a verdict.
"""

from collections.abc import Iterator

from hushmap.detect.glance import certified, checks_certificates
from hushmap.detect.hosts import host_in, owner
from hushmap.detect.notices import familiar, notice
from hushmap.detect.same_page import same_page
from hushmap.detect.sight import alike
from hushmap.model import Knowledge, Page, Record, Role, Side, Trial

_ASKED = frozenset({None, "notice"})
"""What may have been changed (Attempt.changed): nothing, or only the address, for the one an answer named."""


def strangers(record: Record, knowledge: Knowledge) -> Iterator[tuple[str, Page]]:
    """(the site's host, page) for each such page; none if the site was reached, or there is nothing to compare with.

    A redirect to another owner's host is no reaching of the site, whatever certificate that host has.
    """
    site = host_in(record.target if "://" in record.target else f"https://{record.target}/")
    if not site:
        return
    pages = [(trial, trial.fetch.page) for trial in record.counted if trial.fetch is not None and _plain(trial)]
    there = [page for trial, page in pages if trial.side is Side.HELPER and page is not None and page.status < 400]
    here = [(trial, page) for trial, page in pages if trial.side is Side.HERE and page is not None]
    checked = checks_certificates(record)
    if not there or any(_authentic(trial, site, checked=checked) or _among(page, there) for trial, page in here):
        return
    if any(notice(page, knowledge, host=site) is not None for _, page in here):
        return  # a known notice redirects, and its other pages go with it
    for _, page in here:
        if not familiar(page, knowledge):
            yield site, page


def helper_pages(record: Record) -> Iterator[Page]:
    """What the helper got: a title that it saw anywhere is no notice's."""
    for trial in record.counted:
        if trial.side is Side.HELPER and trial.fetch is not None and trial.fetch.page is not None:
            yield trial.fetch.page


def _plain(trial: Trial) -> bool:
    return trial.role is Role.SUBJECT and trial.pair is None and trial.changed in _ASKED


def _authentic(trial: Trial, site: str, *, checked: bool) -> bool:
    """Under a certificate of the site's owner."""
    url = trial.ask.url or ""
    return url.startswith("https:") and certified(trial, checked=checked) and owner(host_in(url) or "") == owner(site)


def _among(page: Page, others: list[Page]) -> bool:
    return any(alike(page, other) or same_page(page, other) for other in others)
