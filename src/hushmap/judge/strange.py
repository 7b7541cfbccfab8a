"""Pages of judged records that may be notices not yet known, on their way to whoever sorts them.

A worker process finds them and cannot sort them: the same page has to be seen in the place of unrelated sites, which
other workers met.
"""

import msgspec

from hushmap.codec import sketched
from hushmap.detect import Clusters, helper_pages, strangers
from hushmap.model import Knowledge, Page, Record


class Stranger(msgspec.Struct, frozen=True):
    """A page that was not the site's, and where it came."""

    host: str
    country: str | None
    asn: int | None
    page: Page
    record: str


class Strange(msgspec.Struct):
    """What some records hold of them."""

    pages: list[Stranger] = msgspec.field(default_factory=list)
    elsewhere: list[Page] = msgspec.field(default_factory=list)
    """Pages that came where nothing is blocked, without their bodies."""

    def look(self, record: Record, knowledge: Knowledge) -> None:
        """Take what is strange of one record."""
        where = record.vantage
        for host, page in strangers(record, knowledge):
            self.pages.append(Stranger(host, where.country, where.asn, sketched(page), record.id))
        self.elsewhere += [Page(status=page.status, title=page.title) for page in helper_pages(record) if page.title]

    def sort(self, clusters: Clusters) -> None:
        """Give all of it to whoever sorts."""
        for page in self.elsewhere:
            clusters.elsewhere(page)
        for one in self.pages:
            clusters.add(one.host, one.country, one.asn, one.page, one.record)
