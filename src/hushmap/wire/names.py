"""Host names as they go on the wire: labels checked, other scripts as A-labels.

DNS, TLS and HTTP all carry the same ASCII form, so one function makes it. IDNA 2008 with the UTS 46 mapping is what
browsers look up (RFC 5891; WHATWG URL 3.3). Underscores are allowed: names that people really use have them.
"""

import re
import string

import idna

LABEL_LIMIT = 63
"""RFC 1035 section 2.3.4."""

NAME_LIMIT = 253
"""Text form of the 255 octets of RFC 1035 section 2.3.4: one length octet and the root are not written."""

TEXT_LIMIT = 1024
"""Longest text that is worth mapping: four times a name, and IDNA mapping is not linear."""

_ALLOWED = frozenset(string.ascii_letters + string.digits + "-_")
_USUAL = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*").fullmatch
"""Names that go out as they are: nearly all."""


def ascii_name(text: str) -> str:
    """`text` as an ASCII host name without its final dot; letters keep their case.

    Raises:
        ValueError: Not a name: an empty or long label, a character no label holds, or no IDNA form.
    """
    if len(text) <= NAME_LIMIT and _USUAL(text):
        return text
    if len(text) > TEXT_LIMIT:
        raise ValueError(f"a name of {len(text)} characters is longer than a name may be")
    name = (text if text.isascii() else _mapped(text)).removesuffix(".")
    labels = [label if label.isascii() else _a_label(label) for label in name.split(".")]
    for label in labels:
        if not 0 < len(label) <= LABEL_LIMIT:
            raise ValueError(f"{text!a:.120} has a label of {len(label)} characters (1 to {LABEL_LIMIT} may be)")
        if not _ALLOWED.issuperset(label):
            wrong = min(set(label) - _ALLOWED)
            raise ValueError(f"{text!a:.120} has {wrong!a} in a label, which no host name may have")
    name = ".".join(labels)
    if len(name) > NAME_LIMIT:
        raise ValueError(f"{text!a:.120} is longer than {NAME_LIMIT} characters")
    return name


def _mapped(text: str) -> str:
    try:
        return idna.uts46_remap(text, std3_rules=False, transitional=False)
    except UnicodeError as error:
        raise ValueError(f"{text!a:.120} is no name: {_say(error)}") from error


def _a_label(label: str) -> str:
    try:
        return idna.alabel(label).decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"{label!a:.120} is no label of a name: {_say(error)}") from error


def _say(error: Exception) -> str:
    return ascii(str(error))[1:-1][:120]
