"""The stages put together: the one room that knows them all."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geomap.articles import Failure, Reading, read_paths
from geomap.collection import collect, nil_reasons
from geomap.corpus import Corpus, Difference
from geomap.files import write_atomically
from geomap.gazetteer.store import Gazetteer
from geomap.geoparser import Geoparser as Geoparser  # noqa: PLC0414 - the door that others know it by
from geomap.geoparser import failure_of
from geomap.model import Article, Atlas, ParsedArticle
from geomap.webmap import ARTICLES, PageOptions

if TYPE_CHECKING:
    from geomap.online import Online
    from geomap.webmap.page import NewsMap

Progress = Callable[[Iterable[Article], int], Iterator[Article]]
"""Wraps articles and their number, as a progress bar does."""

TITLE: Final = "geomap"
PAGE: Final = "index.html"
PLACES: Final = "places.geojson"
MENTIONS: Final = "mentions.geojson"
STORE: Final = ".geomap/corpus.sqlite"
_READ, _INPUTS = "read", "inputs"
"""Under these names the store keeps, beside the outputs' digests, those of the articles and of all that outputs depend on."""
_CHECKPOINT: Final = 50  # articles after which what is parsed is made to survive a kill


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build did.

    Attributes:
        difference: Articles by what became of them.
        failures: Articles that could not be read or parsed.
        ignored: Files that are no articles.
        places: Places on the map.
        mentions: Mentions drawn there.
        unmapped: Demonyms and organisation names, counted only.
        nil: Reasons of mentions without a place and how many have them, commonest first.
        files: The outputs, but for the articles' own pages.
        pages: The articles' own pages, if there are any.
        written: The outputs that changed.
    """

    difference: Difference = field(default_factory=Difference)
    failures: tuple[Failure, ...] = ()
    ignored: tuple[str, ...] = ()
    places: int = 0
    mentions: int = 0
    unmapped: int = 0
    nil: tuple[tuple[str, int], ...] = ()
    files: tuple[Path, ...] = ()
    pages: tuple[Path, ...] = ()
    written: tuple[Path, ...] = ()


def build(
    paths: Iterable[Path],
    output: Path,
    *,
    gazetteer: str | Path | None = None,
    model: str | None = None,
    fast: bool = False,
    jobs: int = 1,
    online: Callable[[Gazetteer], Online] | None = None,
    page: PageOptions | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Map the articles under some paths: the page (and pages of articles, where they are many) and two GeoJSON files.

    Only articles that are new or changed are parsed; if nothing changed, nothing is written.

    Args:
        paths: Files and folders of articles.
        output: The folder for the outputs and the store.
        gazetteer: A gazetteer file; None for the one in use.
        model: A spaCy model whose entities take the place of the tagger.
        fast: Whether to leave the tagger out.
        jobs: How many processes may parse.
        online: Opens what is asked for mentions without any candidate; None asks nothing.
        page: What the user chose about the page.
        progress: Wraps the loop over the articles to be parsed.

    Raises:
        GeomapError: If there is nothing to map, or something that all articles need is missing.
    """
    reading = read_paths(paths)
    if not reading.articles:  # nothing could be read: the map that is there stays as it is
        return Summary(failures=reading.failures, ignored=reading.ignored)
    with Gazetteer(gazetteer) as opened:
        parser = Geoparser(opened, model, fast=fast, jobs=jobs)
        with Corpus(output / STORE, parser.versions) as corpus:
            difference = corpus.difference(reading.articles)
            parsed, failures = _parse_changed(parser, corpus, reading, difference, progress)
            parsed, stamp = _filled(parsed, opened, online)
            atlas = collect(parsed)
            options = page or PageOptions()
            written = _write_outputs(
                corpus, atlas, output, versions=parser.versions, stamp=stamp, gazetteer=opened, options=options
            )
            pages = tuple(output / name for name in corpus.outputs() if name.startswith(f"{ARTICLES}/"))
    nil = nil_reasons(atlas)
    return Summary(
        difference=difference,
        failures=(*reading.failures, *failures),
        ignored=reading.ignored,
        places=len(atlas.places),
        mentions=sum(len(place.mentions) for place in atlas.places),
        unmapped=len(atlas.unmapped),
        nil=tuple(nil),
        files=tuple(output / name for name in (PAGE, PLACES, MENTIONS)),
        pages=pages,
        written=written,
    )


def parse_all(
    paths: Iterable[Path], gazetteer: Gazetteer, model: str | None = None, *, fast: bool = False
) -> tuple[Atlas, tuple[Failure, ...]]:
    """Parse the articles under some paths without a store, for an export or an evaluation."""
    reading = read_paths(paths)
    return collect(Geoparser(gazetteer, model, fast=fast).parse(reading.articles)), reading.failures


def render(
    what: Atlas | str | Path | Iterable[str | Path],
    *,
    gazetteer: str | Path | None = None,
    model: str | None = None,
    title: str = TITLE,
    tiles: str | None = None,
    tiles_credit: str | None = None,
) -> NewsMap:
    """Draw articles as a Folium map, to be shown in a notebook, added to, or saved.

    Args:
        what: An atlas, or files and folders of articles to be parsed.
        gazetteer: A gazetteer file; None for the one in use.
        model: A spaCy model whose entities are to join in.
        title: Heading of the page.
        tiles: Online tiles over the land of the offline base map: a provider's name, or an address
            with ``{z}``, ``{x}`` and ``{y}``. None, the default, for a page that asks the network for nothing.
        tiles_credit: Whose tiles they are; needed for an address.

    Returns:
        A ``folium.Map``. Never put the text of an article into a Folium popup or tooltip of your own:
        Folium writes it into a script.

    Raises:
        GeomapError: If there is nothing to map, or something that all articles need is missing.

    Warns:
        UserWarning: For each article that cannot be read; the rest is drawn.
    """
    with Gazetteer(gazetteer) as opened:
        if isinstance(what, Atlas):
            atlas = what
        else:
            paths = [what] if isinstance(what, str | Path) else what
            atlas, failures = parse_all(map(Path, paths), opened, model)
            for failure in failures:
                warnings.warn(failure.message, stacklevel=2)
        return _draw(atlas, opened, PageOptions(tiles=tiles, tiles_credit=tiles_credit), title=title)


def _draw(
    atlas: Atlas, gazetteer: Gazetteer, options: PageOptions, *, title: str, pages: Mapping[str, str] | None = None
) -> NewsMap:
    """An atlas as a map, with what the gazetteer knows about its places."""
    from geomap import webmap
    from geomap.online import credits_of

    return webmap.render(
        atlas,
        shape=gazetteer.shape,
        title=title,
        attribution=(*gazetteer.attribution, *credits_of(atlas)),
        gazetteer_version=gazetteer.fingerprint,
        names=gazetteer.other_script_names({entry.place.id for entry in atlas.places}),
        tiles=options.tiles,
        tiles_credit=options.tiles_credit,
        pages=pages,
    )


def _parse_changed(
    parser: Geoparser, corpus: Corpus, reading: Reading, difference: Difference, progress: Progress | None
) -> tuple[list[ParsedArticle], list[Failure]]:
    """All articles' resolutions: from the store where it has them, else parsed and kept there."""
    corpus.remove(difference.removed)
    kept = {article.id: corpus.get(article) for article in reading.articles}
    todo = [article for article in reading.articles if kept[article.id] is None]
    failures: list[Failure] = []
    shown = progress(todo, len(todo)) if progress and todo else todo
    for number, (article, result) in enumerate(zip(shown, parser.attempt(todo), strict=True), start=1):
        if isinstance(result, Exception):
            failures.append(failure_of(article, result))
            corpus.remove([article.id])
        else:
            kept[article.id] = result
            corpus.put(result)
        if number % _CHECKPOINT == 0:
            corpus.checkpoint()
    corpus.checkpoint()
    parsed = [one for one in kept.values() if one is not None]
    if not todo and corpus.outputs().get(_READ) == _inputs_digest([one.article for one in parsed], parser.versions):
        return parsed, failures  # the same articles as last time: their sources have the homes that they had
    settled = list(parser.settle(parsed))
    for before, after in zip(parsed, settled, strict=True):
        if after is not before:
            corpus.put(after)
    return settled, failures


def _filled(
    parsed: list[ParsedArticle], gazetteer: Gazetteer, online: Callable[[Gazetteer], Online] | None
) -> tuple[list[ParsedArticle], str]:
    """The articles with what an online geocoder adds, and what tells that from other answers; the store has neither."""
    if online is None:
        return parsed, ""
    with online(gazetteer) as opened:
        return list(opened.fill(parsed)), f"; online {opened.stamp}"


def _inputs_digest(articles: Iterable[Article], *others: str) -> str:
    digest = hashlib.sha256("\0".join(others).encode())
    for article in sorted(articles, key=lambda article: article.id):
        fields = (article.id, article.text, article.title, article.date, article.source, article.url)
        digest.update(json.dumps(fields).encode())
    return digest.hexdigest()


def _write_outputs(
    corpus: Corpus,
    atlas: Atlas,
    output: Path,
    *,
    versions: str,
    stamp: str,
    gazetteer: Gazetteer,
    options: PageOptions,
) -> tuple[Path, ...]:
    """Write what has changed of the outputs; nothing is made where the inputs are those of the last time."""
    read = _inputs_digest(atlas.articles, versions)
    inputs = _inputs_digest(atlas.articles, versions, stamp, repr(options))
    known = corpus.outputs()
    known.pop(_READ, None)
    if known.pop(_INPUTS, "") == inputs and all(_file_digest(output / name) == known[name] for name in known):
        return ()
    for folder in (output, output / ARTICLES):
        for stale in folder.glob(".*.tmp"):  # what a kill left; the store is locked, so no other build writes here
            stale.unlink(missing_ok=True)
    digests = {_READ: read, _INPUTS: inputs}
    written = []
    for name, text in _outputs(atlas, gazetteer, options):
        content = text.encode()
        if write_atomically(output / name, content):
            written.append(output / name)
        digests[name] = hashlib.sha256(content).hexdigest()
    from geomap.webmap.articles import remove_stale

    remove_stale(output / ARTICLES, [output / name for name in digests])
    corpus.put_outputs(digests)
    return tuple(written)


def _outputs(atlas: Atlas, gazetteer: Gazetteer, options: PageOptions) -> Iterator[tuple[str, str]]:
    """The outputs as pairs of name and text, one by one; what the map links to comes before the map."""
    from geomap.export.geojson import mentions_geojson, places_geojson
    from geomap.online import credits_of
    from geomap.webmap import page_html
    from geomap.webmap.articles import article_pages, plan

    attribution = (*gazetteer.attribution, *credits_of(atlas))

    pages = plan(atlas.articles, options.article_limit)
    yield from article_pages(atlas, pages, title=TITLE, home=f"../{PAGE}")
    yield PAGE, page_html(_draw(atlas, gazetteer, options, title=TITLE, pages=pages))
    yield PLACES, places_geojson(atlas, gazetteer.shape, attribution)
    yield MENTIONS, mentions_geojson(atlas, attribution)


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
