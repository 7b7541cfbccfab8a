"""`hushmap campaign survival`: visits to how long posts stayed; of a few persons' posts nothing is told."""

import json

import msgspec
import pytest

from hushmap.codec import encode_record
from hushmap.model import (
    Ask,
    Connect,
    Fetch,
    Handshake,
    Layer,
    Page,
    Platform,
    Post,
    Record,
    Role,
    Trial,
    Vantage,
)

STARTS = ("2026-11-01T00:00:00Z", "2026-11-01T01:00:00Z", "2026-11-02T00:00:00Z", "2026-12-01T00:00:00Z")
PLATFORM = Platform(id="driftwood", name="Driftwood")


def load(number, post, sign, t0, round_=0):
    """One page load of a post, or of the one beside it."""
    ask = Ask(layer=Layer.HTTP, url=f"https://driftwood.test/post/{post}", address="198.51.100.7")
    page = Page(status=200 if sign else 404, signs=(sign,) if sign else ())
    steps = (
        Connect(t0=t0, t=t0, address="198.51.100.7", port=443),
        Handshake(t0=t0, t=t0, address="198.51.100.7", port=443, valid=True),
        Fetch(t0=t0, t=t0 + 1, url=ask.url, page=page),
    )
    role = Role.BASELINE if post == "twin" else Role.SUBJECT
    return Trial(id=number, ask=ask, role=role, round=round_, steps=steps, t0=t0, t=t0 + 1)


def visit(number, run, state, *, public_body=False, authors=1000):
    """One visit to one post: `visible`, why it is gone, or "" without a word."""
    looks = [(1, f"post-{number}", state, 5.0, 0)]
    if state != "visible":
        looks += [
            (2, "twin", "visible", 6.0, 0),
            (3, f"post-{number}", state, 700.0, 6),
            (4, "twin", "visible", 701.0, 6),
        ]
    return Record(
        id=f"run-{run}-{number:04d}", run=f"run-{run}", experiment="watch", target=f"post-{number}",
        started=STARTS[run], ended=STARTS[run], run_started=STARTS[run],
        post=Post(platform=PLATFORM, account=f"account-{number % authors}", public_body=public_body),
        trials=tuple(load(*look) for look in looks),
    )  # fmt: skip


def panel(number, **more):
    """Posts of which every second is removed between an hour and a day, one in six withdrawn, one in twelve hidden."""
    gone = {1: "removed", 3: "removed", 5: "removed", 7: "removed", 9: "author_removed", 11: "hidden"}
    for one in range(number):
        for run in range(len(STARTS)):
            yield visit(one, run, gone.get(one % 12, "visible") if run >= 2 else "visible", **more)


@pytest.fixture
def kept(home):
    """Writes records into a file; its name."""

    def write(records, name="visits.jsonl"):
        (home / name).write_bytes(b"".join(map(encode_record, records)))
        return name

    return write


def test_shares_by_cause_are_told_with_the_limits(kept, hushmap):
    """All together first; what decided nothing, and other experiments, are passed over."""
    other = msgspec.structs.replace(visit(0, 0, "visible"), experiment="web", id="run-9-0001")
    odd = msgspec.structs.replace(visit(0, 0, "captcha"), id="run-8-0001")
    text = hushmap("campaign", "survival", kept([*panel(24), other, odd])).stdout
    lines = text.splitlines()
    assert lines.pop(0) == "Posts on Driftwood."
    assert lines[0] == "24 posts of 24 accounts, 96 visits that decided something, followed for 30 days."
    assert lines[1].startswith("Gone for any reason: 12 of 24. ")
    assert lines[2].startswith("Removed, as the platform says: 8 of 24. ")
    assert "No median: " in lines[2]
    assert lines[3].startswith("Hidden, as the platform says: 2 of 24.")
    assert lines[4].startswith("Withdrawn by the author, as the platform says: 2 of 24.")
    assert lines[5].startswith("Seen then or later: 12 at 24 hours") or "at 1 hour" in lines[5]
    assert "who made a post go and why" in lines[-1]


def test_json_has_counts_and_no_row_about_a_post(kept, hushmap):
    """For programs; in Chinese the same sentences."""
    told = json.loads(hushmap("campaign", "survival", kept(panel(24)), "--json").stdout)
    assert (told["schema"], told["panel"]["followed"], told["panel"]["unseen"]) == ("hushmap.survival/1", 24, 0)
    assert [one["cause"] for one in told["causes"]] == [None, "removed", "hidden", "withdrawn"]
    assert "post-" not in json.dumps(told)
    assert "平台称已删除" in hushmap("campaign", "survival", kept(panel(24)), "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("removed", "Removed"),
        ("author_removed", "Withdrawn by the author"),
        ("account_gone", "Gone with the account"),
        ("hidden", "Hidden"),
        ("held", "Hidden"),
    ],
)
def test_every_word_of_a_platform_is_a_cause(kept, hushmap, state, said):
    """What is held back after it was there is hidden, as what only some may see is."""
    records = [visit(one, run, state if run and one < 3 else "visible") for one in range(12) for run in range(4)]
    assert f"{said}, as the platform says: 3 of 12." in hushmap("campaign", "survival", kept(records)).stdout


def test_the_same_record_counts_once(kept, hushmap):
    """Given in two files."""
    first, second = kept(panel(24)), kept(panel(24), "again.jsonl")
    assert "96 visits" in hushmap("campaign", "survival", first, second).stdout


def test_of_a_few_posts_nothing_is_told_unless_public_bodies_wrote_them(kept, hushmap):
    """METHOD 5: aggregates of ten or more."""
    refused = hushmap("campaign", "survival", kept(panel(9)))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "9 posts of 9 accounts followed" in refused.stderr
    assert hushmap("campaign", "survival", kept(panel(9, public_body=True))).exit_code == 0


def test_of_few_persons_posts_nothing_is_told(kept, hushmap):
    """Ten posts may all be one person's; of two, each who leaves out his own has those of the other."""
    refused = hushmap("campaign", "survival", kept(panel(12, authors=2)))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "12 posts of 2 accounts followed that persons wrote" in refused.stderr
    assert hushmap("campaign", "survival", kept(panel(12, authors=3))).exit_code == 0
    assert hushmap("campaign", "survival", kept(panel(12, authors=1, public_body=True))).exit_code == 0


def test_posts_that_were_found_too_late_do_not_hide_one_that_was_not(kept, hushmap):
    """Of twelve followed eleven were seen at later visits only and are left out: what is told is told of the one."""
    late = [
        visit(one, run, "visible" if one == 0 or run else "captcha")
        for one in range(12)
        for run in range(len(STARTS))
    ]
    refused = hushmap("campaign", "survival", kept(late))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "1 post of 1 account followed that persons wrote" in refused.stderr


def test_posts_of_public_bodies_hide_no_persons_among_them(kept, hushmap):
    """Of 24 followed 23 are an office's: what is told of all would be told of the one."""
    every = [
        msgspec.structs.replace(one, post=msgspec.structs.replace(one.post, public_body=one.target != "post-0"))
        for one in panel(24)
    ]
    assert any(not one.post.public_body for one in every)
    assert hushmap("campaign", "survival", kept(every)).exit_code == 2


def test_a_post_gone_without_a_word_is_gone_for_any_reason(kept, hushmap):
    """It counts in no cause."""
    records = [visit(one, run, "" if run and one < 3 else "visible") for one in range(12) for run in range(4)]
    text = hushmap("campaign", "survival", kept(records)).stdout
    assert "Gone for any reason: 3 of 12." in text
    assert "as the platform says" not in text


def test_a_run_that_does_not_say_when_it_began_is_an_error_of_one_line(kept, hushmap):
    """Its visits have no place among the others; nor has a time that is nobody's zone."""
    for text in ("", "yesterday", "2026-11-01T00:00:00"):
        records = [msgspec.structs.replace(one, run_started=text) for one in panel(24)]
        refused = hushmap("campaign", "survival", kept(records))
        assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
        assert "run-0-0000 does not say when its run began" in refused.stderr


def test_a_published_copy_does_not_tell_how_long(kept, hushmap):
    """Its times are whole hours, so that visits minutes apart are one, and its posts have no accounts."""
    records = [
        msgspec.structs.replace(one, annotations={"time_precision": "hour"}) for one in panel(24, public_body=True)
    ]
    refused = hushmap("campaign", "survival", kept(records))
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert "give the runs as they were recorded" in refused.stderr


def test_posts_whose_accounts_are_not_known_may_be_one_persons(kept, hushmap):
    """They count as one person's where persons are kept from being told of; else it is said that intervals may lie."""

    def nameless(records, known=()):
        for one in records:
            account = one.post.account if one.target in known else ""
            yield msgspec.structs.replace(one, post=msgspec.structs.replace(one.post, account=account))

    refused = hushmap("campaign", "survival", kept(nameless(panel(24))))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "24 posts of 1 account followed that persons wrote" in refused.stderr
    some = hushmap("campaign", "survival", kept(nameless(panel(24), {"post-0", "post-2"}))).stdout
    assert "Of 22 posts the account is not known" in some
    whole = hushmap("campaign", "survival", kept(nameless(panel(12, public_body=True)))).stdout
    assert "Of 12 posts the account is not known" in whole
    assert "account is not known" not in hushmap("campaign", "survival", kept(panel(24))).stdout


def test_a_persons_post_stays_one_whatever_another_list_says(kept, hushmap):
    """A later row that takes it for a public body's does not open it."""
    every = [*panel(9), *(msgspec.structs.replace(one, id=f"z{one.id}") for one in panel(9, public_body=True))]
    assert hushmap("campaign", "survival", kept(every)).exit_code == 2


def test_nothing_to_tell_is_an_error_of_one_line(kept, hushmap):
    """No visit that decided anything, or one only."""
    for records in ([visit(0, 0, "captcha")], [visit(one, 0, "visible") for one in range(12)]):
        refused = hushmap("campaign", "survival", kept(records))
        assert refused.exit_code == 2
        assert "docs/how-to/watch.md" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_visits_from_two_countries_are_not_pooled(kept, hushmap):
    """Hidden in one and open in the other would be told as neither."""
    every = list(panel(12))
    every[0] = msgspec.structs.replace(every[0], vantage=Vantage(country="XF"))
    done = hushmap("campaign", "survival", kept(every))
    assert (done.exit_code, "give the runs of one country" in done.stderr) == (2, True)


def test_posts_of_two_platforms_are_not_pooled(kept, hushmap):
    """Each removes in its own way, and the same name may be another's account there: one is asked for."""
    other = Post(platform=Platform(id="flotsam", name="Flotsam"), account="account-1", public_body=False)
    theirs = [
        msgspec.structs.replace(one, id=f"f-{one.id}", target=f"f-{one.target}", post=other) for one in panel(24)
    ]
    name = kept([*panel(24), *theirs])
    done = hushmap("campaign", "survival", name)
    assert (done.exit_code, done.stderr.count("posts of driftwood and flotsam: each removes")) == (2, 1)
    told = json.loads(hushmap("campaign", "survival", name, "--platform", "driftwood", "--json").stdout)
    assert (told["platform"], told["panel"]["followed"]) == ("driftwood", 24)
    none = hushmap("campaign", "survival", name, "--platform", "jetsam")
    assert none.exit_code == 2
    assert "no visit to a post of 'jetsam', but to some of driftwood and flotsam" in none.stderr


def test_visits_that_name_no_platform_are_refused(kept, hushmap):
    """Nor is an account known: all may be one person's, and the error says so."""
    bare = [msgspec.structs.replace(one, post=None) for one in panel(24)]
    done = hushmap("campaign", "survival", kept(bare))
    assert (done.exit_code, "fewer than 10 posts" in done.stderr) == (2, True)
