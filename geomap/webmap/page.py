"""The page as Folium elements: a map without a network, a figure that locks itself.

Three things differ from Folium's own page. Nothing is fetched: Leaflet, the base layer and our own
scripts and styles stand in the file. No text of an article becomes code: it travels in a JSON block
and is put on the page as text. And the file is locked by a content security policy that names each
script and style by its hash, whoever added it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import folium
from branca.element import Element, Figure
from folium.template import Template as FoliumTemplate
from jinja2 import Template

from geomap.errors import OutputError
from geomap.geometry import LonLat
from geomap.webmap.payload import PACK_ABOVE, pack
from geomap.webmap.policy import image_hosts, policy

_UNSAFE_IN_HTML = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The parts that all pages share, as text.

    Attributes:
        leaflet_js: Leaflet's script.
        leaflet_css: Leaflet's style sheet, without pictures.
        leaflet_license: Leaflet's licence, which the page quotes.
        boot_js: Our first script, which brings in the other one.
        page_js: Our own script; it takes over the name ``geomap``.
        page_css: Our own style sheet.
        article_css: The style sheet of an article's own page.
        basemap: The base layer as JSON.
    """

    leaflet_js: str
    leaflet_css: str
    leaflet_license: str
    boot_js: str
    page_js: str
    page_css: str
    article_css: str
    basemap: str

    @classmethod
    def bundled(cls) -> Assets:
        """Reads the parts that were put into the package when it was built.

        Raises:
            OutputError: The package was never built.
        """

        def read(name: str) -> str:
            try:
                return files("geomap").joinpath("data", name).read_text(encoding="utf-8")
            except FileNotFoundError as error:
                mend = "build the package first (pip install -e .)"
                raise OutputError(f"geomap/data/{name} is missing; {mend}") from error

        return cls(
            leaflet_js=read("leaflet.js"),
            leaflet_css=read("leaflet.css"),
            leaflet_license=read("leaflet-LICENSE.txt"),
            boot_js=read("boot.js"),
            page_js=read("page.js"),
            page_css=read("page.css"),
            article_css=read("article.css"),
            basemap=read("basemap.json"),
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
        figure.header.add_child(Raw("script", parts.leaflet_js), name="leaflet_js")  # before what plugins bring
        figure.header.add_child(Raw("script", parts.boot_js), name="boot_js")
        figure.header.add_child(Raw("style", parts.leaflet_css), name="leaflet_css")
        figure.header.add_child(Raw("style", parts.page_css), name="geomap_css")
        figure.data.add_child(JsonBlock("geomap-atlas", safe_json(payload)), name="atlas")
        figure.data.add_child(JsonBlock("geomap-base", safe_text(parts.basemap), pack_above=0), name="base")
        figure.data.add_child(JsonBlock("geomap-license", safe_json(parts.leaflet_license)), name="license")
        figure.data.add_child(PackedScript("geomap-script", parts.page_js), name="geomap_js")


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
        elements = list(_tree(self))
        packed = [element.code for element in elements if isinstance(element, PackedScript)]
        return html.replace(charset, charset + policy(html, scripts=packed, images=image_hosts(elements)), 1)


class Raw(Element):
    """A script or style that stands in the page as it is, never read as a template."""

    _template = Template("<{{ this.tag }}>{{ this.code }}</{{ this.tag }}>\n")

    def __init__(self, tag: str, code: str) -> None:
        super().__init__()
        if f"</{tag}" in code.lower():
            raise OutputError(f"a {tag} of the page contains </{tag}, which would end it too soon")
        self.tag = tag
        self.code = code


class PackedScript(Element):
    """A script that the page unpacks and runs; it takes half the room."""

    _template = Template(
        '<script type="text/plain" id="{{ this.block }}" data-packed="gzip">{{ this.packed }}</script>\n'
    )

    def __init__(self, block: str, code: str) -> None:
        super().__init__()
        self.block = block
        self.code = code
        self.packed = pack(code, 0)


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
