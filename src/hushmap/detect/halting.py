"""When to stop sending words: at a captcha, and at a page that warns whoever asked.

Who shows either may have noticed the person (METHOD 5: people run this at their own risk), and the next word should
be sent by somebody who knows that. Words are told apart from sites: a site's block page is what the person came to
see, and is asked for a few times only. Our own echo's answer, which may be told to say anything, is no warning.
"""

from hushmap.detect.echo import answered
from hushmap.detect.notices import notice, refusal
from hushmap.detect.sight import host_of
from hushmap.model import Context, Knowledge, Role, Trial

CAPTCHA, WARNING = "captcha", "warning_page"


def halts(trial: Trial, knowledge: Knowledge, context: Context) -> str | None:
    """Why no further word should be sent after this attempt with one; `None`: nothing is amiss.

    Harmless text and looks at the network are asked of servers that the run chose itself: their pages are no answer
    to a word.
    """
    page = trial.fetch.page if trial.fetch is not None else None
    if page is None or trial.role not in {Role.SUBJECT, Role.CANARY} or answered(trial, context):
        return None
    if refusal(page) == CAPTCHA:
        return CAPTCHA
    return WARNING if notice(page, knowledge, host=host_of(trial.ask)) is not None else None
