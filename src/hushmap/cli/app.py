"""The command `hushmap`: its verbs, what `--help` shows of them, and how errors end.

A verb's module is imported when the verb is called, so that `hushmap --help` answers at once and `hushmap run` loads
no more than a run needs. What a person can put right ends in one line and an exit code (UX 5); a bug ends in its
traceback and a request to report it.
"""

import errno
import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from hushmap import __version__
from hushmap.catalog import CatalogError
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.runs import RunsError

VERBS: dict[str, dict[str, str]] = {
    "Measure": {
        "plan": "what a run would send, to whom, and who sees it; sends nothing",
        "run": "measure a deck or a list of your own",
        "keyword": "which words of a text, which names: exactly what is cut off",
    },
    "Look": {
        "runs": "the runs on this computer",
        "series": "what became of each cycle of a run that was repeated",
        "show": "what a run says of one target, or of all",
        "judge": "judge records again, any time, with these rules",
        "explore": "roam the evidence of runs and archives in a browser",
        "query": "shares, counts and rows of runs, files and archives",
        "incidents": "what stopped working, and worked again: from when to when",
        "archive": "runs and OONI's files as tables, for many questions",
        "campaign": "dated enforcement, and what is claimed of it",
        "rm": "delete runs from this computer",
    },
    "Share": {
        "report": "a site of runs and archives: networks side by side",
        "case": "one confirmed change, told with its evidence",
        "publish": "a reduced copy of runs as one file for others, shown first",
        "seal": "sign a bundle or a run with an SSH key",
        "export": "records as a file for other tools: OONI's format, CSV",
    },
    "Prepare": {
        "deck": "the questions there are, and how to make one",
        "platform": "how platforms are searched, and whether that still works",
        "fetch": "lists, words, fingerprints, AS databases, OONI's data",
        "consent": "what you agreed to, for which network",
        "doctor": "what here changes what a result can mean",
        "serve": "be the comparison point elsewhere",
    },
    "Prove": {
        "lab": "a simulated censored network; nothing leaves this computer",
    },
}
"""UX 5: groups of `--help`."""

EXAMPLES: dict[str, tuple[str, str]] = {
    "Measure": ("hushmap plan sites-global", "hushmap run -f sites.txt"),
    "Look": ("hushmap show", "hushmap judge records.jsonl --json"),
    "Share": (
        "hushmap export --format ooni 20261121T2233Z-3f9c -o records.jsonl.gz",
        "hushmap export --format csv records.jsonl -o sites.csv",
    ),
    "Prepare": ("hushmap deck list", "hushmap doctor"),
    "Prove": ("hushmap lab demo", "hushmap lab shell"),
}

BUG = (
    "This is a fault of hushmap, not of the network that you measure. Please report it with the lines below; they "
    "may hold names that you measured, so read them first."
)


class _Verbs(click.Group):
    """Verbs by name; each loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Every verb, in the order of the help text."""
        return [verb for group in VERBS.values() for verb in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb from the module of its name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"hushmap.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as above)
        """The groups of UX 5, with two examples each; no verb is loaded for it."""
        for group, verbs in VERBS.items():
            with formatter.section(group):
                formatter.write_dl([*verbs.items()])
                formatter.write_text("")
                for example in EXAMPLES[group]:
                    formatter.write_text(f"$ {example}")

    def main(  # type: ignore[override]  # click's overloads only tell that standalone_mode decides what comes back
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Run a command line; ends the process with the exit code."""
        screen.prepare()
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name or "hushmap", **extra)
        except click.UsageError as error:
            code = _usage(error)
        except OSError as error:
            if not screen.unwritten(error):
                raise
            screen.silence()
            screen.note(f"hushmap: the result could not be written: {error.strerror}; make room, or write elsewhere")
            code = Exit.USAGE
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            screen.note("Stopped by you.")
            code = Exit.INTERRUPTED
        sys.exit(int(code or 0))

    def invoke(self, ctx: click.Context) -> Any:
        """Call the verb; faults in what a person wrote become one line."""
        try:
            return super().invoke(ctx)
        except (CatalogError, RunsError) as error:
            raise Fault(str(error)) from None
        except BrokenPipeError:
            screen.silence()  # whoever read our stdout has had enough (`| head`); what was done is done
            return Exit.DONE
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if isinstance(error, OSError) and screen.unwritten(error):
                raise
            if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
                what = "is longer than the name of any file; check what was typed"
                raise Fault(f"{str(error.filename)[:60]}…: {what}") from None
            screen.note(BUG)
            raise


def _usage(error: click.UsageError) -> int:
    """One line for what could not be understood, and where to read more."""
    path = error.ctx.command_path if error.ctx is not None else "hushmap"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return Exit.USAGE
    message = error.format_message().rstrip(".")
    screen.note(f"{path}: {message[:1].lower()}{message[1:]}; see: {path} --help")
    return Exit.USAGE


@click.group(
    "hushmap", cls=_Verbs, invoke_without_command=False, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, "--version", message="hushmap %(version)s", help="Show the version.")
def main() -> None:
    """Measure which sites and words are blocked on a network, how, and how sure that is.

    Nothing is sent before you agreed to it. Exit codes: 0 done, 1 a check said no, 2 usage or bad input, 3 no
    consent, 4 nothing measured, 5 ended early (run --resume), 6 no lab here, 130 interrupted.
    """
