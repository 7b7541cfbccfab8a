"""What a platform answers to a request: a function of seed, time and question, but for who came how often just now.

Three replicas stand behind it, and chance says which of them answers. One lags behind; another now and then makes its
index anew, and for five minutes has not heard of half of the posts, or takes them for removed. Such a time comes once
in each 47 minutes, and never within their first or last quarter: nothing that flickers is missed at two visits that
lie ten to twenty-three minutes apart. In a lab that hurries all of this is as many times shorter.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import parse_qs, urlsplit

import msgspec

from hushmap.lab.platform import pages
from hushmap.lab.platform.contents import FILTERED, LISTED, Contents, Post, Word, contents
from hushmap.lab.platform.pages import Answered, Item
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.wire import http

TOP = 20
"""Results of a page."""
LAGS, REBUILDS = 1, 2
"""The replicas that are not what the first is."""
REPLICAS = 3
FORM, NOWHERE = "/find", "/nowhere"
"""Where the form for searching is sent, as the platforms that have no GET for it do; and what is no page."""
EVERY_S, REBUILD_S = 2820.0, 300.0
"""No part of an hour, so that visits at whole hours fall into it now and then."""
_MINUTE = 60.0
_CLOSE = ("Connection", "close")


class Platform:
    """One platform."""

    def __init__(self, settings: PlatformSettings, clock: Callable[[], float], scale: float = 1.0) -> None:
        """`clock` says unix time; the platform begins now unless its settings say when; `scale` is the lab's."""
        self.settings, self._clock, self._scale = settings, clock, scale
        self.contents: Contents = contents(settings)
        self._began = clock() if settings.began is None else settings.began.timestamp()
        self._posts = {post.id: post for post in self.contents.posts}
        self._items = {item.id: item for item in self.contents.items}
        self._lately: dict[str, deque[float]] = {}
        self._visits = 0

    @property
    def now(self) -> float:
        """Seconds since its first moment."""
        return self._clock() - self._began

    def truth(self) -> bytes:
        """What is true of it, as JSON; `began` is unix time, and all other times count from it."""
        return msgspec.json.encode({"began": self._began, **msgspec.to_builtins(self.contents)})

    def answer(self, request: http.Request, visitor: str) -> bytes:
        """What is said to a visitor; nothing: the connection is closed without a word."""
        self._visits += 1
        now = self.now
        rng = random.Random(f"{self.settings.seed} {visitor} {self._visits} {now:.3f}")  # noqa: S311 (a simulation's)
        answered = self._answered(_target(request), visitor, now, rng)
        if answered is None:
            return b""
        return http.response_bytes(answered.status, [*answered.headers, _CLOSE], answered.page)

    def _answered(self, target: str, visitor: str, now: float, rng: random.Random) -> Answered | None:
        if rng.random() < self.settings.fail:
            return rng.choice((None, pages.broken()))
        if self._often(visitor, now) or rng.random() < self.settings.captcha:
            return pages.captcha()
        return self.page(target, rng.randrange(REPLICAS), now)

    def _often(self, visitor: str, now: float) -> bool:
        """Whether an address came more often within a minute than is liked."""
        lately = self._lately.setdefault(visitor, deque())
        lately.append(now)
        while lately[0] <= now - _MINUTE:
            lately.popleft()
        return len(lately) > self.settings.a_minute

    def page(self, target: str, replica: int, now: float) -> Answered:
        """The page that a replica shows."""
        parts = urlsplit(target)
        if parts.path in {"/search", "/api/search"}:
            query = parse_qs(parts.query).get("q", [""])[0]
            show = pages.found if parts.path == "/search" else pages.found_json
            return self._search(query, show, lost=self.rebuilds(query, replica, now))
        head, _, number = parts.path.removeprefix("/").partition("/")
        if head == "post" and number in self._items:
            item = self._items[number]
            return pages.post(item.id, item.source, item.text)
        if head == "post" and number in self._posts:
            return self._post(self._posts[number], replica, now)
        return pages.start() if parts.path == "/" else pages.unknown()

    # Searches

    def _search(self, query: str, show: Callable[..., Answered], *, lost: bool) -> Answered:
        word = self._filtered(query)
        fate = "open" if word is None else word.fate
        if fate == "legal":
            return pages.legal()
        if fate == "login":
            return pages.login()
        if fate == "walled":
            return pages.wall()
        order = None if word is None else word.order
        every: Iterable[Item] = () if lost or fate in {"empty", "notice"} else matching(query, self.contents.items)
        if fate == "soft":
            every = (item for item in every if item.source in LISTED)
        shown = list(every)[:TOP]
        return show(query, shown[::2] if fate == "partial" else shown, order, news=self._quoted(query))

    def _filtered(self, query: str) -> Word | None:
        """The first word of the list that a query holds, wherever it stands in it."""
        folded = query.casefold()
        return next((word for word in self.contents.words if word.fate in FILTERED and word.text in folded), None)

    def _quoted(self, query: str) -> bool:
        """Whether a headline that quotes the notices stands beside the results, as with half of all open words."""
        words = (word for word in self.contents.words if word.fate == "open" and word.text in query.casefold())
        return any(_even(f"{self.settings.seed} news {word.text}") for word in words)

    # Posts

    def _post(self, post: Post, replica: int, now: float) -> Answered:
        if self.rebuilds(post.id, replica, now):
            return pages.gone("removed") if _even(f"{self.settings.seed} {post.id}") else pages.unknown()
        reason = state(post, now - self.settings.lag_s / self._scale if replica == LAGS else now)
        if reason == "login":
            return pages.login()
        if reason == "unknown":
            return pages.unknown()
        return pages.post(post.id, post.account, post.text) if reason == "visible" else pages.gone(reason)

    def rebuilds(self, what: str, replica: int, now: float) -> bool:
        """Whether a replica has lost something for now."""
        if not self.settings.ghosts or replica != REBUILDS:
            return False
        number = now * self._scale // EVERY_S
        since = now - self.rebuild(number)
        return 0 <= since < REBUILD_S / self._scale and _even(f"{self.settings.seed} {what} {number}")

    def rebuild(self, number: float) -> float:
        """When the index is made anew for the time that has this whole number, in seconds from the first moment."""
        first, last = 0.25 * EVERY_S, 0.75 * EVERY_S - REBUILD_S
        start = random.Random(f"{self.settings.seed} rebuild {number}").uniform(first, last)  # noqa: S311
        return (number * EVERY_S + start) / self._scale


def _target(request: http.Request) -> str:
    """What is asked for; a form sent to `/find` searches, and nowhere else is one taken, nor `/find` without one."""
    if request.method == "GET":
        return request.target if urlsplit(request.target).path != FORM else NOWHERE
    kind = (request.header("content-type") or "").partition(";")[0]
    sent = (request.method, request.target, kind) == ("POST", FORM, "application/x-www-form-urlencoded")
    return f"/search?{request.body.decode('ascii', 'replace')}" if sent else NOWHERE


def state(post: Post, now: float) -> str:
    """`visible`, `unknown`, `login`, or why a post is gone, by a replica's own time."""
    if now < post.posted:
        return "unknown"
    if post.fate in {"stays", "login"}:
        return "login" if post.fate == "login" else "visible"
    happened = post.at is not None and now >= post.at
    if post.fate == "held":
        return "visible" if happened else "held"
    if not happened:
        return "visible"
    return "private" if post.fate == "hidden" else post.fate


def matching(query: str, items: Sequence[Item]) -> Iterable[Item]:
    """What a query finds: `A B` both, `-A` without it, `A | B` either."""
    ways = [way.split() for way in query.casefold().split("|")]
    return (item for item in items if any(_meets(item.text.casefold(), way) for way in ways if way))


def _meets(text: str, terms: Sequence[str]) -> bool:
    return all(term[1:] not in text if len(term) > 1 and term[0] == "-" else term in text for term in terms)


def _even(what: str) -> bool:
    return random.Random(what).random() < 0.5  # noqa: S311 (chance of a simulation)
