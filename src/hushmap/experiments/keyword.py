"""The `keyword` experiment: is what holds a word cut off, where a harmless word in the same place is not?

Words go only to an address of ours: into the path of a request, its Host header, a ClientHello's server name, or a
DNS question that nobody there would answer. Without such an address nothing is asked: a stranger's server is no place
to try words. The twin has the same length and place (KEYWORDS 2.2).
"""

from urllib.parse import quote

import msgspec

from hushmap.experiments.sending import Sending
from hushmap.experiments.survey import DARK_SECONDS
from hushmap.model import Ask, Layer, Place
from hushmap.wire import names

_LAYER_CHANGED = {
    Place.HTTP_PATH: "path",
    Place.HTTP_HOST: "host",
    Place.TLS_SNI: "sni",
    Place.DNS_NAME: "name",
}


class Keyword(Sending):
    """One word in one place."""

    experiment = "keyword"

    def subject(self) -> tuple[Ask, str] | None:
        """The attempt that holds the word; `None` without an address of ours for this place."""
        place = self.target.place
        if place is None:
            return None
        ask = self._sent(self.target.text, place)
        return None if ask is None else (ask, _LAYER_CHANGED[place])

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:  # noqa: ARG002  the base's signature
        """The same attempt with a harmless word of the same length."""
        place = self.target.place
        assert place is not None, "there is a subject, so there is a place"
        harmless = same_length(self.conditions.baseline_word, self.target.text)
        twin = self._sent(harmless, place)
        return None if twin is None else msgspec.structs.replace(twin, verify=subject.verify)

    def _sent(self, word: str, place: Place) -> Ask | None:
        conditions, baselines = self.conditions, self.conditions.baselines
        address = conditions.helper_address
        if address is None or not baselines:
            return None
        host = baselines[0].name
        if place is Place.DNS_NAME and conditions.dark is not None:
            seconds = DARK_SECONDS / conditions.scale
            return Ask(
                layer=Layer.DNS, name=as_name(word, host), qtype="A", resolver=conditions.dark, timeout=seconds
            )
        if place is Place.TLS_SNI and conditions.echo_tls is not None:
            name = as_name(word, host)
            return Ask(layer=Layer.TLS, address=address, port=conditions.echo_tls, sni=name, verify=False)
        if place in {Place.HTTP_PATH, Place.HTTP_HOST} and conditions.echo_http is not None:
            page = f"http://{host}/{quote(word)}" if place is Place.HTTP_PATH else f"http://{as_name(word, host)}/"
            return Ask(layer=Layer.HTTP, address=address, port=conditions.echo_http, url=page)
        return None


def as_name(word: str, host: str) -> str:
    """A host name that holds `word`: the word itself if it is a name, else a label before the baseline's name.

    Raises:
        ValueError: No host name can hold it; the catalogue refuses such a word for this place.
    """
    return names.ascii_name(word if "." in word else f"{word}.{host}").lower()


def same_length(harmless: str, word: str) -> str:
    """`harmless`, repeated and cut to the word's length, with dots where the word has them."""
    letters = (harmless * (len(word) // len(harmless) + 1))[: len(word)]
    return "".join("." if old == "." else new for new, old in zip(letters, word, strict=True))
