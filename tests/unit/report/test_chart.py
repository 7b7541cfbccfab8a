"""The drawing of counts: one scale, nothing for zero, something for one, mirrored where reading is."""

from hushmap.report.chart import WIDTH, Count, draw


def count(label, n):
    """One label's count."""
    return Count(group=label, label=label, sign="x", n=n, style="blocked")


def test_longest_bar_is_the_largest_count_of_all_parts():
    """Sites and words share one scale, so that their bars compare."""
    chart = draw((("Sites", (count("a", 10), count("b", 5))), ("Words", (count("c", 2),))))
    assert [[bar.width for bar in part.bars] for part in chart.parts] == [[WIDTH, WIDTH / 2], [WIDTH / 5]]


def test_zero_is_left_out_and_one_is_seen():
    """A count of one beside thousands keeps a visible bar."""
    chart = draw((("Sites", (count("a", 5000), count("b", 0), count("c", 1))), ("Words", (count("d", 0),))))
    assert [bar.count.label for bar in chart.parts[0].bars] == ["a", "c"]
    assert chart.parts[0].bars[1].width == 3
    assert len(chart.parts) == 1


def test_nothing_to_draw():
    """No counts, no parts."""
    assert draw(()).parts == ()


def test_rows_do_not_overlap_and_stay_inside():
    """Every line lies below the one before it and above the lower edge."""
    chart = draw((("Sites", tuple(count(f"{i}", i + 1) for i in range(7))), ("Words", (count("w", 3),))))
    lines = [
        y
        for part in chart.parts
        for y in [part.heading_y, *(v for bar in part.bars for v in (bar.text_y, bar.bar_y))]
    ]
    assert lines == sorted(set(lines))
    assert lines[-1] < chart.source_y < chart.height


def test_reading_from_the_right_turns_the_drawing():
    """Bars grow from the right edge."""
    chart = draw((("Sites", (count("a", 2), count("b", 1))),), rtl=True)
    assert (chart.start, chart.end) == (WIDTH, 0)
    assert [bar.x + bar.width for bar in chart.parts[0].bars] == [WIDTH, WIDTH]
