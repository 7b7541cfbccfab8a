"""A page as OONI published it -> the facts of it that a record keeps.

A body is neither copied nor hashed nor sketched here: that is too dear for every page of a million measurements, and
few verdicts ask for it.
"""

import binascii
from collections.abc import Collection

from hushmap.codec import ooni_loose as shape
from hushmap.model import Page
from hushmap.wire import html

HEADERS = 64
"""Header values that are kept; real responses have a tenth to a half of that."""
VALUE = 8192
"""Characters of a header's value that are kept: what servers take and send (RFC 9110 section 5.4)."""


class _Lower(dict[str, str]):
    """Header names in lower case; the same few hundred come again and again, and looking one up is cheaper."""

    def __missing__(self, name: str) -> str:
        lower = name.lower()
        if len(self) < _NAMES:
            self[name] = lower
        return lower


_NAMES = 4096
"""Header names that are remembered; anybody can invent more."""
_LOWER = _Lower()


def page(response: shape.Response, path: str, index: int) -> Page | None:
    """The page of `response`, number `index` of the list at `path`; `None` if no status line came."""
    status = response.code
    if status is None or status <= 0:
        status = _status(response.response_line)
        if status is None:
            return None
    pairs = response.headers_list
    if not pairs and response.headers:
        pairs = shape.headers(response.headers, f"{path}[{index}].response.headers")
    names, values = header_values(pairs) if pairs else ((), ())
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
            raise ValueError(f"{error} - at `{path}[{index}].response.body.data`") from error
        text, length = html.decode(data), len(data)
    return Page(
        status=status,
        header_names=names,
        location=values[names.index("location")][1] if "location" in names else None,
        server=values[names.index("server")][1] if "server" in names else None,
        headers=values if len(values) <= HEADERS else values[:HEADERS],
        title=html.title_of(text) if text else None,
        body_length=length,
        truncated=bool(response.body_is_truncated),
        body=text,
    )


def header_values(
    pairs: Collection[tuple[str, shape.Value]],
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Lower-cased names of headers in order, and (name, value) of each."""
    names: list[str] = []
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        if type(value) is not str or len(value) > VALUE:
            found = [(_LOWER[name], text[:VALUE]) for name, value in pairs for text in _texts(value)]
            return tuple([name for name, _ in found]), tuple(found)
        lower = _LOWER[name]
        names.append(lower)
        found.append((lower, value))
    return tuple(names), tuple(found)


def octets(text: str) -> bytes:
    """The bytes of a base64 text.

    Raises:
        ValueError: It is none.
    """
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:  # a character outside ASCII, or a wrong length
        raise ValueError("no base64") from error


def _texts(value: shape.Value) -> list[str]:
    """A header's value, or each of them, as text; bytes that are no UTF-8 as Latin-1, which loses none."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, shape.Binary):
        try:
            data = octets(value.data)
        except ValueError:
            return [value.data]
        try:
            return [data.decode()]
        except UnicodeDecodeError:
            return [data.decode("latin-1")]
    return ["" if value is None else str(value)]


def _status(line: str | None) -> int | None:
    """The code of a status line, which old probes kept instead of the code."""
    code = line.split(" ", 2)[1] if line and " " in line else ""
    return int(code) if len(code) == 3 and code.isascii() and code.isdigit() and code[0] != "0" else None
