"""The small site with what changed in it: onsets, liftings, a service, a word, and what failed all along."""

import msgspec

from hushmap.analysis import Sure, changes, together
from hushmap.report.site.making import Making
from hushmap.report.words import Words
from unit.analysis.courses import course
from unit.report.site.books import book, target

QUIET = "." * 60
NEWS, SHOP = "news.example.org", "shop.example.com"


def incidents():
    """Confirmed and lifted on Net-A; begun on Net-B at the same time; a shop that always failed; a word."""
    frames = [
        course(QUIET + "x" * 60 + QUIET, domain=NEWS),
        course(QUIET + "x" * 60, domain=NEWS, asn=64502, network="Net-B"),
        course("u" * 40, domain=SHOP),
        course(
            QUIET + "x" * 40, domain="word", experiment="keyword", target="planted", place="http-path"
        ).assign(domain=None),
    ]  # fmt: skip
    return changes(together(frames)).incidents


def unsure(found):
    """The same, where nothing was confirmed."""
    less = {
        "status": Sure.PROVISIONAL, "onset_confirmed": None, "lifting": Sure.PROVISIONAL, "lifting_confirmed": None,
    }  # fmt: skip
    return msgspec.structs.replace(found, id=f"{found.id[:-1]}z", event="", **less)


def of_service(found):
    """The same of a service: two hosts failed and one worked."""
    hosts = {"hosts": (NEWS, "m.news.example.org"), "hosts_working": (SHOP, "cdn.example.net")}
    return msgspec.structs.replace(found, id="5e41ce", event="", service="News", way="tls", lines=3, **hosts)


def happened(lang="en", **more) -> Making:
    """What pages of the site are made of."""
    told = book(incidents=more.pop("incidents", None) or incidents(), **more)
    second = target(NEWS, id="news-example-org-2", target=f"https://{NEWS}/about")
    known = msgspec.structs.replace(told, targets=(*told.targets, second))
    return Making(book=known, words=Words(lang))
