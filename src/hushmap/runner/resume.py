"""Resume is replay: the journal's trials are told again, in their order, to fresh inquiries.

Nothing else of a killed process is needed. Attempts that were in flight have left no trace and are asked again by the
inquiries that miss their answers; a round of the sentinel that was cut short is forgotten.
"""

from hushmap.model import Record, Void
from hushmap.runner.book import Book
from hushmap.runner.ports import Folder
from hushmap.runner.schedule import target_of


def restore(book: Book, folder: Folder) -> int:
    """Bring `book` to where the run stopped; how many trials were told."""
    replay = folder.replay()
    book.adopt(replay.sealed, (line for line in folder.records() if isinstance(line, Record)))
    book.replaying = True
    for index, trial in replay.trials:
        target = book.plan.targets[index] if 0 <= index < len(book.plan.targets) else None
        if target is None and target_of(trial.id) is not None:
            raise ValueError(f"the journal holds trial {trial.id} of target {index}, which this run does not have")
        book.allowance.remember(target, trial)
        book.take(trial)
    book.replaying = False
    book.sentinel.abandon()
    if book.desk is not None:
        noted: list[Void] = [void for _, voids in replay.voids for void in voids]
        book.desk.void(noted)
    return len(replay.trials)
