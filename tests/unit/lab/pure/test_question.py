"""One lookup on its way."""

from hushmap.lab.pure.question import Question
from hushmap.model import Failure
from hushmap.wire import dns


def test_an_answer_and_what_is_none(in_world):
    """Another question's answer is not taken; noise under our id is a misbehaving server."""

    async def work(world):
        question = Question(world.client, "news-one.example", "A", 7)
        question.send("203.0.113.53", 53)
        await question.wait(question.now + 1)
        heard = question._heard
        heard(dns.reply(dns.query("other.example", "A", 7), ("198.51.100.1",)), 60)
        heard(b"\x00\x09 noise", 60)
        heard(b"\x00\x07 noise", 60)
        heard(Failure.HOST_UNREACHABLE, 0)
        return question

    question = in_world(work)
    assert [answer.addresses for answer in question.answers] == [("198.51.100.20",), ()]
    assert question.answers[0].ttl == 56, "eight hops away"
    assert question.answers[1].failure is Failure.DNS_MISBEHAVING
    assert question.failure is Failure.HOST_UNREACHABLE


def test_at_most_sixteen_answers_are_kept(in_world):
    """Injectors send up to ten."""

    async def work(world):
        question = Question(world.client, "news-one.example", "A", 7)
        for _ in range(20):
            question._heard(dns.reply(dns.query("news-one.example", "A", 7), ("198.51.100.1",)), 60)
        return len(question.answers)

    assert in_world(work) == 16
