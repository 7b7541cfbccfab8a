"""What the lab's web servers say."""

from html import escape

NOTICE_TITLE = "Access restricted (lab notice)"
NOTICE_TEXT = "This page cannot be shown under lab order 7."
"""The mark of the lab's block pages; probes/fingerprints has it."""
NOTICE = (
    f"<!doctype html><html><head><title>{NOTICE_TITLE}</title></head>"
    f"<body><h1>{NOTICE_TITLE}</h1><p>{NOTICE_TEXT}</p></body></html>\n"
).encode()

_WORDS = "river lantern orchard meadow harbour copper violet signal window garden pepper thunder maple canyon".split()


def article(name: str, target: str) -> bytes:
    """A page of its own for every site: about 4 kB of text that two sites do not share."""
    seed = sum(name.encode()) + len(name)
    lines = [
        f"<p>{name} {_WORDS[(seed + line) % 14]} {_WORDS[(seed * line + 3) % 14]} "
        f"{_WORDS[(line * line + seed) % 14]} paragraph {line} about {_WORDS[(seed + 5 * line) % 14]}.</p>"
        for line in range(60)
    ]
    head = f"<!doctype html><html><head><meta charset='utf-8'><title>Welcome to {escape(name)}</title></head>"
    return f"{head}<body><h1>{escape(name)}</h1><p>{escape(target)}</p>{''.join(lines)}</body></html>\n".encode()


CAPTCHA = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    b"<form id='challenge-form'><p>Solve the captcha to prove that you are human.</p></form></body></html>\n"
)
"""Served with status 403 by a site that protects itself; own knowledge, unchecked."""
