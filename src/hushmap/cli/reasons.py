"""Why nothing could be decided, in a few words, for lists of counts; the sentence of a verdict says it in full."""

from hushmap.model import Reason

REASONS: dict[Reason, str] = {
    Reason.NO_HELPER: "no helper to compare with",
    Reason.HELPER_SILENT: "helper silent",
    Reason.BUDGET: "attempts used up",
    Reason.NETWORK_LOST: "network lost",
    Reason.NETWORK_CHANGED: "network changed",
    Reason.CAPTIVE_PORTAL: "sign-in page of the network",
    Reason.INTERCEPTED: "unrelated sites are intercepted too",
    Reason.CLOCK: "this computer's clock is wrong",
    Reason.RESOLVER_DOWN: "DNS server down",
    Reason.CANARY_FAILED: "no canary fired",
    Reason.CAPTCHA: "captcha",
    Reason.LOGIN_WALL: "login asked for",
    Reason.ONE_ATTEMPT: "one attempt only",
    Reason.POINTS_DIFFER: "comparison points differ",
    Reason.ONE_POINT: "one comparison point only",
    Reason.NO_QUIC: "speaks no QUIC",
    Reason.NO_ECH: "cannot hide a name here (extra utls)",
    Reason.UNREAD: "no page of the platform read",
    Reason.ONE_LOOK: "looked for once only",
    Reason.NO_TWIN: "posts beside it missing too",
    Reason.UNSAID: "the platform does not say why",
    Reason.NO_RULE: "no rule fits",
    Reason.SELF_INDUCED: "perhaps our own doing",
    Reason.SOFTWARE_FAULT: "fault of hushmap",
}
"""Every reason in a few words, for a list of counts."""
