"""What the helper's HTTP echo says back: the request as it came, in base64.

Written so, an answer holds no word of the request: whatever is cut off toward our echo was cut for what was sent, and
a filter of answers does not pass for one of requests (refs/BEYOND 2.11).
"""

import base64
import binascii


def answer(came: bytes) -> bytes:
    """The body of the echo's answer to a request."""
    return base64.b64encode(came)


def said(body: bytes | str) -> bytes | None:
    """The request that an answer's body says back; `None`: the echo does not write so."""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):  # ValueError: text beyond ASCII
        return None
