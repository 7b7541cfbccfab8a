"""OONI's API as a test imagines it, on the web server of loopback."""

import json
from dataclasses import dataclass, field

from unit.remote.serving import Answer


def body(uid):
    """What is published under an id."""
    return {"measurement_uid": uid, "test_keys": {"text": "é" * 10}}


@dataclass
class FakeApi:
    """Measurements as (uid, time), sorted when they are listed; and what goes wrong."""

    measurements: list = field(default_factory=list)
    bodies: dict = field(default_factory=dict)
    """By id, where it is not `body(uid)`."""
    meddle: object = None
    """Called with each request; an Answer of it is given instead."""
    pages: int = 0

    def __call__(self, asked):
        """Answer one request."""
        answer = self.meddle(asked) if self.meddle else None
        if answer is not None:
            return answer
        kind = asked.path.rpartition("/")[2]
        if kind == "aggregation":
            return Answer(json.dumps({"result": {"measurement_count": len(self.measurements)}}).encode())
        if kind == "measurements":
            self.pages += 1
            return self._page(asked.query)
        uid = asked.query["measurement_uid"]
        return Answer(self.bodies.get(uid, json.dumps(body(uid), indent=1).encode()))

    def _page(self, query):
        assert query["order"], "the list is asked for oldest first"
        begin, size = int(query["offset"]), int(query["limit"])
        matching = sorted(
            (when, uid) for uid, when in self.measurements if query["since"] <= when[:19] < query["until"]
        )
        page = matching[begin : begin + size]
        more = "there is more" if begin + size < len(matching) else None
        results = [
            {"measurement_uid": uid, "measurement_start_time": when, "probe_cc": "XE", "scores": {}}
            for when, uid in page
        ]
        return Answer(json.dumps({"metadata": {"count": -1, "next_url": more}, "results": results}).encode())
