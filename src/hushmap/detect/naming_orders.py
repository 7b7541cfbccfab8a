"""What a platform's notice says of the order behind it: number and date, in the ways that are known."""

import re

import msgspec

_STOP = r"\s,;\uff0c\u3002\uff1b"
_ORDER = re.compile(
    rf"(?:\border(?![a-z])|\u547d\u4ee4|\u2116|\bno\.)\s{{0,2}}(?:no\.?\s{{0,2}}|\u2116\s{{0,2}})?"
    rf"((?=[^{_STOP}]{{0,40}}\d)[^{_STOP}]{{1,40}}?)(?=\u53f7|[{_STOP}]|\.?$)",
    re.IGNORECASE,
)
"""`order 47/2026`, `No. 12-A`, `№ 27-31`, and in Chinese what stands between the words for order and number.

`no` without its dot counts results as often as orders.
"""
_MONTHS = "january february march april may june july august september october november december".split()
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_ZH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_EN = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice says of the order behind it."""

    order: str | None = None
    day: str | None = None


def dated(notice: str) -> Dated:
    """The number and the date of the order that a notice names, as far as it does."""
    order = _ORDER.search(notice)
    return Dated(order=order[1] if order else None, day=_date(notice))


def _date(text: str) -> str | None:
    for pattern, places in ((_ZH, (1, 2, 3)), (_ISO, (1, 2, 3)), (_DOTTED, (3, 2, 1))):
        if found := pattern.search(text):
            year, month, day = (int(found[place]) for place in places)
            break
    else:
        found = _EN.search(text)
        if found is None:
            return None
        year, month, day = int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])
    return f"{year:04}-{month:02}-{day:02}" if 0 < month < 13 and 0 < day < 32 else None
