"""geomap: news articles in, one offline map out.

>>> import geomap
>>> page = geomap.render("seeds")
>>> page.save("index.html")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap.pipeline import render as render

__version__ = "0.3.0"

__all__ = ["__version__", "render"]


def __getattr__(name: str) -> object:
    """Brings in the Python door when it is first asked for: ``import geomap`` alone loads nothing."""
    if name == "render":
        from geomap.pipeline import render

        return render
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
