"""Which host names a censor acts on: listed domains, by one of several readings of its list, and words in a name.

DNS, TLS, QUIC and HTTP carry names in one form, so one class reads them all. The readings are those that censors of
the field were found to have (refs/BEYOND 2.10: exact, a domain with all under it, by its beginning or its end).
"""

from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.wording import TOGETHER, Combination

EVERY_NAME = "."
"""The root of the DNS as an entry of `names`: all that there is."""
_ACE = "xn--"
"""What a label begins with that stands for other scripts (RFC 5890 2.3.2.5)."""


class Naming:
    """What a censor makes of a host name."""

    takes = fields("names", "matching", "punycode", *TOGETHER)
    needs = groups(fields("names", "words"))

    def __init__(self, censor: Censor) -> None:
        self._names = frozenset(name.lower() for name in censor.names)
        self._matching, self._punycode = censor.matching, censor.punycode
        self._together = Combination(censor, lambda word: (word.lower().encode(),))

    def covers(self, name: str) -> str | None:
        """The entry that covers a host name: one of the names as this censor reads them, or a word in it."""
        name = name.lower().rstrip(".")
        listed = self._listed(name)
        if listed is not None:
            return listed
        if EVERY_NAME in self._names:
            return EVERY_NAME
        return self._together.first(name.encode()) or (
            self._together.first(_decoded(name).encode()) if self._punycode and _ACE in name else None
        )

    def _listed(self, name: str) -> str | None:
        if self._matching == "exact":
            return name if name in self._names else None
        if self._matching == "beginning":
            return next((each for each in sorted(self._names) if name.startswith(each)), None)
        if self._matching == "ending":
            return next((each for each in sorted(self._names) if name.endswith(each)), None)
        labels = name.split(".")
        suffixes = [".".join(labels[first:]) for first in range(len(labels))]
        if self._matching == "label":
            return next((each for each in sorted(self._names) if any(one.startswith(each) for one in suffixes)), None)
        return next((one for one in suffixes[self._matching == "under" :] if one in self._names), None)


def _decoded(name: str) -> str:
    """The name with labels of other scripts as these are read; what cannot be read stays (RFC 3492)."""
    return ".".join(_label(label) for label in name.split("."))


def _label(label: str) -> str:
    try:
        return label.removeprefix(_ACE).encode().decode("punycode") if label.startswith(_ACE) else label
    except UnicodeError:
        return label
