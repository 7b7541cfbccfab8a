"""`hushmap serve helper`: be the comparison point elsewhere."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import click
import msgspec

from hushmap.catalog import open_deck
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import examples
from hushmap.runs import data_dir
from hushmap.servers import SPAN_LIMIT, HelperServer, HelperSettings, ServeError

LAB_DECK = "lab-demo"
"""Its harmless names prove a helper online where the names of the Internet do not exist."""

OONI_PORT = 8444
"""Beside the helper's own; OONI has no port of its own for this, a proxy in front of it has 443."""

_PORT = click.IntRange(min=0, max=65535)


@examples("hushmap serve helper", "hushmap serve helper --host 0.0.0.0 --public helper.example.net")
@click.group("serve")
def command() -> None:
    """Serve others from here: a helper answers the questions of your own runs from elsewhere."""


@examples(
    "hushmap serve helper",
    "hushmap serve helper --host 0.0.0.0 --public helper.example.net --http-port 80 --tls-port 443 --span 5",
    "hushmap serve helper --ooni --ooni-certificate helper.pem",
)
@command.command("helper")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--public", metavar="ADDRESS", help="The address or name that clients use; by default the host.")
@click.option("--port", "-p", type=_PORT, default=8443, show_default=True, help="The port to listen on.")
@click.option("--http-port", type=_PORT, help="Echo words over HTTP on this port; 0 for any.")
@click.option("--tls-port", type=_PORT, help="Echo words over TLS, for any name, on this port; 0 for any.")
@click.option("--tcp-port", type=_PORT, help="Echo words over TCP on this port; 0 for any.")
@click.option("--quic-port", type=_PORT, help="Answer QUIC, for any name, on this UDP port; 0 for any.")
@click.option(
    "--span",
    type=click.IntRange(1, SPAN_LIMIT),
    default=1,
    show_default=True,
    help="How many ports each echo has, from that one on: what is blocked for a while on one is asked on the next.",
)
@click.option("--ooni", is_flag=True, help="Answer OONI's probes too, who have no token: anybody who finds the port.")
@click.option("--ooni-port", type=_PORT, help=f"The port for OONI's probes, with --ooni; {OONI_PORT} unless told.")
@click.option(
    "--ooni-certificate",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="PEM file with a certificate and its key for that port; without one that they know, probes do not ask.",
)
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), help="Folder for key and token.")
@click.option("--roots", metavar="FILE", envvar="HUSHMAP_ROOTS", help="PEM file of roots (tests, the lab).")
@click.option("--reach", metavar="NAME", multiple=True, hidden=True, help="Lab: harmless names that prove it online.")
@click.option("--allow-special", is_flag=True, hidden=True, help="Lab: documentation addresses may be asked about.")
@click.option("--scale", type=float, default=1.0, envvar="HUSHMAP_SCALE", hidden=True, help="Lab: divides pauses.")
def helper(
    *,
    host: str,
    public: str | None,
    port: int,
    http_port: int | None,
    tls_port: int | None,
    tcp_port: int | None,
    quic_port: int | None,
    span: int,
    ooni: bool,
    ooni_port: int | None,
    ooni_certificate: Path | None,
    state: Path | None,
    roots: str | None,
    reach: tuple[str, ...],
    allow_special: bool,
    scale: float,
) -> int:
    """Carry out the asks of your own runs from here, and echo the words that they send.

    Prints one string, which holds the address, the key's fingerprint and a secret token: give it to hushmap run
    --helper, by a way that you trust. Runs until Ctrl-C. It logs no targets. With --ooni it also answers probes of
    OONI, about pages at public addresses only, and few at a time (docs/how-to/helper.md).
    """
    if not ooni and (ooni_port is not None or ooni_certificate is not None):
        raise Fault("--ooni-port and --ooni-certificate are for --ooni: give that too, to answer anybody's probes")
    settings = HelperSettings(
        state=state or data_dir() / "helper",
        bind=host,
        port=port,
        public=public,
        http_port=http_port,
        tls_port=tls_port,
        tcp_port=tcp_port,
        quic_port=quic_port,
        span=span,
        ooni_port=(OONI_PORT if ooni_port is None else ooni_port) if ooni else None,
        ooni_certificate=ooni_certificate,
        allow_special=allow_special,
        roots=roots,
        scale=scale,
    )
    if reach or allow_special:
        settings = msgspec.structs.replace(settings, reach=reach or open_deck(LAB_DECK).baselines)
    try:
        asyncio.run(_serve(settings))
    except (ServeError, ValueError) as error:
        raise Fault(str(error)) from None
    except OSError as error:
        raise Fault(f"{error.filename or settings.state}: {error.strerror or error}; check its permissions") from None
    return Exit.DONE


async def _serve(settings: HelperSettings) -> None:
    server, until = HelperServer(settings), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: not the main thread
            loop.add_signal_handler(number, until.set)
    spec = await server.start()
    screen.out([spec.text])
    echoes = [f"{name.upper()} {_row(port, spec.span)}" for name, port in spec.echoes.items()]
    screen.note(f"Helper on {settings.bind} port {spec.port}" + (f", echo: {', '.join(echoes)}" if echoes else ""))
    screen.note("The string above is a password: whoever has it can use this helper. Ctrl-C stops it.")
    if not echoes:
        screen.note("Without echo ports no word can be tested: --http-port, --tls-port, --tcp-port, --quic-port.")
    if not spec.dark:
        screen.note("Something on this computer answers on port 53, so forged name lookups are harder to prove.")
    if server.ooni_port is not None:
        screen.note(
            f"OONI's probes are answered on port {server.ooni_port}: without a token, on ports 80 and 443 only."
        )
        if settings.ooni_certificate is None:
            screen.note(
                "They want a certificate that they know: --ooni-certificate, or a proxy with one before that port."
            )
    await server.serve(until)


def _row(port: int, span: int) -> str:
    return f"{port}-{port + span - 1}" if span > 1 else f"{port}"
