"""Where each page lies: one name for each, in a site that opens from disk and in the explorer alike.

A site has no root: it may lie in any folder of any server, or in none. So its links are relative, and a page in a
folder goes up first. The explorer has a root and serves the same names without their ending.
"""

from typing import Self
from urllib.parse import quote

import msgspec


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Links as one page writes them."""

    base: str = ""
    """What leads to the overview's folder: empty beside it, `../` in a folder below, `/` in the explorer."""
    end: str = ".html"
    """How a page's address ends: the explorer's end with nothing."""

    @classmethod
    def of(cls, path: str) -> Self:
        """The links of the page at `path` of a site."""
        return cls(base="../" * path.count("/"))

    @classmethod
    def served(cls) -> Self:
        """The links of every page of the explorer."""
        return cls(base="/", end="")

    @property
    def home(self) -> str:
        """The overview."""
        return f"{self.base}index.html" if self.end else self.base

    @property
    def method(self) -> str:
        """How verdicts come about."""
        return self._page("method")

    @property
    def data(self) -> str:
        """Downloads, how to cite and to check."""
        return self._page("data")

    def target(self, name: str) -> str:
        """All that was found of one target."""
        return self._page("targets", name)

    def network(self, name: str) -> str:
        """What was measured on one network."""
        return self._page("networks", name)

    def incident(self, name: str) -> str:
        """One change, or what was blocked all the time."""
        return self._page("incidents", name)

    def case(self, name: str) -> str:
        """A report of one confirmed change."""
        return self._page("cases", name)

    def campaign(self, name: str) -> str:
        """One campaign, as its sources tell it."""
        return self._page("campaigns", name)

    def trigger(self, name: str) -> str:
        """One word or set of words that is cut off."""
        return self._page("triggers", name)

    def measurement(self, record: str) -> str:
        """One measurement; only the explorer has a page for each."""
        return self._page("measurements", record)

    def listed(self, name: str) -> str:
        """A list of targets, by what `lists` calls it: `category-NEWS`, `words`."""
        return self._page("lists", name)

    def file(self, path: str) -> str:
        """Anything that is no page: `style.css`, `img/heat.svg`, `downloads/cells.csv`, `feed.xml`."""
        return self.base + quote(path)

    def _page(self, *parts: str) -> str:
        return self.base + "/".join(quote(part, safe="") for part in parts) + self.end
