// The page: one state, kept in the address after the #, one selection made from it, and everything drawn from both.

import { asAddress, openFilter, readAddress, writeAddress } from "./address.js";
import { readAtlas } from "./atlas.js";
import { filterBar } from "./bar.js";
import { drawBase } from "./basemap.js";
import { camera, frame } from "./camera.js";
import { readBlock } from "./codec.js";
import { columnEdge } from "./column.js";
import { el, soon, svg } from "./dom.js";
import { edgeSigns } from "./edges.js";
import { lettering } from "./labels.js";
import { sorted } from "./list.js";
import { markLayer } from "./marks.js";
import { outlineLayer, shade } from "./outlines.js";
import { readingPanel } from "./panel.js";
import { copy } from "./reading.js";
import { searchIndex } from "./search.js";
import { select } from "./select.js";
import { download, mentionRows, picture, toCsv, toGeoJson } from "./take.js";
import { timeline } from "./timeline.js";
import { mapTools } from "./tools.js";

const CREDIT = "Leaflet · Natural Earth";
const NEAR = 6;  // the zoom from which on neighbours' provinces and the Tajik border's crossings are drawn

let look;

/** What the page shows just now, part by part as it is drawn; for tests and for the curious. */
export function seen() {
  return look?.();
}

/**
 * Makes the page out of Folium's map.
 * @param {any} map
 */
export async function start(map) {
  const [data, base_, license] = await Promise.all(["geomap-atlas", "geomap-base", "geomap-license"].map(readBlock));
  const atlas = readAtlas(data);
  const index = searchIndex(atlas);
  const stage = document.getElementById("stage"), column = document.getElementById("panel");
  const known = knownIds(atlas);
  const placeOf = (id) => atlas.places[known.places.get(asAddress(id))];
  const articleOf = (id) => atlas.articles[known.articles.get(asAddress(id))];

  let state = readAddress(location.hash, known);
  let selection = null, filters = "";
  let typing = 0;

  // Bar, column and strip stand before the map is framed, and it is framed before anything is drawn on it.
  const wires = { atlas, base: null, link, set, filter, light, placeOf, articleOf, fit: () => eye.fly(boundsOfArticle()) };
  const bar = filterBar(atlas, { filter, home: "#", about: "#about", actions: [
    ["Copy a link to this view", () => copy(here(), bar.bar.querySelector(".ends button"))],
    ["Mentions as GeoJSON", () => save(toGeoJson(mentionRows(atlas, selection), atlas.attribution), "application/geo+json", "mentions.geojson")],
    ["Mentions as CSV", () => save(toCsv(mentionRows(atlas, selection)), "text/csv", "mentions.csv")],
    ["Map as a picture (PNG)", async () => download(await picture(stage, marks.drawOn, CREDIT), "map.png")],
    ["Print", () => print()],
  ] });
  const strip = timeline(atlas, filter);
  document.body.prepend(bar.bar);
  const panel = readingPanel(column, wires, license);
  column.append(columnEdge(column));
  if (strip) stage.after(strip.strip);
  document.body.classList.toggle("timed", Boolean(strip));
  map.invalidateSize({ pan: false });
  frame(map, state.map);

  hatching();
  const base = (wires.base = drawBase(map, base_));
  const outlines = outlineLayer(map, base);
  const marks = markLayer(map, outlines);
  const letter = lettering(map, base);
  const eye = camera(map, outlines, (view) => {
    if (view) {
      state = { ...state, map: view };
      keep();
    }
    redraw();
  });
  const edges = edgeSigns(map, stage, { border: base.border, spot: outlines.spot, go: (place) => { go({ view: "place", place: place.id }); eye.reach(place, true); } });
  const tools = mapTools(base, {
    region: () => eye.region(),
    world: () => eye.world(),
    zoom: (by) => eye.zoom(by),
    border: (pair) => {
      set({ border: pair });
      eye.steer(L.polyline(base.shared(...pair.split("-"))).getBounds().pad(0.12), 4);
    },
    mode: (mode) => set({ mode }),
  });
  stage.append(...tools.nodes, el("p", { class: "credit" }, CREDIT));
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);

  function light(place) {
    marks.light(place);
    outlines.light(place);
  }

  // --- the address

  // A view's own parts are forgotten when another view is asked for; a filter of null opens all filters.
  function changed(change) {
    const reset = change.view ? { place: null, article: null, at: null } : {};
    const filter_ = change.filter === null ? openFilter(atlas.kinds) : { ...state.filter, ...change.filter };
    return { ...state, map: null, ...reset, ...change, filter: filter_ };
  }

  function link(change) {
    return writeAddress(changed(change), atlas.kinds);
  }

  function here() {
    return writeAddress(state, atlas.kinds);
  }

  // A step that the back button undoes.
  function go(change) {
    const target = link(change);
    if (target === location.hash || target === "#" + location.hash) show();
    else location.hash = target;
  }

  // A change that it does not.
  function set(change) {
    state = { ...changed(change), map: state.map };
    keep();
    show();
  }

  // Another filter shows the list, unless it is about the article or place that is read. While a reader types or drags,
  // the page follows without a step for each letter.
  function filter(change, { typed = false } = {}) {
    strip && !("from" in change) && strip.stop();
    const toList = "query" in change ? { view: "list" } : {};
    if (!typed) return go({ ...toList, filter: change });
    state = { ...changed({ ...toList, filter: change }), map: state.map };
    clearTimeout(typing);
    typing = setTimeout(() => {
      keep();
      show();
    });
  }

  function keep() {
    try {
      history.replaceState(null, "", here());
    } catch {
      // A page without an address of its own (in a notebook) keeps its state to itself.
    }
  }

  // --- drawing

  // The place that is meant: in an article, that of the mention which is read.
  function chosen() {
    if (state.view === "about" || state.view === "list") return null;
    if (state.view === "place") return placeOf(state.place);
    const index_ = mentionsOfArticle().find((one) => atlas.mentions.start[one] === state.at);
    return index_ === undefined ? null : atlas.places[atlas.mentions.place[index_]];
  }

  function mentionsOfArticle() {
    const { index: number } = articleOf(state.article);
    const [first, last] = [atlas.mentions.first[number], atlas.mentions.first[number + 1]];
    return Array.from({ length: last - first }, (_, nth) => first + nth);
  }

  // The places that the open article names, as far as their kinds are drawn.
  function placesOfArticle() {
    if (state.view !== "article") return null;
    const drawn = mentionsOfArticle().filter((one) => !atlas.pinless[atlas.mentions.kind[one]] && state.filter.kind.has(atlas.kinds[atlas.mentions.kind[one]]));
    return new Set(drawn.map((one) => atlas.places[atlas.mentions.place[one]]));
  }

  function boundsOfArticle() {
    return [...placesOfArticle()].reduce((all, place) => all.extend(outlines.boundsOf(place)), L.latLngBounds([]));
  }

  // Places of the selection that are drawn, and in any case those that are being read about.
  function entriesToDraw(place, among) {
    const drawn = selection.places.filter(({ count }) => count);
    for (const one of new Set([...(place ? [place] : []), ...(among || [])])) {
      if (selection.of.get(one)?.count) continue;
      const count = atlas.mentionsOf(one).reduce((sum, mention) => sum + (atlas.pinless[atlas.mentions.kind[mention]] ? 0 : 1), 0);
      if (count) drawn.push({ place: one, count, aside: 0, form: one.form, latest: "" });
    }
    return drawn;
  }

  function show(focus = false) {
    const asked = JSON.stringify(state.filter, (_, value) => (value instanceof Set ? [...value] : value));
    if (asked !== filters) {
      selection = select(atlas, index.find(state.filter.query), state.filter);
      filters = asked;
    }
    const place = chosen(), among = placesOfArticle();
    const entries = entriesToDraw(place, among);
    outlines.show(entries.map((entry) => entry.place).filter((one) => !among || among.has(one)));
    outlines.choose(place);
    marks.show({ entries, mode: state.mode, chosen: place, among, sight: among && (place || [...among][0]) });
    tools.show(state, shade(base, selection.places, state.mode));
    document.body.dataset.mode = state.mode;
    outlines.highlight(state.border);
    panel.show(state, selection, filters, focus);
    bar.show(state, selection);
    strip?.show(state, selection);
    if (place) eye.reach(place);
    redraw();
  }

  const redraw = soon(() => {
    stage.classList.toggle("near", map.getZoom() >= NEAR);
    const furniture = [...stage.querySelectorAll(".tools, .legend:not([hidden]), .credit, .leaflet-control-scale")].map((node) => {
      const box = node.getBoundingClientRect(), corner = stage.getBoundingClientRect();
      return [box.left - corner.left, box.top - corner.top, box.right - corner.left, box.bottom - corner.top];
    });
    const among = placesOfArticle();
    const told = selection.places.filter(({ place }) => !among || among.has(place));
    letter(marks.all(), chosen(), [...furniture, ...edges(told)], state.border || (map.getZoom() >= NEAR ? "AF-TJ" : null));
  });

  // --- the reader's hands

  map.on("click", ({ containerPoint, originalEvent }) => {
    const mark = marks.at(containerPoint);
    if (mark && mark.members.length > 1) return openGroup(mark);
    const id = mark ? mark.entry.place.id : originalEvent.target.dataset?.outline;
    if (id) go({ view: "place", place: id });
  });
  map.on("mousemove", ({ containerPoint, originalEvent }) => {
    const mark = marks.at(containerPoint);
    const place = mark ? mark.entry.place : placeOf(originalEvent.target.dataset?.outline ?? "");
    map.getContainer().style.cursor = place ? "pointer" : "";
    map.getContainer().title = mark ? mark.members.slice(0, 12).map(({ place: { name } }) => name).join(", ") + (mark.members.length > 12 ? ", …" : "") : "";
    light(place || null);
  });
  map.on("mouseout", () => light(null));

  // Several places as one mark come apart by zooming in; where they cannot, the list shows them alone.
  function openGroup(mark) {
    const bounds = L.latLngBounds(mark.members.map(({ place }) => outlines.spot(place)));
    const zoom = map.getBoundsZoom(bounds, false, L.point(120, 120));
    if (zoom > map.getZoom() + 0.2 && map.getZoom() < map.getMaxZoom() - 0.5) eye.steer(bounds, 90);
    else go({ view: "list", tab: "places", filter: { only: new Set(mark.members.map(({ place }) => place.id)) } });
  }

  // Our own links stay in this document even where it has no address of its own (a notebook's frame).
  addEventListener("click", (event) => {
    const href = /** @type {Element} */ (event.target).closest?.("a")?.getAttribute("href");
    if (!href?.startsWith("#") || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (href === location.hash || (href === "#" && !location.hash)) show(true);
    else location.hash = href;
  });
  addEventListener("hashchange", () => {
    clearTimeout(typing);
    state = readAddress(location.hash, known);
    if (state.map) eye.frame(state.map);
    show(true);
  });
  addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && state.view !== "list" && !document.querySelector(":popover-open")) return go({ view: "list" });
    if (/** @type {Element} */ (event.target).closest("input, select, textarea")) return;
    if (event.key === "n") panel.step(1);
    else if (event.key === "p") panel.step(-1);
    else if (event.key === "/") bar.search.focus();
    else return;
    event.preventDefault();
  });

  function save(text, type, name) {
    download(new Blob([text], { type }), name);
  }

  new ResizeObserver(() => {
    const before = map.getSize();
    map.invalidateSize({ pan: false });
    if (before.equals(map.getSize())) return;
    if (!eye.moved()) eye.frame(state.map);
    redraw();
  }).observe(stage);
  look = () => {
    const corner = stage.getBoundingClientRect(), { bars = [], undated = 0 } = strip?.seen() || {};
    return {
      filter: state.filter,
      address: here(),
      mentions: selection.shown.reduce((all, shown, number) => (shown ? [...all, number] : all), /** @type {number[]} */ ([])),
      list: sorted(selection.places, state.sort).map(({ place }) => place.id),
      articles: selection.articles.map(({ id }) => id),
      map: marks.all().map((mark) => ({ id: mark.entry.place.id, form: mark.form, count: mark.count, faded: mark.faded,
        x: mark.pixel.x + corner.left, y: mark.pixel.y + corner.top, members: mark.members.map(({ place }) => place.id) })),
      drawn: Object.fromEntries(entriesToDraw(chosen(), placesOfArticle()).map(({ place, count }) => [place.id, count])),
      chosen: chosen()?.id ?? null,
      histogram: { bars, undated },
      said: panel.said(),
    };
  };
  show();
  index.warm();
  document.documentElement.dataset.ready = "true";
}

// Finds things by what an address says of them.
function knownIds(atlas) {
  const numbers = (all) => new Map(all.map(({ id, index }) => [asAddress(id), index]));
  const places = numbers(atlas.places), articles = numbers(atlas.articles);
  const sources = new Map(atlas.sources.map((source) => [asAddress(source), source]));
  return {
    kinds: atlas.kinds,
    precisions: atlas.precisions,
    places,
    articles,
    place: (id) => atlas.places[places.get(id)]?.id,
    article: (id) => atlas.articles[articles.get(id)]?.id,
    source: (name) => sources.get(name),
  };
}

// The hatching of approximate areas, for the style sheet to use.
function hatching() {
  const pattern = svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("path", { d: "M0 0V6", class: "hatch" }));
  document.body.append(svg("svg", { width: 0, height: 0, class: "defs", "aria-hidden": "true" }, svg("defs", {}, pattern)));
}
