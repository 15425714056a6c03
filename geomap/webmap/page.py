"""The page as Folium elements: a map without a network, a figure that locks itself.

Three things differ from Folium's own page. Nothing is fetched: Leaflet, the base layer and our own
scripts and styles stand in the file. No text of an article becomes code: it travels in a JSON block
and is put on the page as text. And the file is locked by a content security policy that names each
script and style by its hash, whoever added it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any

import folium
from branca.element import Element, Figure
from folium.template import Template as FoliumTemplate
from jinja2 import Template

from geomap.errors import OutputError
from geomap.geometry import LonLat
from geomap.webmap.payload import PACK_ABOVE, pack

_UNSAFE_IN_HTML = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[0-9a-f]{32}")
_BLOCK = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The parts of the page that are not ours, as text.

    Attributes:
        leaflet_js: Leaflet's script.
        leaflet_css: Leaflet's style sheet.
        leaflet_license: Leaflet's licence, which the page quotes.
        basemap: The base layer as JSON.
    """

    leaflet_js: str
    leaflet_css: str
    leaflet_license: str
    basemap: str
    script: str
    style: str

    @classmethod
    def bundled(cls) -> Assets:
        """Reads the parts that were put into the package when it was built.

        Raises:
            OutputError: The package was never built.
        """
        read = partial(_read, "data", mend="build the package first (pip install -e .)")
        return cls(
            leaflet_js=read("leaflet.js"),
            leaflet_css=read("leaflet.css"),
            leaflet_license=read("leaflet-LICENSE.txt"),
            basemap=read("basemap.json"),
            script=read("page.js"),
            style=read("page.css"),
        )


class NewsMap(folium.Map):
    """A Folium map that asks the network for nothing and hands itself to the page's own script.

    Layers of Folium that need no file of their own (``GeoJson``, ``CircleMarker``, ``PolyLine``, …) can be
    added as usual.
    """

    _template = FoliumTemplate(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} role="region" aria-label="Map"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }},
                crs: L.CRS.{{ this.crs }},
                ...{{ this.options|tojavascript }}
            });
            geomap.start({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, payload: dict[str, Any], parts: Assets) -> None:
        """Lays out the page.

        Args:
            payload: What :func:`geomap.webmap.payload.build_payload` makes.
            parts: Leaflet and the base layer.
        """
        super().__init__(
            location=LonLat(lon=66.0, lat=34.5).as_latlon(),
            zoom_start=5,
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=0.75,
            wheel_px_per_zoom_level=90,
        )
        self.default_js = []
        self.default_css = []
        self.options.update(min_zoom=1.5, max_zoom=11)  # as arguments Folium keeps them for its tiles
        figure = PageFigure(title=str(payload["title"]))
        figure.add_child(self)
        figure.header.add_child(Raw("style", leaflet_css(parts.leaflet_css)), name="leaflet_css")
        figure.header.add_child(Raw("style", parts.style), name="geomap_css")
        figure.data.add_child(JsonBlock("geomap-atlas", safe_json(payload)), name="atlas")
        figure.data.add_child(JsonBlock("geomap-base", safe_text(parts.basemap), pack_above=0), name="base")
        figure.data.add_child(JsonBlock("geomap-license", safe_json(parts.leaflet_license)), name="license")
        figure.data.add_child(Raw("script", leaflet_js(parts.leaflet_js)), name="leaflet_js")
        figure.data.add_child(Raw("script", parts.script), name="geomap_js")


class PageFigure(Figure):
    """The whole document. It renders to the same bytes each time and locks itself by hash."""

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="en">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        "<title>{{ this.title|e }}</title>\n"
        "{{ this.header.render(**kwargs) }}\n"
        "</head>\n"
        "<body>\n"
        '<aside id="panel" class="panel" aria-label="Reader"></aside>\n'
        '<main id="stage" class="stage">{{ this.html.render(**kwargs) }}</main>\n'
        "<noscript>This map is drawn by the script inside this file; it needs JavaScript, but no network.</noscript>\n"
        "{{ this.data.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(self, title: str) -> None:
        super().__init__(title=_SURROGATE.sub("\ufffd", title), height="640px")
        self.header._children.clear()  # branca's own charset line: the template has it
        self.data = Element()
        self.data._parent = self

    def render(self, **kwargs: Any) -> str:
        """Renders the document with stable ids and its content security policy."""
        html = str(super().render(**kwargs))
        html = _with_stable_ids(html, {element._id for element in _tree(self)})
        charset = '<meta charset="utf-8">\n'
        return html.replace(charset, charset + _policy(html), 1)


class Raw(Element):
    """A script or style that stands in the page as it is, never read as a template."""

    _template = Template("<{{ this.tag }}>{{ this.code }}</{{ this.tag }}>\n")

    def __init__(self, tag: str, code: str) -> None:
        super().__init__()
        if f"</{tag}" in code.lower():
            raise OutputError(f"a {tag} of the page contains </{tag}, which would end it too soon")
        self.tag = tag
        self.code = code


class JsonBlock(Element):
    """Data that the page's script reads by its id; the browser runs none of it."""

    _template = Template(
        '<script type="application/json" id="{{ this.block }}"'
        '{% if this.packed %} data-packed="gzip"{% endif %}>{{ this.packed or this.data }}</script>\n'
    )

    def __init__(self, block: str, data: str, pack_above: int = PACK_ABOVE) -> None:
        super().__init__()
        self.block = block
        self.data = data
        self.packed = pack(data, pack_above)


def safe_json(value: Any) -> str:
    """JSON that may stand inside an HTML script block and encodes as UTF-8 whatever it holds."""
    return safe_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def safe_text(text: str) -> str:
    """Escapes in JSON what would end a script block, what JavaScript takes for a line end, and lone surrogates."""
    return _UNSAFE_IN_HTML.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def compact_css(code: str) -> str:
    """A style sheet without its comments and the spaces that only people need."""
    plain = re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", plain).replace(";}", "}").strip()


def leaflet_js(code: str) -> str:
    """Leaflet without the pointer to its source map, which a browser would ask for."""
    return re.sub(r"\s*//# sourceMappingURL=\S*\s*$", "\n", code)


def leaflet_css(code: str) -> str:
    """Leaflet's style sheet without its pictures: the page draws its own marks."""
    return compact_css(re.sub(r"url\((?!#)[^)]*\)", "none", code))


def _policy(html: str) -> str:
    """The content security policy that allows the inline blocks of a document and nothing else."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, code in _BLOCK.findall(html):
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        hashes[tag].append(f"'sha256-{digest}'")
    rules = [
        "default-src 'none'",
        *(f"{tag}-src {' '.join(found)}" for tag, found in hashes.items()),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">\n'


def _with_stable_ids(html: str, ids: set[str]) -> str:
    """Numbers Folium's random ids in the order in which the document names them."""
    numbers: dict[str, str] = {}

    def stable(found: re.Match[str]) -> str:
        name = found.group()
        return numbers.setdefault(name, f"{len(numbers) + 1:04d}") if name in ids else name

    return _ID.sub(stable, html)


def _tree(element: Element) -> Iterator[Element]:
    """An element of a figure and all that hangs below it."""
    yield element
    below = [*element._children.values()]
    if isinstance(element, PageFigure):
        below += (element.header, element.html, element.script, element.data)
    for child in below:
        yield from _tree(child)


def _asset(name: str) -> str:
    return _read("webmap", "assets", name, mend="reinstall geomap")


def _read(*path: str, mend: str) -> str:
    try:
        return files("geomap").joinpath(*path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OutputError(f"{'/'.join(('geomap', *path))} is missing; {mend}") from error
