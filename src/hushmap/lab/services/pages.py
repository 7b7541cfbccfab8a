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


def long_read(name: str, target: str) -> bytes:
    """The article with as many notes as make 64 kB."""
    page = article(name, target)
    notes = b"".join(b"<p>note %d of a long read</p>" % number for number in range(2100))
    return page.replace(b"</body>", notes + b"</body>", 1)


CAPTCHA = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    b"<form id='challenge-form'><p>Solve the captcha to prove that you are human.</p></form></body></html>\n"
)
"""Served with status 403 by a site that protects itself; own knowledge, unchecked."""


def _whole(title: str, text: str, *, language: str = "en") -> bytes:
    head = f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title></head>"
    return f"{head}<body><h1>{title}</h1>{text}</body></html>\n".encode()


REFUSALS = {
    "forbidden": (403, _whole("403 Forbidden", "<p>You have no permission to see this.</p>")),
    "legal": (451, _whole("Unavailable For Legal Reasons", "<p>The operator of this site has withdrawn it.</p>")),
    "ratelimit": (429, _whole("Too Many Requests", "<p>Please come back later.</p>")),
}
"""What a site's own server says when it does not want to show a page, and its status."""
ABROAD = (403, _whole("Not available in your region", "<p>This service is not offered in your country.</p>"))
"""A geoblock by page: the site's own choice, over its own certificate."""
ELSEWHERE = _whole("A page for nobody", "".join(f"<p>filler line {line} of another page</p>" for line in range(80)))
"""What a helper is shown whose own network shows it other pages."""


def parked(name: str) -> bytes:
    """What stands at a name that nobody uses: links, and the same for every name but for it."""
    links = "".join(f"<p><a href='/?q={word}'>Best offers for {word}</a></p>" for word in _WORDS)
    return _whole(f"{escape(name)} is for sale", f"<p>This domain is parked.</p>{links}")


def varying(name: str, visit: int) -> bytes:
    """A front page that has other news at every visit, under one title."""
    lines = [
        f"<p>{_WORDS[(visit * 5 + line) % 14]} {_WORDS[(visit * line + 7) % 14]} item {visit * 997 + line}</p>"
        for line in range(60)
    ]
    return _whole(f"{escape(name)}: the latest", "".join(lines))


def translated(name: str, target: str) -> bytes:
    """The article in a language without a word in common."""
    lines = [f"<p>{_WORDS[line % 14][::-1]} {_WORDS[(line * 3) % 14][::-1]} satz {line}</p>" for line in range(60)]
    return _whole(f"Willkommen bei {escape(name)}", f"<p>{escape(target)}</p>{''.join(lines)}", language="de")


def with_banner(page: bytes) -> bytes:
    """The page behind a question about cookies."""
    banner = b"<div id='consent'><p>We and our 812 partners value your privacy.</p><button>Accept all</button></div>"
    return page.replace(b"</head><body>", b"</head><body>" + banner, 1)
