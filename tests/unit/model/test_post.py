"""A post: what a list says of it, written down without what says nothing."""

import msgspec

from hushmap.model import Platform, Post, Target

PLATFORM = Platform(id="driftwood", name="Driftwood")


def test_a_post_is_written_and_read_as_it_is():
    """What is not said takes no place."""
    post = Post(platform=PLATFORM)
    line = msgspec.json.encode(post)
    assert line == b'{"platform":{"id":"driftwood","name":"Driftwood"}}'
    whole = Post(platform=PLATFORM, account="account-0a", public_body=True, twins=("post-0b",))
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Post) == whole


def test_a_post_is_one_thing_on_its_platform():
    """The same id elsewhere is another post."""
    keys = {
        Target(experiment="watch", text="p1", post=Post(platform=Platform(id=name, name=name))).key
        for name in ("driftwood", "saltmarsh")
    }
    assert len(keys) == 2
