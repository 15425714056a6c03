"""The content security policy of a finished document: what stands in it may run, and nothing else.

Our own page names no host. Where a user of the Python door adds a Folium layer that brings files of its
own, those exact addresses are named, and of tiles their hosts.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

from branca.element import Element
from folium.raster_layers import ImageOverlay, TileLayer, WmsTileLayer

_BLOCK: Final = re.compile(r"<(script|style)(?:\s[^>]*)?>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_DATA: Final = re.compile(r'<script type="(?:application/json|text/plain)"', re.IGNORECASE)
_SOURCE: Final = re.compile(r'<(?:(script)\b[^>]*?\bsrc|link\b[^>]*?\bhref)="([^"]+)"', re.IGNORECASE)
_WEB: Final = ("http", "https")


def policy(document: str, *, scripts: Iterable[str] = (), images: Iterable[str] = ()) -> str:
    """The meta element that locks a document.

    Args:
        document: The whole page.
        scripts: Further scripts that the page may run, which stand packed in it.
        images: Hosts (``https://tile.example.org``) that pictures may come from; also ``data:``.
    """
    allowed: dict[str, list[str]] = {
        "script-src": [_hash(code) for code in scripts],
        "style-src": [],
        "img-src": sorted(set(images)),
    }
    for found in _BLOCK.finditer(document):
        tag, code = found[1].lower(), found[2]
        if code.strip() and not _DATA.match(found.group()):
            allowed[f"{tag}-src"].append(_hash(code))
    for script, address in _SOURCE.findall(_BLOCK.sub(_emptied, document)):
        if origin(address):
            allowed["script-src" if script else "style-src"].append(_source(address))
    rules = [
        "default-src 'none'",
        *(f"{rule} {' '.join(dict.fromkeys(sources))}" for rule, sources in allowed.items() if sources),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    content = html.escape("; ".join(rules), quote=True).replace("&#x27;", "'")
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">\n'


def image_hosts(elements: Iterable[Element]) -> set[str]:
    """Where the pictures of a map's layers come from: hosts of tiles and overlays, ``data:`` for embedded ones."""
    hosts = set()
    for element in elements:
        if isinstance(element, TileLayer):
            names = str(element.options.get("subdomains", "abc"))
            hosts |= {origin(element.tiles.replace("{s}", name)) for name in names}
            hosts.add("data:")  # Leaflet stops a tile that is no longer wanted by an empty picture
        elif isinstance(element, WmsTileLayer | ImageOverlay):
            hosts.add("data:" if element.url.startswith("data:image/") else origin(element.url))
    return hosts - {""}


def origin(address: str) -> str:
    """Scheme and host of a web address; empty for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in _WEB and parts.netloc else ""


def _hash(code: str) -> str:
    """A script or style as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def _source(address: str) -> str:
    """An address as a policy names it."""
    return re.sub(r"[;,\s]", lambda found: quote(found.group()), html.unescape(address))


def _emptied(found: re.Match[str]) -> str:
    """A script or style without its code, in which nothing is an element."""
    return found.group()[: found.start(2) - found.start()]
