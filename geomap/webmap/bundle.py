"""The page's scripts and styles as they stand in the file: Leaflet's and our own modules, each bundled by esbuild.

Run when geomap is built; ``python -m geomap.webmap.bundle`` does the same alone after a change in ``assets/``.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import Final

from geomap import npm
from geomap.errors import GeomapError
from geomap.files import write_atomically

BUNDLES: Final = ("leaflet.js", "leaflet.css", "boot.js", "page.js", "page.css", "article.css")
LICENSE: Final = "leaflet-LICENSE.txt"

_STAMP: Final = "page-sources.txt"
_MINIFY: Final = ("--minify", "--charset=utf8", "--log-level=warning")
_BROWSERS: Final = "--target=es2022,chrome109,firefox115,safari16.4"  # all have DecompressionStream
_PICTURE: Final = re.compile(r"url\((?!#)[^)]*\)")  # Leaflet's own icons, which the page does not use


def make_bundles(webmap: Path, data: Path) -> bool:
    """Make the page's parts, unless those that are there come from the same sources.

    Args:
        webmap: The folder with ``assets`` and ``npm``.
        data: Where the parts are put.

    Returns:
        Whether they were made anew.

    Raises:
        GeomapError: If npm cannot bring the packages, or a module does not fit together.
    """
    stamp, sources = data / _STAMP, digest(webmap)
    whole = all((data / name).is_file() for name in (*BUNDLES, LICENSE))
    if whole and stamp.is_file() and stamp.read_text(encoding="utf-8") == sources:
        return False
    with npm.installed(webmap / "npm") as modules:
        leaflet = modules / "leaflet"
        style = _PICTURE.sub("none", (leaflet / "dist" / "leaflet.css").read_text(encoding="utf-8"))
        made = {
            "leaflet.js": _esbuild(modules, str(leaflet / "dist" / "leaflet.js"), "--legal-comments=inline"),
            "leaflet.css": _esbuild(modules, "--loader=css", stdin=style),
            "boot.js": bundle(modules, webmap / "assets" / "boot.js"),
            "page.js": bundle(modules, webmap / "assets" / "main.js"),
            "page.css": bundle(modules, webmap / "assets" / "main.css"),
            "article.css": bundle(modules, webmap / "assets" / "article.css"),
            LICENSE: (leaflet / "LICENSE").read_text(encoding="utf-8"),
        }
    for name, text in made.items():
        write_atomically(data / name, text)
    write_atomically(stamp, sources)
    return True


def bundle(modules: Path, entry: Path) -> str:
    """Join an entry with all that it imports: one classic script that leaves its exports as ``geomap``, or one style sheet.

    Args:
        modules: A ``node_modules`` folder with esbuild.
        entry: A ``.js`` or ``.css`` file.

    Raises:
        GeomapError: If an import leads nowhere or the code cannot be read; the message names file and line.
    """
    script = ("--format=iife", "--global-name=geomap", "--legal-comments=none") if entry.suffix == ".js" else ()
    return _esbuild(modules, str(entry), "--bundle", _BROWSERS, *script)


def digest(webmap: Path) -> str:
    """What the bundles are made of, as one number: the assets, the packages' versions and how they are joined."""
    sources = [*sorted((webmap / "assets").rglob("*")), webmap / "npm" / "package-lock.json", Path(__file__)]
    total = hashlib.sha256()
    for path in sources:
        if path.suffix in (".js", ".css", ".json", ".py"):
            total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _esbuild(modules: Path, *arguments: str, stdin: str | None = None) -> str:
    return npm.node(modules / "esbuild" / "bin" / "esbuild", *arguments, *_MINIFY, stdin=stdin)


if __name__ == "__main__":
    _webmap = Path(__file__).parent
    try:
        print("made" if make_bundles(_webmap, _webmap.parent / "data") else "as before")
    except GeomapError as error:
        sys.exit(f"geomap: {error}")
