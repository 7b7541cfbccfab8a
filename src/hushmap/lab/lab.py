"""A lab as a caller holds it: start it, run commands in its client, read its truth, stop it.

The caller is never unshared and needs no rights: the launcher is another process, tried by doing. First as we are, by
a user namespace; then as root, if we are; then through sudo without a question; last, at a terminal only, through
sudo after one sentence of why. What remains is a refusal that names the missing right and its remedy.
"""

import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from hushmap.lab.addresses import (
    ECHO_HTTP,
    ECHO_QUIC,
    ECHO_TCP,
    ECHO_TLS,
    HELPER,
    HELPER_PORT,
    SYSTEM_STORE,
    TOKEN_NAME,
)
from hushmap.lab.launch import Job, Said
from hushmap.lab.scenario import Scenario, load_scenario
from hushmap.lab.truth import TruthEvent, read_truth

_START_S = 60.0
"""A lab stands after about 0.3 s, with a helper after 3; more than this and something hangs."""
_STOP_S = 10.0
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TERM", "PYTHONPATH", "NO_COLOR")
"""What goes through sudo, which clears the environment; beside everything that begins with HUSHMAP or XDG."""
_WHY = "The lab needs the right to make network namespaces; this system gives it to root only. Nothing leaves it."


class LabRefusedError(RuntimeError):
    """This system refuses the lab; the text names the missing right and the remedy."""


class LabError(RuntimeError):
    """The lab broke: our own fault, never a finding."""


class Lab:
    """One simulated network. A context manager; `start` may also be called by hand."""

    def __init__(
        self, scenario: Scenario | str, seed: int = 1, *, helper: bool = False, pcap: Path | None = None
    ) -> None:
        self.scenario = (load_scenario(scenario) if isinstance(scenario, str) else scenario).drawn(seed)
        self.seed = seed
        self.roots = ""
        """The lab's root certificates, a PEM file."""
        self.helper = ""
        """The helper's settings string, if it was asked for."""
        self.folder = Path()
        """The lab's own folder: it goes when the lab stops."""
        self._wants_helper = helper
        self._pcap = pcap
        self._token = secrets.token_hex(16)
        self._launched: _Launched | None = None
        self._sudo: tuple[str, ...] = ()
        self._pid = 0
        self._truth: list[TruthEvent] = []

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Build it; `LabRefusedError` if this system forbids that, `LabError` if it breaks.

        Raises:
            OSError: The capture cannot be written where it was asked for.
        """
        if self._pcap is not None:  # made by the caller, so that it is the caller's; the path only appends
            self._pcap.write_bytes(b"")
        refusals = []
        for way, sudo in _ways():
            said = self._try(way, sudo)
            if not said.refused:
                return self
            refusals.append(said)
        first = refusals[0]
        raise LabRefusedError(f"The lab cannot run here: {first.refused}. Remedy: {first.remedy}.")

    def client(
        self, command: list[str], *, env: dict[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[Any]:
        """Start a command inside the client's namespaces; `options` are Popen's. `env` is added to the environment.

        The process returned stands in for the command: signals sent to it reach the command, and it ends as that
        does; killed, it takes the command along within a moment.
        """
        if self._pid == 0:
            raise LabError("the lab is not running")
        environment = {**os.environ, **self.environment, **(env or {})}
        owner = f"{os.getuid()}:{os.getgid()}" if self._sudo else "-"
        through: list[str] = []
        if self._sudo:
            kept = {
                key: value for key, value in environment.items() if key in _KEPT or key.startswith(("HUSHMAP", "XDG"))
            }
            through = [*self._sudo, "env", *(f"{key}={value}" for key, value in kept.items())]
        enter = [sys.executable, "-m", "hushmap.lab.enter", str(self._pid), owner, "--", *command]
        return subprocess.Popen([*through, *enter], env=environment, **options)  # noqa: S603 (the caller's command)

    @property
    def environment(self) -> dict[str, str]:
        """What a client finds in its environment beside the caller's own."""
        return {
            "PYTHONPATH": _import_path(),
            "HUSHMAP_ROOTS": self.roots,
            "HUSHMAP_SCALE": f"{self.scenario.scale:g}",
            TOKEN_NAME: self._token,
            **({"SSL_CERT_FILE": str(self.folder / SYSTEM_STORE)} if self.scenario.client.trusts_interceptor else {}),
        }

    def truth(self) -> list[TruthEvent]:
        """What the simulated network has done so far; after `stop`, all that it did."""
        return read_truth(self.folder / "truth.jsonl") if self._pid else self._truth

    @property
    def running(self) -> bool:
        """Whether the launcher is alive."""
        return self._launched is not None and self._launched.process.poll() is None

    def stop(self) -> None:
        """End it, and every process in it; `LabError` if one had ended by itself before."""
        launched, self._launched = self._launched, None
        if launched is None:
            return
        self._truth = self.truth()
        self._pid = 0
        status, words = launched.end()
        shutil.rmtree(self.folder, ignore_errors=True)
        if status != 0:
            raise LabError(f"the lab ended by itself ({status}): {words}")

    def _try(self, way: str, sudo: tuple[str, ...]) -> Said:
        self.folder = Path(tempfile.mkdtemp(prefix="hushmap-lab-"))
        (self.folder / "scenario.json").write_bytes(msgspec.json.encode(self.scenario))
        command = _helper_command(self.folder, self.scenario) if self._wants_helper else ()
        owner = (os.getuid(), os.getgid()) if sudo else None
        pcap = "" if self._pcap is None else str(self._pcap.absolute())
        job = Job(
            folder=str(self.folder),
            way=way,
            seed=self.seed,
            helper=command,
            token=self._token,
            owner=owner,
            pcap=pcap,
        )
        launched = _Launched(job, [*sudo, "env", f"PYTHONPATH={_import_path()}"] if sudo else [])
        said = launched.hear()
        if said.ready is None:
            _, words = launched.end()
            shutil.rmtree(self.folder, ignore_errors=True)
            if not said.refused:
                raise LabError(f"the lab could not start: {said.error} {words}")
            return said
        self._launched = launched
        self._pid, self.roots, self.helper, self._sudo = said.ready, said.roots, said.helper, sudo
        return said


class _Launched:
    """A launcher under way, from the outside."""

    def __init__(self, job: Job, through: list[str]) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`; it must outlive the lab's own folder)
        self.process = subprocess.Popen(  # noqa: S603 (our own module)
            [*through, sys.executable, "-m", "hushmap.lab.launch", msgspec.json.encode(job).decode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, "PYTHONPATH": _import_path()},
            start_new_session=True,  # Ctrl-C is for the client; the lab must outlive it to be stopped in order
        )

    def hear(self) -> Said:
        """The launcher's first line."""
        assert self.process.stdout is not None
        ready = select.select([self.process.stdout], [], [], _START_S)[0]
        line = self.process.stdout.readline() if ready else b""
        try:
            return msgspec.json.decode(line, type=Said)
        except msgspec.MsgspecError:
            return Said(error="no answer from the launcher")

    def end(self) -> tuple[int, str]:
        """Let go; the launcher's exit status, and what it and its children complained about."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            status = self.process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        said = self.process.stdout.read()
        self.process.stdout.close()
        self.errors.seek(0)
        words = (said + self.errors.read()).decode(errors="replace").strip()
        self.errors.close()
        return status, words


def _ways() -> Iterator[tuple[str, tuple[str, ...]]]:
    """In which order to try: (way, what to put before the command); a later one is looked at only in its turn."""
    yield "user", ()
    if os.geteuid() == 0:
        yield "root", ()
    elif shutil.which("sudo") and (_sudo("-n", "true") or _asked_for_sudo()):
        yield "root", ("sudo", "-n")


def _sudo(*arguments: str) -> bool:
    """Whether sudo says yes."""
    return subprocess.run(["sudo", *arguments], stderr=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603, S607 (the system's own sudo)


def _asked_for_sudo() -> bool:
    """Only where a person is at the terminal, and after one sentence of why."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{_WHY}\n")
    sys.stderr.flush()
    return subprocess.run(["sudo", "-v"], check=False).returncode == 0  # noqa: S607 (as above)


def _import_path() -> str:
    """Where this very package is imported from, so that every process of the lab runs the same code."""
    here = str(Path(__file__).resolve().parents[2])
    old = os.environ.get("PYTHONPATH", "")
    return old if here in old.split(os.pathsep) else os.pathsep.join(part for part in (here, old) if part)


def _helper_command(folder: Path, scenario: Scenario) -> tuple[str, ...]:
    """The product's own helper, as a person would start it, with its key in the lab's folder."""
    # A client whose clock is behind is a world that is ahead (skewed.py).
    clock = scenario.client.clock_s
    skew = ("-m", "hushmap.lab.skewed", f"{-clock:g}", "hushmap") if clock else ("-m", "hushmap")
    ports = {
        "--port": HELPER_PORT,
        "--http-port": ECHO_HTTP,
        "--tls-port": ECHO_TLS,
        "--tcp-port": ECHO_TCP,
        "--quic-port": ECHO_QUIC,
        "--span": scenario.helper.span,
    }
    return (
        *(sys.executable, *skew, "serve", "helper", "--host", HELPER),
        *(text for name, port in ports.items() for text in (name, str(port))),
        *(text for name in scenario.baselines for text in ("--reach", name)),
        *("--state", str(folder / "helper"), "--scale", f"{scenario.scale:g}", "--allow-special"),
    )
