"""What `hushmap incidents` prints."""

from hushmap.analysis import changes, together
from hushmap.cli.incidents_text import MOST_SILENCES, cells, head, lines, objects
from unit.analysis.courses import course

QUIET = "." * 60


def text(*frames, **how):
    """What is printed of several courses."""
    return "\n".join(lines(changes(together(frames), **how)))


def test_onset_and_lifting_are_told_as_intervals():
    """Both ends of each interval stand there, who noticed it when, and how much of what failed."""
    told = text(course(QUIET + "x" * 30 + QUIET))
    assert "last seen working 2026-11-15T18:00:00Z, first seen failing 2026-11-16T00:00:00Z" in told
    assert (
        "last seen failing 2026-11-23T06:00:00Z, first seen working 2026-11-23T12:00:00Z: lifted, confirmed" in told
    )
    assert "failed in 30 of 30 sessions (95 %: 89 to 100 %), 30 of 30 attempts, 30 of them judged blocked" in told
    assert "on 1 line by resolver and kind; by tls.reset.sni" in told
    assert "Not shown: who caused it" in told


def test_a_provisional_alarm_is_shown_as_such():
    """What only the quick detector says is called a first alarm that may be chance, and is nowhere called confirmed."""
    told = text(course(("." * 19 + "u") * 3 + "..xxxx"))
    assert "provisional: a first alarm, which may be chance" in told
    assert "provisional alarm 2026-11-" in told
    assert "not seen to be lifted; last seen failing" in told
    assert ", confirmed" not in told


def test_both_alarms_are_told():
    """The provisional alarm and the one that confirmed it stand side by side."""
    told = text(course(("." * 19 + "u") * 3 + ".." + "x" * 20))
    assert "provisional alarm 2026-11-17T06:00:00Z, confirmed 2026-11-" in told


def test_what_was_never_seen_working_has_no_onset():
    """A target that failed from the first attempt on is told as such."""
    told = text(course("x" * 60))
    assert "no onset seen: what fails was never seen working" in told
    assert "never seen working; first seen failing 2026-11-01T00:00:00Z" in told


def test_a_service_names_its_hosts():
    """Of a service the hosts that failed and those that worked are told, and that it is partial."""
    frames = course(QUIET + "x" * 30, domain="web.chat.example"), course(QUIET + "." * 30, domain="api.chat.test")
    frames[1]["record"] += " b"
    told = text(*frames, services={"web.chat.example": "chat", "api.chat.test": "chat"})
    assert "chat (web.chat.example) on Net-A (AS64501), XE, partial" in told
    assert "worked meanwhile: api.chat.test" in told


def test_one_way_is_told_by_its_name():
    """An incident of lookups alone says so."""
    assert "XE, by dns only" in text(course("x" * 80 + "d" * 40))


def test_a_network_without_a_number_is_told_by_its_name():
    """Its name stands alone, and a country that is unknown is left out."""
    assert "news.example on Net-C  [" in text(course(QUIET + "x" * 30, asn=None, network="Net-C", country=None))


def test_silences_are_told_and_are_no_incident():
    """The longest silences are listed, the rest counted."""
    frames = [course(QUIET, domain=f"site-{number}.example") for number in range(MOST_SILENCES + 2)]
    told = text(*frames, course("." * 160))
    assert "No incident." in told
    assert "to the end (" in told
    assert "and 2 more: --json" in told
    ended = text(course(QUIET + " " * 60 + ".."))
    assert "0 sessions where about 61 were usual" in ended


def test_what_was_left_out_is_counted():
    """Verdicts that are in no stream are told by why, and what chance would bring."""
    told = text(course("..??.."))
    assert "Looked at: 1 stream (one target on one network each), 4 attempts; left out: 2 decides nothing" in told
    assert "at most 0.001 confirmed onsets would be expected by chance" in told


def test_objects_and_cells_say_the_same():
    """JSON has incidents, silences and the whole; a row of CSV has the columns of its head."""
    found = changes(together([course(QUIET + "x" * 30), course("." * 400, domain="other.example")]))
    told = [*objects(found)]
    assert [one["schema"].split("/")[0] for one in told] == [
        "hushmap.incident",
        "hushmap.silence",
        "hushmap.incidents",
    ]
    assert told[1]["target"] == "news.example"
    assert told[0]["lifting_first_working"] is None
    row = dict(zip(head(), cells(found.incidents[0]), strict=True))
    assert (row["hosts"], row["onset_first_failing"]) == ("news.example", "2026-11-16T00:00:00Z")
