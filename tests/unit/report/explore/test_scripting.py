"""The explorer's own script."""

from hushmap.report.explore import scripting


def test_the_script_is_one_file_that_leaves_no_name_on_the_page(monkeypatch):
    """What we say stands in a function, with the libraries that it needs; it is put together once."""
    made = []
    monkeypatch.setattr(scripting.vl_convert, "javascript_bundle", lambda snippet: made.append(snippet) or "BUNDLE")
    scripting.script.cache_clear()
    try:
        assert scripting.script() is scripting.script()
        assert scripting.script() == b"(async()=>{BUNDLE})();\n"
    finally:
        scripting.script.cache_clear()
    assert made == [scripting.SNIPPET]


def test_the_drawing_makes_no_code_of_what_it_is_told():
    """Expressions are interpreted, and neither a menu nor a tooltip brings markup of its own."""
    assert "ast: true" in scripting.SNIPPET
    assert "defaultStyle: false" in scripting.SNIPPET
    assert "tooltip: false" in scripting.SNIPPET
