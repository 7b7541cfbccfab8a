"""What this room refuses, in one line with its remedy."""

WHAT_LIMIT = 200
"""Characters of what is wrong: it may quote a file, and a key of a damaged one can be as long as the file."""


class RunsError(ValueError):
    """`WHERE: what is wrong; remedy`."""

    def __init__(self, where: object, what: str, remedy: str) -> None:
        """Say `what` is wrong with the file or run at `where`, and how to put it right."""
        self.where = str(where)
        shown = what if len(what) <= WHAT_LIMIT else what[: WHAT_LIMIT - 3] + "..."
        text = f"{where}: {shown}; {remedy}"
        super().__init__("".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text))


class RunBusyError(RunsError):
    """Another process is working in the run."""


def one_line(error: Exception) -> str:
    """The message of `error` on one line, no longer than that of a `RunsError`."""
    return " ".join(str(error).split())[:WHAT_LIMIT]
