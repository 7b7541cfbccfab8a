"""What Hushmap says of many measurements together, in English.

Part of the catalogue of messages_en.py. Every clause stands in one frame: the time, what was seen, on which networks
in how many of the measurements that decided anything.
"""

PERIOD_MESSAGES: dict[str, str] = {
    "period.label.one": "{label} on the one network measured[[, working again later{lifted}]]",
    "period.label.other": "{label} on {k} of {n} networks measured[[, on {again} of these working again later]]"
    "[[, not decided on {open}]]",
    # --- the frame -------------------------------------------------------------------------------------------------
    "period.first": "{between}, {clause} on {places}[[; {twins}]].",
    "period.next": "On {places}, {clause}[[; {twins}]].",
    "period.nothing": "{between}, nothing was measured.",
    "period.comma": ", on ",
    "period.and": " and on ",
    "period.day": "On {day} {month} {year} (UTC)",
    "period.month": "Between {day} and {day2} {month2} {year2} (UTC)",
    "period.year": "Between {day} {month} and {day2} {month2} {year2} (UTC)",
    "period.years": "Between {day} {month} {year} and {day2} {month2} {year2} (UTC)",
    "period.place.one": "{network} in the one measurement that decided anything[[ ({change})]]",
    "period.place.other": "{network} in {k} of {n} measurements[[, {failed} of which did not work]][[ ({change})]]",
    "period.open.one": "{network} in 1 measurement",
    "period.open.other": "{network} in {n} measurements",
    "period.networks.one": "1 more network",
    "period.networks.other": "{n} more networks",
    "period.change": "last seen working {worked}, first seen failing {failed}[[; last seen failing {failed_last},"
    " first seen working again {works}]][[; not yet confirmed{unconfirmed}]]",
    "period.twins": "harmless twins of these attempts worked {times}",
    # --- clauses of which no single measurement's facts are needed -------------------------------------------------
    "period.blocked": "connections to {site} did not work as they do elsewhere[[ ({how})]]",
    "period.degraded": "downloads from {site} ran slower than others or stopped part-way[[ ({how})]]",
    "period.unreachable": "{site} could not be reached[[ ({how})]]",
    "period.server_side": "{site}'s own server answered and refused to serve the page[[ ({how})]]",
    "period.down": "{site} failed as it did elsewhere",
    "period.other": "this was seen of {site} ({label})",
    "period.middlebox": "unusual requests to a server of ours arrived (altered or not)",
    "period.undecided": "nothing could be decided about {subject}",
    "period.word.blocked": "{carried} were cut off[[ ({how})]]",
    "period.word.degraded": "{carried} were slowed[[ ({how})]]",
    "period.word.unreachable": "{carried} failed[[ ({how})]]",
    "period.word.server_side": "the server itself refused {carried}",
    "period.word.down": "{carried} failed as they did elsewhere",
    "period.word.untriggered": "{carried} passed",
    "period.word.ok": "{carried} passed",
    "period.word.other": "this was seen of {carried} ({label})",
    "period.untriggered": "No word known to be cut off was cut off there either, so that nothing is shown.",
    "period.pack": "a word of the pack {text}[[ ({encoding})]]",
    "period.pack.whole": "the pack of words {text}[[ ({encoding})]]",
    # --- what is missing -------------------------------------------------------------------------------------------
    "period.left.one": "1 more measurement on these networks decided nothing.",
    "period.left.other": "{n} more measurements on these networks decided nothing.",
    "period.days.other": "Something was measured on {k} of {n} days.",
    "period.sure": "Each measurement was judged by itself, and how sure it is stands beside it. Repeats on one line"
    " are not independent of each other.",
}
