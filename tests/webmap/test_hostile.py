"""Foreign text is shown to the letter and never run, whichever field it comes in by.

All payloads stand in one page, so that each is read beside all the others.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geomap.model import Article, Atlas, AtlasMention, AtlasPlace, Mention, Place, Resolution
from geomap.pipeline import build
from geomap.webmap import PageOptions, page_html, render
from geomap.webmap.articles import article_pages, plan
from tests.webmap.conftest import Visit
from tests.webmap.test_render import policy_of

HOSTILE = [
    # scripts and markup
    "</script><script>window.PWN=1</script>",
    "</ScRiPt ><script >window.PWN=1</script >",
    "<script>window.PWN=1</script>",
    "<!--<script>",
    "<!--<script>window.PWN=1</script>-->",
    "-->]]><script>window.PWN=1</script>",
    "<![CDATA[<script>window.PWN=1</script>]]>",
    "<img src=x onerror='window.PWN=1'>",
    "<img/src/onerror=window.PWN=1>",
    "<svg onload=window.PWN=1><animate onbegin=window.PWN=1></svg>",
    "<svg><script>window.PWN=1</script></svg>",
    '<svg><a xlink:href="javascript:window.PWN=1"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=window.PWN=1>",
    "<math href='javascript:window.PWN=1'>x</math>",
    "'\"><iframe srcdoc='<script>parent.PWN=1</script>'>",
    "<iframe src=javascript:window.PWN=1>",
    "<object data='data:text/html,<script>parent.PWN=1</script>'>",
    "<embed src=javascript:window.PWN=1>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<form action=https://evil.example/><button>x</button></form>",
    "<details open ontoggle=window.PWN=1>",
    "<input autofocus onfocus=window.PWN=1>",
    "<template><script>window.PWN=1</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.PWN=1>'>",
    "</style></title></textarea><b>bold</b>",
    "<style>*{display:none!important}</style>",
    "<plaintext>",
    '" onmouseover="window.PWN=1" x="',
    "' onfocus='window.PWN=1' autofocus='",
    "&lt;script&gt;window.PWN=1&lt;/script&gt;&#60;&#x3c;&amp;&bogus;",
    # templates and strings of script
    "${window.PWN=1}",
    "`+(window.PWN=1)+`",
    "\\`${window.PWN=1}\\`",
    "{{7*7}}{% for x in y %}{{ this.get_name() }}",
    "{% raw %}{{ ''.__class__ }}{# x #}",
    "'+(window.PWN=1)+'",
    '"+(window.PWN=1)+"',
    '\\";window.PWN=1;//',
    "C:\\201 \\x \\u{} \\ud800 \\0 \\n",
    "\u2028window.PWN=1\u2029",
    '"],"x":[{"__proto__":{"PWN":1}}',
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "undefined",
    "null",
    "NaN",
    # addresses and styles
    "javascript:window.PWN=1",
    " JaVaScRiPt:window.PWN=1//https://example.org",
    "java\tscript:window.PWN=1",
    "data:text/html,<script>opener.PWN=1</script>",
    "vbscript:window.PWN=1",
    "//evil.example/x",
    "url(javascript:window.PWN=1);}*{color:red",
    "expression(window.PWN=1)",
    "#place=x&article=y&about",
    "..\\..\\..\\windows\\system32",
    # characters
    "\u202ereversed <b>x</b>",
    "\u2066isolated\u2067both\u2069",
    "broken \ud83d surrogate \ude00",
    "\udc00\ud800 the wrong way round",
    "a\x00b\x08\x1b[31mred\x7f\x85",
    "😀\ufeff\u200d\u061c\U00010380\U0010ffff",
    "é é ﷺ ﬁ İ ı ß",
    "Z̸̢̛̖̬͈͉͖͇͈̭a̵̧͚̥l̷̨̰̙go",
    "x" * 3000,
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u202bx\u202c",
    # spreadsheets
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-2",
    '","x";"y"',
]

PLACED = "Kabul"


def hostile_atlas(payloads: Sequence[str]) -> Atlas:
    """For each payload an article and a place; all their fields of text hold it."""
    articles, places, missing = [], [], []
    for nth, bad in enumerate(payloads):
        text = f"{bad} {PLACED} {bad}"
        key = f"{bad}#{nth}"
        articles.append(Article(id=key, text=text, title=bad, source=bad, date=bad, url=bad))
        place = Place(id=key, name=bad, country="AF", admin1=bad, lon=60 + nth / 9, lat=34, feature_code="PPL")
        start = len(bad) + 1
        found = Mention(
            start=start, end=start + len(PLACED), phrase=PLACED, kind="place", name=bad, sentence=(0, len(text))
        )
        resolution = Resolution(mention=found, place=place, precision="town", score=0.9)
        mention = AtlasMention(article_id=key, resolution=resolution)
        places.append(AtlasPlace(place=place, precision="town", mentions=(mention,)))
        nowhere = replace(found, start=0, end=len(bad), phrase=bad)
        lost = Resolution(mention=nowhere, place=None, nil_reason="not in gazetteer")
        missing.append(AtlasMention(article_id=key, resolution=lost))
    return Atlas(articles=tuple(articles), places=tuple(places), nil=tuple(missing))


def units(text: str) -> list[int]:
    """A string as the browser counts it; lone surrogates would not survive the way here as text."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[index : index + 2], "little") for index in range(0, len(raw), 2)]


READ = """async (wanted) => {
    const units = (text) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    const text = (from, selector) => { const node = from.querySelector(selector); return node ? units(node.textContent) : null; };
    const settled = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const open = async (parts) => { location.hash = new URLSearchParams(parts); await settled(); await settled(); };
    const read = [];
    for (const { id, at } of wanted) {
        const key = String.fromCharCode(...id);
        await open({ place: key });
        const place = { name: text(document, "#view h2"), excerpt: text(document, "#view .excerpt"), mark: text(document, "#view .excerpt mark") };
        await open({ article: key, at });
        read.push({ ...place, title: text(document, "#view h2"), body: text(document, "#view .body"),
            source: text(document, "#view .byline .source"), original: text(document, "#view .original"),
            date: text(document, "#view .byline time"), back: text(document, "#view .body .toponym.nil") });
    }
    return read;
}"""

TRACES = """() => [
    window.PWN ?? null, ({}).PWN ?? null,
    document.querySelectorAll("img, iframe, object, embed, form, base, #view b, #view style, #view script, #view math").length,
    [...document.querySelectorAll("*")].filter((node) => [...node.attributes].some(({ name }) => /^on/.test(name))).length,
    [...document.querySelectorAll("a[href]")].filter(({ protocol }) => !["http:", "https:", "file:"].includes(protocol)).length,
]"""


def read_back(page: Page, atlas: Atlas) -> list[dict[str, Any]]:
    """What the page shows of each place and article of a hostile atlas, in UTF-16 units."""
    wanted = [
        {"id": units(article.id), "at": len(units(article.text.partition(f" {PLACED} ")[0])) + 1}
        for article in atlas.articles
    ]
    found: list[dict[str, Any]] = page.evaluate(READ, wanted)
    return found


@pytest.fixture(scope="module")
def hostile() -> Atlas:
    assert len(HOSTILE) >= 60 and len(set(HOSTILE)) == len(HOSTILE)
    return hostile_atlas(HOSTILE)


def test_every_payload_in_every_field_is_shown_to_the_letter_and_none_is_run(visit: Visit, hostile: Atlas) -> None:
    heading = " ".join(HOSTILE)
    html = page_html(
        render(
            hostile,
            shape=lambda place: None,
            title=heading,
            attribution=HOSTILE,
            gazetteer_version=HOSTILE[0],
            names={entry.place.id: [entry.place.name, *HOSTILE] for entry in hostile.places},
        )
    )
    assert all(source.startswith("'") for sources in policy_of(html).values() for source in sources)
    page = visit(html)
    assert page.eval_on_selector(
        "h1", "h1 => Array.from({ length: h1.textContent.length }, (_, i) => h1.textContent.charCodeAt(i))"
    ) == units(heading)
    for bad, read in zip(HOSTILE, read_back(page, hostile), strict=True):
        expected = {
            "name": units(bad),
            "excerpt": units(f"{bad} {PLACED} {bad}"),
            "mark": units(PLACED),
            "title": units(bad),
            "body": units(f"{bad} {PLACED} {bad}"),
            "source": units(bad),
            "original": units(bad),
            "date": units(bad),
            "back": units(bad),
        }
        assert read == expected, bad
    page.evaluate("location.hash = 'about'")
    page.wait_for_selector(".sources")
    assert page.evaluate(TRACES) == [None, None, 0, 0, 0]


def test_lists_filters_and_searches_of_hostile_names_run_nothing(visit: Visit, hostile: Atlas) -> None:
    page = visit(page_html(render(hostile, shape=lambda place: None)))
    assert set(page.evaluate("geomap.seen().list.length + geomap.seen().articles.length").to_bytes(2, "big"))
    for bad in HOSTILE:
        page.evaluate(
            "async (units) => { location.hash = new URLSearchParams({ q: String.fromCharCode(...units) });"
            " await new Promise((done) => setTimeout(done)); }",
            units(bad[:200]),
        )
    for tab in ("places", "articles"):
        page.evaluate("tab => { location.hash = new URLSearchParams({ tab }); }", tab)
        page.wait_for_selector(f".rows.{tab} .row")
    assert page.evaluate(TRACES) == [None, None, 0, 0, 0]


def test_what_the_reader_takes_away_holds_no_formula_and_is_whole(visit: Visit, hostile: Atlas) -> None:
    page = visit(page_html(render(hostile, shape=lambda place: None)))
    page.evaluate(
        "() => { window.taken = []; const make = URL.createObjectURL;"
        " URL.createObjectURL = (blob) => { window.taken.push(blob.text()); return make.call(URL, blob); }; }"
    )
    for words in ("Mentions as CSV", "Mentions as GeoJSON"):
        page.click("button:has-text('Save')")
        page.click(f"button.act:has-text('{words}')")
    taken, geojson = page.evaluate("Promise.all(window.taken)")
    rows = list(csv.reader(io.StringIO(taken.removeprefix("\ufeff"), newline="")))
    assert len(rows) - 1 == len(json.loads(geojson)["features"]) == len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    names = [row[rows[0].index("name")] for row in rows[1:]]
    assert [name.removeprefix("'") for name in names] == [as_blob(bad).removeprefix("'") for bad in HOSTILE]


def as_blob(text: str) -> str:
    """Text as a file of the browser's making can hold it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# Articles on pages of their own


def as_file(text: str) -> str:
    """Text as an HTML file can hold it."""
    return as_blob(text).replace("\0", "\ufffd")


def test_the_articles_own_pages_are_as_safe_and_have_no_script(
    browser: Browser, hostile: Atlas, tmp_path: Path
) -> None:
    pages = plan(hostile.articles, 0)
    assert len(set(pages.values())) == len(HOSTILE)
    complaints: list[str] = []
    requests: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    (tmp_path / "articles").mkdir()
    for article, (address, html) in zip(
        hostile.articles, article_pages(hostile, pages, title=HOSTILE[0], home="../index.html"), strict=True
    ):
        assert set(policy_of(html)) == {"default-src", "style-src", "base-uri", "form-action"}
        (tmp_path / address).write_text(html, encoding="utf-8", newline="\n")
        page.goto((tmp_path / address).as_uri())
        shown = page.evaluate(
            "['h1', '.body', '.source', '.date', '.id', '.original', '.back'].map((at) => document.querySelector(at).textContent)"
        )
        expected = [article.title, article.text, article.source, article.date, article.id, article.url, HOSTILE[0]]
        assert shown == [as_file(str(text)) for text in expected]
        assert page.evaluate(TRACES) == [None, None, 0, 0, 0]
        assert page.evaluate("document.scripts.length") == 0
    assert complaints == []
    assert [url for url in requests if not url.startswith(tmp_path.as_uri())] == []
    page.close()


# The command's own door


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a careless or a wicked hand may fill it: JSON Lines, hostile file names, hostile metadata."""
    folder = tmp_path_factory.mktemp("drop")
    story = f"Fighters swept into {PLACED} on Sunday."
    rows = [
        {"id": f"{nth} {bad}", "text": f"{bad}\n\n{story}\n\n{bad}", "title": bad, "source": bad, "url": bad}
        for nth, bad in enumerate(HOSTILE)
    ]
    (folder / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    names = [f"{nth} {bad}.txt" for nth, bad in enumerate(HOSTILE) if is_file_name(bad)]
    for name in names:
        (folder / name).write_text(f"{name}\n\n{story}", encoding="utf-8")
    cells = [name.replace('"', '""') for name in names]
    lines = [f'"{cell}","{cell}","{cell}","{cell}"\n' for cell in cells]
    (folder / "articles.csv").write_text("file,title,source,url\n" + "".join(lines), encoding="utf-8", newline="")
    return folder


def is_utf8(text: str) -> bool:
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def is_file_name(text: str) -> bool:
    return is_utf8(text) and "\0" not in text and "/" not in text and len(text.encode()) < 200


@pytest.mark.parametrize("limit", [8.0, 0.0], ids=["whole articles", "articles beside the map"])
def test_a_build_of_hostile_articles_runs_nothing_and_shows_them_to_the_letter(
    visit: Visit, drop: Path, small_gazetteer: Path, tmp_path: Path, limit: float
) -> None:
    summary = build([drop], tmp_path / "maps", gazetteer=small_gazetteer, page=PageOptions(article_limit=limit))
    assert all("lone surrogate" in failure.message for failure in summary.failures), summary.failures
    assert len(summary.pages) == (0 if limit else len(summary.difference.new))
    page = visit((tmp_path / "maps" / "index.html").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (drop / "news.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {row["id"]: (row["title"], row["text"].replace("\n", "")) for row in rows if is_utf8(row["id"])}
    for path in drop.glob("*.txt"):
        texts[path.name] = (path.name, path.read_text(encoding="utf-8").replace("\n", ""))
    assert len(texts) > 100
    for key, (title, text) in texts.items():
        page.evaluate(
            "async (article) => { location.hash = new URLSearchParams({ article });"
            " await new Promise((done) => setTimeout(done)); }",
            key,
        )
        shown, body = page.evaluate("['#view h2', '#view .body'].map((at) => document.querySelector(at).textContent)")
        assert shown == title
        assert body == text if limit else PLACED in body
    assert page.evaluate(TRACES) == [None, None, 0, 0, 0]
