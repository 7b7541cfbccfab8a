"""What Hushmap says of searches and posts on platforms, in Chinese.

Part of the catalogue of messages_zh.py. What a platform says of itself is quoted as its word.
"""

# ruff: noqa: RUF001 - full-width punctuation is how Chinese is written
PLATFORM_MESSAGES: dict[str, str] = {
    "reason.unread": "平台的页面都没有读到，这是线路或服务器的缘故，与该帖文无关",
    "reason.one_look": "该帖文缺失，但十分钟后没有再次查看到同样的情形",
    "reason.no_twin": "该帖文缺失，而该平台另一则应当存在的帖文也缺失",
    "reason.unsaid": "相隔十分钟的两次查看都没有找到该帖文，而平台没有说明原因：可能是作者自己删除的",
    "reason.canary_failed.search": "已知在该处会被略去的词语这次都没有被略去，因此不能表明这次测量能够发现这种情形",
    "reason.one_attempt.search": "有一次出现了略去的情形，但十分钟后没有再次搜索到同样的情形",
    "reason.unread.search": "没有读到任何结果页，这是线路或服务器的缘故，与该词语无关",
    "reason.no_rule.search": "读到的内容彼此不一致",
    "subject.post": "该帖文",
    "subject.search": "[[ {platform} |该平台]]如何显示“{word}”",
    # --- platforms -------------------------------------------------------------------------------------------------
    "clause.platform.notice": "在[[ {platform} |该平台]]上搜索“{word}”，"
    "[[得到状态码 {legal}（因法律原因不可用）|出现告示]]",
    "compare.platform.notice": "[[搜索无意义的词语则不是这样（{base_ok}）]]",
    "clause.platform.empty": "在[[ {platform} |该平台]]上搜索“{word}”，没有任何结果",
    "clause.platform.soft": "在[[ {platform} |该平台]]上搜索“{word}”，只有来自[[ {listed} 个|少数]]名单内来源的结果",
    "compare.platform.empty": "对照词有结果（{base_ok}）",
    "compare.platform.soft": "对照词有结果（{base_ok}）",
    "tail.platform.empty": "[[{platform} |平台]]没有说明原因。",
    "tail.platform.soft": "[[{platform} |平台]]没有说明原因。",
    "clause.platform.held": "该帖文被[[ {platform} |平台]]扣留",
    "clause.visible.search": "在[[ {platform} |该平台]]上搜索“{word}”，应答与搜索无意义的词语相同，"
    "对照搜索能找到的都能找到；已知在该处会被略去的词语则被略去",
    "clause.visible": "[[{platform} 上的|该]]帖文是公开的",
    "clause.suppressed": "平台没有显示所请求的内容",
    "clause.removed": "该帖文不公开",
    "clause.withdrawn": "该帖文不公开",
    "clause.platform": "[[{platform} 上的|该]]帖文[[在 {public} 公开，在 {gone} 不公开|不公开]][[：仅 {who} 可见]]",
    "tail.platform.notice": "[[其内容为：“{notice}”。|应答称执行者为 {blocked_by}。]]"
    "[[其中提到命令 {order}，日期为 {ordered}。|其中提到命令 {order}。]]",
    "tail.platform.held": "我们无法得知由谁扣留、为何扣留。",
    "compare.platform": "[[至少相隔十分钟的 {looks} 次查看都没有见到，而该平台的另一帖文都在]]",
    "tail.platform": "[[{platform} 的页面写道：“{notice}”。]]这是平台给出的信息；我们无法得知由谁删除、为何删除。",
    "tail.platform.removed": "[[{platform} 的页面写道：“{notice}”。|平台称其已被删除。]]"
    "这是平台给出的信息；我们无法得知由谁删除、为何删除。",
    "tail.platform.author_removed": "[[{platform} 的页面写道：“{notice}”。|平台称作者已将其删除。]]"
    "这是平台给出的信息；我们无法得知由谁删除、为何删除。",
    "tail.platform.account_gone": "[[{platform} 的页面写道：“{notice}”。|平台称该账号已不存在。]]"
    "这是平台给出的信息；我们无法得知由谁注销账号、为何注销。",
    "tail.platform.hidden": "[[{platform} 的页面写道：“{notice}”。|平台称并非人人可见。]]"
    "这是平台给出的信息；我们无法得知由谁隐藏、为何隐藏。",
}
