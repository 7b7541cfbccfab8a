"""The pages of Driftwood, the lab's own search and microblog platform; no page of a real one is copied.

They are what `driftwood.toml` reads. A page says no more than the platform wants to be known: why a post is gone,
that something was left out of a search, or nothing at all.
"""

import json
from collections.abc import Sequence
from datetime import date
from html import escape

import msgspec

HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json; charset=utf-8")
LEGAL = ("Link", '<https://registrar.driftwood.test/>; rel="blocked-by"')
"""Who demanded it (RFC 7725 4)."""
GONE = {
    "removed": "This post has been removed for breaking the rules of the service.",
    "author": "This post has been deleted by its author.",
    "account": "The account that wrote this post no longer exists.",
    "private": "This post is visible to its author only.",
    "held": "This post is being reviewed and is not public yet.",
}
"""Why a post is not shown, in the platform's words; the attribute `data-reason` says it in one."""
NEWS = "Readers ask what “not shown under order” means; 读者问“搜索结果未予显示”是什么意思。"
"""A headline that stands beside results and quotes the notices: it is no notice."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform says to a request."""

    status: int
    headers: tuple[tuple[str, str], ...] = (HTML,)
    page: bytes


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a search finds."""

    id: str
    source: str
    text: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Why results are left out, as the notice says it."""

    number: str
    day: date
    language: str = "en"

    def sentence(self, *, some: bool) -> str:
        """The notice; `some`: other results are shown below it."""
        if self.language == "zh":
            what = "部分搜索结果未予显示" if some else "搜索结果未予显示"
            day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
            return f"根据相关法律法规和政策,{what}。命令{self.number}号,{day}。"
        what = "Some results are not shown" if some else "Results are not shown"
        return f"{what} under order {self.number} of {self.day.day} {self.day:%B %Y}."


def found(query: str, items: Sequence[Item], order: Order | None = None, *, news: bool = False) -> Answered:
    """What a search found, with a notice where one is given, and the headline beside it."""
    parts = [f'<aside class="news">{escape(NEWS)}</aside>'] if news else []
    parts += [] if order is None else [_notice(order, some=bool(items))]
    if items:
        rows = "".join(
            f'<li class="result" data-source="{escape(item.source)}">'
            f'<a href="/post/{escape(item.id)}">{escape(item.text)}</a></li>'
            for item in items
        )
        parts.append(f'<ol class="results">{rows}</ol>')
    elif order is None:
        parts.append(f'<p class="none">Nothing was found for “{escape(query)}”.</p>')
    return Answered(status=200, page=_whole(f"{query} - Driftwood search", "".join(parts)))


def found_json(query: str, items: Sequence[Item], order: Order | None = None, *, news: bool = False) -> Answered:
    """The same for programs: `/results` is an array, `/results/N/source` who wrote one, `/notice` a text or null."""
    table = {
        "query": query,
        "notice": None if order is None else order.sentence(some=bool(items)),
        "news": NEWS if news else None,
        "results": [{"id": item.id, "source": item.source, "href": f"/post/{item.id}"} for item in items],
    }
    return Answered(status=200, headers=(JSON,), page=json.dumps(table, ensure_ascii=False).encode())


def post(number: str, account: str, text: str) -> Answered:
    """A post that is shown."""
    said = f'<p class="by">{escape(account)}</p><p>{escape(text)}</p>'
    body = f'<article class="post" id="{escape(number)}">{said}</article>'
    return Answered(status=200, page=_whole(f"Post {number} - Driftwood", body))


def gone(reason: str) -> Answered:
    """A post that is not shown, and why."""
    return Answered(
        status=404, page=_whole("Driftwood", f'<div class="gone" data-reason="{reason}">{GONE[reason]}</div>')
    )


def unknown() -> Answered:
    """No such page, or a replica that has not heard of it yet: no reason is given."""
    return Answered(status=404, page=_whole("Driftwood", '<p class="unknown">There is no such page.</p>'))


def legal() -> Answered:
    """A search that is not answered because somebody demanded it (RFC 7725)."""
    text = "<h1>Unavailable for legal reasons</h1><p>This search is not answered.</p>"
    return Answered(status=451, headers=(HTML, LEGAL), page=_whole("Driftwood", text))


def captcha() -> Answered:
    """Asks for a proof, with an ordinary status."""
    text = '<form id="captcha"><p>Please show that you are no robot.</p><input name="answer"></form>'
    return Answered(status=200, page=_whole("Driftwood", text))


def login() -> Answered:
    """Wants to know who asks, with an ordinary status."""
    text = '<form id="login"><p>Sign in to go on.</p><input name="name"><input type="password"></form>'
    return Answered(status=200, page=_whole("Driftwood", text))


def wall() -> Answered:
    """In the way as well, and known to nobody: it lists nothing, and does not say that there is nothing."""
    return Answered(status=200, page=_whole("Driftwood", '<p class="moment">One moment, please.</p>'))


def broken() -> Answered:
    """A front server whose back is not there."""
    return Answered(status=502, page=b"<html><body><h1>502 Bad Gateway</h1></body></html>\n")


def start() -> Answered:
    """The front page."""
    return Answered(status=200, page=_whole("Driftwood", '<form action="/search"><input name="q"></form>'))


def _notice(order: Order, *, some: bool) -> str:
    return f'<div class="notice">{escape(order.sentence(some=some))}</div>'


def _whole(title: str, body: str) -> bytes:
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    return f"{head}<body><header>Driftwood</header>{body}</body></html>\n".encode()
