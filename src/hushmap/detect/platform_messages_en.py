"""What Hushmap says of searches and posts on platforms, in English.

Part of the catalogue of messages_en.py. What a platform says of itself is quoted as its word.
"""

PLATFORM_MESSAGES: dict[str, str] = {
    "reason.unread": "no page of the platform could be read, which is the line's or the server's doing and says"
    " nothing about the post",
    "reason.one_look": "the post was missing, and no second look ten minutes later bore that out",
    "reason.no_twin": "the post was missing, and so was another post of the platform that should be there",
    "reason.unsaid": "the post was missing at two looks ten minutes apart, and the platform gives no reason: its"
    " author may have removed it",
    "reason.canary_failed.search": "no word that is known to be left out there was left out, so it is not shown that"
    " this measurement could have seen it",
    "reason.one_attempt.search": "something was left out once, and no second search ten minutes later bore that out",
    "reason.unread.search": "no page of results could be read, which is the line's or the server's doing and says"
    " nothing about the word",
    "reason.no_rule.search": "what was read does not fit together",
    "subject.post": "the post",
    "subject.search": "what [[{platform}|the platform]] shows of “{word}”",
    # --- platforms -------------------------------------------------------------------------------------------------
    "clause.platform.notice": "search for “{word}” on [[{platform}|the platform]] [[was answered with"
    " status {legal}, unavailable for legal reasons|showed a notice]]",
    "compare.platform.notice": "[[not so a search for nonsense, {base_ok}]]",
    "clause.platform.empty": "search for “{word}” on [[{platform}|the platform]] gave no results",
    "clause.platform.soft": "search for “{word}” on [[{platform}|the platform]] gave only results from"
    " [[{listed} |a few ]]listed sources",
    "compare.platform.empty": "control words gave results, {base_ok}",
    "compare.platform.soft": "control words gave results, {base_ok}",
    "tail.platform.empty": "[[{platform}|The platform]] gives no reason.",
    "tail.platform.soft": "[[{platform}|The platform]] gives no reason.",
    "clause.platform.held": "the post was held back[[ by {platform}]]",
    "clause.visible.search": "search for “{word}” on [[{platform}|the platform]] was answered as one for nonsense is,"
    " with all that a control search finds; a word that is known to be left out there was left out",
    "clause.visible": "the post[[ on {platform}]] was public",
    "clause.suppressed": "the platform did not show what was asked for",
    "clause.removed": "the post was not public",
    "clause.withdrawn": "the post was not public",
    "clause.platform": "the post[[ on {platform}]] was [[public on {public} and not on {gone}|not public]]"
    "[[: visible to {who} only]]",
    "tail.platform.notice": "[[It reads: “{notice}”.|The answer gives {blocked_by} as who carries that out.]]"
    "[[ It names the order {order} of {ordered}.| It names the order {order}.]]",
    "tail.platform.held": "We cannot tell who held it back or why.",
    "compare.platform": "[[it was missing at {looks} looks at least ten minutes apart, while another post of the"
    " platform was there]]",
    "tail.platform": "[[The page of {platform} says: “{notice}”. ]]The message is the platform's; we cannot tell"
    " who removed it or why.",
    "tail.platform.removed": "[[The page of {platform} says: “{notice}”. |The platform says that it was removed. ]]"
    "The message is the platform's; we cannot tell who removed it or why.",
    "tail.platform.author_removed": "[[The page of {platform} says: “{notice}”. |The platform says that its author"
    " removed it. ]]The message is the platform's; we cannot tell who removed it or why.",
    "tail.platform.account_gone": "[[The page of {platform} says: “{notice}”. |The platform says that the account is"
    " gone. ]]The message is the platform's; we cannot tell who ended the account or why.",
    "tail.platform.hidden": "[[The page of {platform} says: “{notice}”. |The platform says that not everybody may see"
    " it. ]]The message is the platform's; we cannot tell who hid it or why.",
}
