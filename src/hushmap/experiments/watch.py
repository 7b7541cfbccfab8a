"""The `watch` experiment: is a public post still there, and if not, what does its platform say?

A run is a visit and its record stands for itself; when the next visit is due is the series' matter (cli). A post that
is missing is looked for once more after ten minutes, each time beside another post of the platform that should be
there, and a third time where the two looks differ. What the network or the server did not let through is asked for
again at growing gaps, and after a captcha at long ones (refs/KEYWORDS 2.2, 2.6).
"""

from collections.abc import Iterator

import msgspec

from hushmap.detect import APART, LOOK_TRIES, MISSING, STATES, TELLING, Look, Shown, looks, shown
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Want
from hushmap.experiments.survey import load
from hushmap.experiments.visiting import Visiting
from hushmap.model import (
    Extraction,
    Platform,
    Post,
    PostPage,
    Role,
    Side,
    Target,
    Trial,
    is_address,
)
from hushmap.wire import url

MAX_LOOKS = 3
"""At one post in one visit: the third where the first two differ."""
TWINS = 2
"""Posts beside it that are asked for: one of the same account and one of another are told apart by that."""
MAX_OF_WATCH = 1 + LOOK_TRIES + MAX_LOOKS * (1 + TWINS) * LOOK_TRIES
"""Attempts at most, lookups among them."""


class Watch(Visiting):
    """One visit to one post."""

    experiment = "watch"
    most = MAX_OF_WATCH
    tries = LOOK_TRIES

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        if target.post is None or target.post.platform.post is None:
            raise ValueError("a post is watched by its platform's manifest")
        super().__init__(target, conditions, first_id)
        self._post: Post = target.post
        self._page = target.post.platform.post
        self._extraction = extraction(target.post.platform, self._page)

    def wanted(self) -> Iterator[Want]:
        """Where the platform is; then looks, until one shows the post or two agree."""
        host = self._url(self.target.text).host
        if is_address(host):
            yield from self._visits(host)
            return
        yield from self.until(Want(ask=self.lookup(host), role=self.role), lambda trial: bool(self.places(trial)))
        for trial in self.counted:
            for place in self.places(trial)[:1]:
                yield from self._visits(place)
                return

    def _visits(self, place: str) -> Iterator[Want]:
        if self._post.nonsense:
            yield from self.until(self._load(self.target.text, place, 0, 0.0), _says)
            yield from self.until(self._load(self._post.nonsense, place, 0, 0.0, Role.BASELINE), _says)
            return
        made = looks(self.counted)
        due = 0.0
        for number in range(MAX_LOOKS):
            if number and not self._further(made[:number]):
                return
            yield from self.until(self._load(self.target.text, place, number, due), _says)
            if len(made) <= number or made[number].state not in MISSING:
                return
            for twin in self._post.twins[:TWINS]:
                yield from self.until(self._load(twin, place, number, 0.0, Role.BASELINE), _says)
            due = made[number].trial.t + APART / self.conditions.scale

    def _further(self, made: tuple[Look, ...]) -> bool:
        """Whether looks that found the post missing leave something to be looked for."""
        return len(made) < 2 or made[-1].state is not made[-2].state

    def _load(self, text: str, place: str, number: int, due: float, role: Role | None = None) -> Want:
        ask = msgspec.structs.replace(load(self._url(text), place), extract=self._extraction)
        return Want(ask=ask, role=role or self.role, round=number * LOOK_TRIES, not_before=due)

    def _url(self, text: str) -> url.Url:
        return url.parse(self._page.url.replace("{id}", text))

    def walled(self, trial: Trial) -> bool:
        """Whether the page that was read is a captcha."""
        return shown(trial) is Shown.CAPTCHA

    def suspicious(self) -> bool:
        """Whether something is looked for again."""
        return any(attempt.round for attempt in (*self.trials, *self._pending.values()))


def extraction(platform: Platform, page: PostPage) -> Extraction:
    """What is to be known of the page of a post, and nothing else of it."""
    walls = {Shown.CAPTCHA: platform.captcha, Shown.LOGIN: platform.login}
    every = {**walls, **{state: getattr(page, state) for state in STATES}}
    return Extraction(
        signs=tuple((str(name), sign) for name, signs in every.items() for sign in signs), discreet=True
    )


def _says(trial: Trial) -> bool:
    return trial.side is Side.HERE and shown(trial) in TELLING
