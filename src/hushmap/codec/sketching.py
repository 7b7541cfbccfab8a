"""What makes a foreign page comparable with others: its sketch and its hash, from the text that was kept of it.

Reading leaves them out, because they cost more than all the rest of a measurement and few pages are ever compared.
"""

import codecs
import hashlib

import msgspec

from hushmap.model import Page
from hushmap.wire import html


def sketched(page: Page) -> Page:
    """`page` with its sketch, and the hash of its text as UTF-8 where it had none; as it is, if it has no body."""
    if page.body is None or page.sketch:
        return page
    data = page.body.encode("utf-8", "replace")
    # The mark says that it is UTF-8 now, whatever charset the page declares.
    sketch = html.sketch(codecs.BOM_UTF8 + data)
    digest = page.body_sha256 or hashlib.sha256(data).hexdigest()
    return msgspec.structs.replace(page, sketch=sketch, body_sha256=digest)
