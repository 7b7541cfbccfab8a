"""Pages that may be notices not yet known."""

from hushmap.codec import read_ooni
from hushmap.detect import Clusters
from hushmap.judge import Strange
from hushmap.model import Knowledge
from unit.judge.foreign import measurement

BODY = "<html><title>Notice</title><p>" + "This address cannot be opened from here by order. " * 8 + "</p></html>"


def test_strange_pages_of_several_records_are_sorted_together():
    """Parts that were found apart lead to the same proposal as the whole; pages that are the site's are none."""
    names = ("press", "school", "shop", "forum")
    lines = [measurement(f"{name}.example", scheme="http", body=BODY) for name in names]
    records = [read_ooni(line) for line in [*lines, measurement("good.example")]]
    together, apart = Clusters(), Clusters()
    whole = Strange()
    for record in records:
        whole.look(record, Knowledge())
        part = Strange()
        part.look(record, Knowledge())
        part.sort(apart)
    whole.sort(together)
    assert [one.host for one in whole.pages] == [f"{name}.example" for name in names]
    assert whole.pages[0].page.sketch
    assert (whole.pages[0].country, whole.pages[0].asn, whole.pages[0].record) == ("XE", 64501, records[0].id)
    assert [page.title for page in whole.elsewhere] == ["T"] * 5
    (proposal,) = together.proposals()
    assert apart.proposals() == (proposal,)
    assert proposal.sites == 4
