"""What Hushmap says of many measurements together, in Chinese (simplified).

The same keys as period_messages_en.py, and the same claims.
"""

# ruff: noqa: RUF001 - full-width punctuation is how Chinese is written
PERIOD_MESSAGES: dict[str, str] = {
    "period.label.one": "在所测的唯一网络上：{label}[[，其后恢复正常{lifted}]]",
    "period.label.other": "在所测的 {n} 个网络中的 {k} 个上：{label}[[，其中 {again} 个其后恢复正常]]"
    "[[，{open} 个未能判定]]",
    # --- the frame -------------------------------------------------------------------------------------------------
    "period.first": "{between}，{places}，{clause}[[；{twins}]]。",
    "period.next": "{places}，{clause}[[；{twins}]]。",
    "period.nothing": "{between}，没有测量任何内容。",
    "period.comma": "，",
    "period.and": "，",
    "period.day": "{year} 年 {month} 月 {day} 日（UTC）",
    "period.month": "{year2} 年 {month2} 月 {day} 日至 {day2} 日（UTC）",
    "period.year": "{year2} 年 {month} 月 {day} 日至 {month2} 月 {day2} 日（UTC）",
    "period.years": "{year} 年 {month} 月 {day} 日至 {year2} 年 {month2} 月 {day2} 日（UTC）",
    "period.place.one": "在{network}上唯一有结论的测量中[[（{change}）]]",
    "period.place.other": "在{network}上的 {n} 次测量中有 {k} 次[[（没有成功的共 {failed} 次）]][[（{change}）]]",
    "period.open.other": "在{network}上的 {n} 次测量中",
    "period.networks.other": "另外 {n} 个网络",
    "period.change": "最后一次正常是 {worked}，首次失败是 {failed}[[；最后一次失败是 {failed_last}，"
    "首次恢复正常是 {works}]][[；尚未确认{unconfirmed}]]",
    "period.twins": "这些尝试的无害对照成功（{times}）",
    # --- clauses of which no single measurement's facts are needed -------------------------------------------------
    "period.blocked": "与 {site} 的连接不像在别处那样正常[[（{how}）]]",
    "period.degraded": "从 {site} 下载的速度比其他下载慢，或中途停止[[（{how}）]]",
    "period.unreachable": "无法连通 {site}[[（{how}）]]",
    "period.server_side": "{site} 自己的服务器作出应答，拒绝提供网页[[（{how}）]]",
    "period.down": "{site} 访问失败，在别处也失败",
    "period.other": "关于 {site} 观察到如下情况（{label}）",
    "period.middlebox": "发往我们自己服务器的异常请求已到达（原样或已被改动）",
    "period.undecided": "无法就{subject}作出任何判断",
    "period.word.blocked": "{carried}被切断[[（{how}）]]",
    "period.word.degraded": "{carried}被减速[[（{how}）]]",
    "period.word.unreachable": "{carried}失败[[（{how}）]]",
    "period.word.server_side": "服务器自己拒绝了{carried}",
    "period.word.down": "{carried}失败，在别处也失败",
    "period.word.untriggered": "{carried}得以通过",
    "period.word.ok": "{carried}得以通过",
    "period.word.other": "关于{carried}观察到如下情况（{label}）",
    "period.untriggered": "已知会被切断的词语在那里也没有被切断，因此什么也没有表明。",
    "period.pack": "词语包{text}中的词语[[（{encoding}）]]",
    "period.pack.whole": "词语包{text}[[（{encoding}）]]",
    # --- what is missing -------------------------------------------------------------------------------------------
    "period.left.other": "在这些网络上另有 {n} 次测量没有得出结论。",
    "period.days.other": "{n} 天中有 {k} 天有测量。",
    "period.sure": "每次测量都单独判定，可靠程度见该次测量。同一线路上的重复测量并非相互独立。",
}
