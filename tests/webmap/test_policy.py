"""The content security policy names what stands in the document, and nothing that only looks like it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from geomap.webmap.policy import origin, policy
from tests.webmap.test_render import policy_of


def named(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def test_each_script_and_style_is_named_by_its_hash_once() -> None:
    document = "<style>a{}</style><SCRIPT type='module'>x()</SCRIPT ><script>x()</script><script>y()</script>"
    assert policy_of(policy(document)) == {
        "default-src": ["'none'"],
        "script-src": [named("x()"), named("y()")],
        "style-src": [named("a{}")],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


def test_data_needs_no_hash_and_a_packed_script_has_that_of_what_is_packed() -> None:
    document = '<script type="application/json" id="a">{"x":1}</script><script type="text/plain" id="b">H4sI</script>'
    assert "script-src" not in policy_of(policy(document))
    assert policy_of(policy(document, scripts=["run()"]))["script-src"] == [named("run()")]


def test_files_from_the_web_are_named_by_their_whole_address_and_local_ones_not_at_all() -> None:
    document = (
        '<script src="https://cdn.example/a.js"></script><link rel="stylesheet" href="https://cdn.example/b.css?x=1&amp;y=2"/>'
        '<script src="local.js"></script><link rel="stylesheet" href="javascript:x"><script src="https://cdn.example/c;d,e f.js"></script>'
    )
    rules = policy_of(policy(document))
    assert rules["script-src"] == ["https://cdn.example/a.js", "https://cdn.example/c%3Bd%2Ce%20f.js"]
    assert policy(document).count("https://cdn.example/b.css?x=1&amp;y=2") == 1


def test_what_only_looks_like_a_script_inside_a_script_is_not_named() -> None:
    document = '<script>const text = `<script src="https://evil.example/x.js"> <link href="https://evil.example/y.css">`;</script>'
    assert "evil" not in policy(document)


@given(st.text(max_size=60))
def test_no_text_breaks_out_of_the_policy(text: str) -> None:
    found = policy(f'<script src="https://cdn.example/{text}"></script>', images=["https://tiles.example"])
    assert re.fullmatch(r'<meta http-equiv="Content-Security-Policy" content="[^"<>]*">\n', found)
    assert "unsafe" not in found.replace(text, "")
    assert set(policy_of(found)) <= {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://a.example:8443/x?y#z", "https://a.example:8443"),
        ("http://a.example", "http://a.example"),
        ("//a.example/x", ""),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,x", ""),
        ("https://", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_have_a_host(address: str, host: str) -> None:
    assert origin(address) == host


def test_a_packed_script_that_was_changed_is_refused_by_the_browser(
    browser: Browser, html: str, tmp_path: Path
) -> None:
    """The policy knows the script that geomap packed; another one in its place never runs."""
    other = base64.b64encode(gzip.compress(b"window.PWN = 1; var geomap = { start() {} };")).decode()
    changed = re.sub(r'(id="geomap-script" data-packed="gzip">)[^<]*', lambda found: found[1] + other, html)
    assert changed != html
    file = tmp_path / "changed.html"
    file.write_text(changed, encoding="utf-8", newline="\n")
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(file.as_uri())
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in text for text in refused)
    assert page.evaluate("window.PWN ?? null") is None
    page.close()
