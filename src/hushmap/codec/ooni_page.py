"""A page as OONI published it -> the facts of it that a record keeps.

A body is neither copied nor hashed nor sketched here: that is too dear for every page of a million measurements, and
few verdicts ask for it.
"""

import binascii

from hushmap.codec import ooni_loose as shape
from hushmap.model import Page
from hushmap.wire import html

HEADERS = 64
"""Header values that are kept; real responses have a tenth to a half of that."""
VALUE = 8192
"""Characters of a header's value that are kept: what servers take and send (RFC 9110 section 5.4)."""


def page(response: shape.Response | None, path: str) -> Page | None:
    """The page of `response`, found at `path`; `None` if no status line came."""
    if response is None:
        return None
    status = response.code
    if not status or status < 0:
        status = _status(response.response_line)
        if status is None:
            return None
    pairs = response.headers_list
    if not pairs and response.headers:
        pairs = shape.headers(response.headers, f"{path}.headers")
    values = header_values(pairs) if pairs else ()
    body = response.body
    if not body:
        text, length = None, 0
    elif isinstance(body, str):
        text = body
        length = len(body) if body.isascii() else len(body.encode())
    else:
        try:
            data = octets(body.data)
        except ValueError as error:
            raise ValueError(f"{error} - at `{path}.body.data`") from error
        text, length = html.decode(data), len(data)
    first = dict(reversed(values))
    return Page(
        status=status,
        header_names=tuple([name for name, _ in values]),
        location=first.get("location"),
        server=first.get("server"),
        headers=values if len(values) <= HEADERS else values[:HEADERS],
        title=html.title_of(text) if text else None,
        body_length=length,
        truncated=bool(response.body_is_truncated),
        body=text,
    )


def header_values(pairs: list[tuple[str, shape.Value]]) -> tuple[tuple[str, str], ...]:
    """(lower-cased name, value) for each header value, in order."""
    values: list[tuple[str, str]] = []
    for name, value in pairs:
        if type(value) is str:
            values.append((name.lower(), value if len(value) <= VALUE else value[:VALUE]))
        elif isinstance(value, list):
            values += [(name.lower(), one_value(item)[:VALUE]) for item in value]
        else:
            values.append((name.lower(), one_value(value)[:VALUE]))
    return tuple(values)


def one_value(value: shape.Binary | str | float | None) -> str:
    """A single header value as text; bytes that are no UTF-8 as Latin-1, which loses none (RFC 9110 section 5.5)."""
    if isinstance(value, shape.Binary):
        try:
            data = binascii.a2b_base64(value.data)
        except ValueError:
            return value.data
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data.decode("latin-1")
    return "" if value is None else str(value)


def octets(text: str) -> bytes:
    """The bytes of a base64 text.

    Raises:
        ValueError: It is none.
    """
    try:
        return binascii.a2b_base64(text)
    except ValueError as error:  # a character outside ASCII, or a wrong length
        raise ValueError("no base64") from error


def _status(line: str | None) -> int | None:
    """The code of a status line, which old probes kept instead of the code."""
    code = line.split(" ", 2)[1] if line and line.count(" ") else ""
    return int(code) if len(code) == 3 and code.isascii() and code.isdigit() and code[0] != "0" else None
