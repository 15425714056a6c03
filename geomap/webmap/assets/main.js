// The page: one state, one selection made from it, and everything drawn from both.

import { readAtlas } from "./atlas.js";
import { filterBar } from "./bar.js";
import { drawBase } from "./basemap.js";
import { camera, frame } from "./camera.js";
import { readBlock } from "./codec.js";
import { columnEdge } from "./column.js";
import { el, soon } from "./dom.js";
import { edgeSigns } from "./edges.js";
import { lettering } from "./labels.js";
import { sorted } from "./list.js";
import { markLayer } from "./marks.js";
import { outlineLayer, shade } from "./outlines.js";
import { readingPanel } from "./panel.js";
import { copy } from "./reading.js";
import { sceneOf } from "./scene.js";
import { searchIndex } from "./search.js";
import { select } from "./select.js";
import { pageState } from "./store.js";
import { download, mentionRows, picture, toCsv, toGeoJson } from "./take.js";
import { timeline } from "./timeline.js";
import { mapTools } from "./tools.js";

const CREDIT = "Leaflet · Natural Earth";
const PARTED = 40;  // pixels that places must have between them at the nearest zoom, for zooming in to part them
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
  const [data, world, license] = await Promise.all(["geomap-atlas", "geomap-base", "geomap-license"].map(readBlock));
  const atlas = readAtlas(data);
  const index = searchIndex(atlas);
  const store = pageState(atlas, arrive);
  const stage = document.getElementById("stage"), column = document.getElementById("panel");
  let selection = null, selected = "";
  let lit = null;
  let scene = { chosen: null, among: null, entries: [] };

  // Bar, column and strip stand before the map is framed, and it is framed before anything is drawn on it.
  const wires = { atlas, base: null, link: store.link, set: store.set, filter: store.filter, light, placeOf: store.place, articleOf: store.article,
    fit: () => eye.fly([...scene.among].reduce((all, place) => all.extend(outlines.boundsOf(place)), L.latLngBounds([]))) };
  const bar = filterBar(atlas, { filter: store.filter, home: "#", about: () => store.link({ view: "about" }), actions: [
    ["Copy a link to this view", () => copy(store.here(), bar.bar.querySelector(".ends button"))],
    ["Mentions as GeoJSON", () => save(toGeoJson(mentionRows(atlas, selection), atlas.attribution), "application/geo+json", "mentions.geojson")],
    ["Mentions as CSV", () => save(toCsv(mentionRows(atlas, selection)), "text/csv", "mentions.csv")],
    ["Map as a picture (PNG)", async () => download(await picture(stage, marks.drawOn, CREDIT), "map.png")],
    ["Print", () => print()],
  ] });
  const strip = timeline(atlas, store.filter);
  document.body.prepend(bar.bar);
  const panel = readingPanel(column, wires, license);
  column.append(columnEdge(column));
  if (strip) stage.after(strip.strip);
  document.body.classList.toggle("timed", Boolean(strip));
  map.invalidateSize({ pan: false });
  frame(map, store.get().map);

  const base = (wires.base = drawBase(map, world));
  const outlines = outlineLayer(map, base);
  const marks = markLayer(map, outlines);
  const letter = lettering(map, base);
  const eye = camera(map, outlines, (view) => {
    if (view) store.look(view);
    redraw();
  });
  const edges = edgeSigns(map, stage, { border: base.border, spot: outlines.spot, go: (place) => {
    store.go({ view: "place", place: place.id });
    eye.reach(place, true);
  } });
  const tools = mapTools(base, {
    region: () => eye.region(),
    world: () => eye.world(),
    zoom: (by) => eye.zoom(by),
    border: (pair) => {
      store.set({ border: pair });
      lookAlong(pair);
    },
    mode: (mode) => store.set({ mode }),
  });
  stage.append(...tools.nodes, el("p", { class: "credit" }, CREDIT),
    el("p", { class: "unseen", id: "map-note" }, "The reading column lists the same places; each leads to the sentences that name it."));
  map.getContainer().setAttribute("aria-describedby", "map-note");
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);

  // --- drawing

  function arrive(focus) {
    const { map: view, border, view: reading } = store.get();
    if (focus && view) eye.frame(view);
    show(focus);
    if (focus && border && !view && reading === "list") lookAlong(border);
  }

  function show(focus = false) {
    const state = store.get();
    const asked = JSON.stringify(state.filter, (_, value) => (value instanceof Set ? [...value] : value));
    if (asked !== selected) selection = select(atlas, index.find(state.filter.query), state.filter);
    selected = asked;
    scene = sceneOf(atlas, store, selection);
    const { chosen, among, entries } = scene;
    outlines.show(entries.map(({ place }) => place).filter((place) => !among || among.has(place)));
    outlines.choose(chosen);
    outlines.highlight(state.border);
    marks.show({ ...scene, mode: state.mode, sight: among && (chosen || [...among][0]) });
    tools.show(state, shade(base, selection.places, state.mode));
    document.body.dataset.mode = state.mode;
    panel.show(state, selection, selected, focus);
    bar.show(state, selection);
    strip?.show(state, selection);
    if (chosen) eye.reach(chosen);
    redraw();
  }

  const redraw = soon(() => {
    stage.classList.toggle("near", map.getZoom() >= NEAR);
    const corner = stage.getBoundingClientRect();
    const furniture = [...stage.querySelectorAll(".tools, .legend:not([hidden]), .credit, .leaflet-control-scale")].map((node) => {
      const box = node.getBoundingClientRect();
      return [box.left - corner.left, box.top - corner.top, box.right - corner.left, box.bottom - corner.top];
    });
    const told = selection.places.filter(({ place }) => !scene.among || scene.among.has(place));
    letter(marks.all(), scene.chosen, [...furniture, ...edges(told)], store.get().border || (map.getZoom() >= NEAR ? "AF-TJ" : null));
  });

  function lookAlong(pair) {
    const line = base.shared(...pair.split("-"));
    if (line.length) eye.steer(L.polyline(line).getBounds().pad(0.12), 4);
  }

  function light(place) {
    if (place === lit) return;
    lit = place;
    marks.light(place);
    outlines.light(place);
  }

  function save(text, type, name) {
    download(new Blob([text], { type }), name);
  }

  // --- the reader's hands

  map.on("click", ({ containerPoint, originalEvent }) => {
    const mark = marks.at(containerPoint);
    if (mark && mark.members.length > 1) return openGroup(mark);
    const id = mark ? mark.entry.place.id : originalEvent.target.dataset?.outline;
    if (id) store.go({ view: "place", place: id });
  });
  map.on("mousemove", ({ containerPoint, originalEvent }) => {
    const mark = marks.at(containerPoint);
    const names = mark ? mark.members.map(({ place }) => place.name) : [];
    const place = mark ? mark.entry.place : store.place(originalEvent.target.dataset?.outline ?? "");
    Object.assign(map.getContainer(), { title: names.slice(0, 12).join(", ") + (names.length > 12 ? ", …" : "") });
    map.getContainer().style.cursor = place ? "pointer" : "";
    light(place || null);
  });
  map.on("mouseout", () => light(null));

  // Several places as one mark come apart by zooming in; where they cannot, the list shows them alone.
  function openGroup(mark) {
    const bounds = L.latLngBounds(mark.members.map(({ place }) => outlines.spot(place)));
    const nearest = map.getMaxZoom();
    const apart = map.project(bounds.getNorthEast(), nearest).distanceTo(map.project(bounds.getSouthWest(), nearest));
    if (apart > PARTED && map.getBoundsZoom(bounds, false, L.point(120, 120)) > map.getZoom() + 0.2) eye.steer(bounds, 60, nearest);
    else store.go({ view: "list", tab: "places", filter: { only: new Set(mark.members.map(({ place }) => place.id)) } });
  }

  addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && store.get().view !== "list" && !document.querySelector(":popover-open")) return store.go({ view: "list" });
    if (/** @type {Element} */ (event.target).closest("input, select, textarea")) return;
    if (event.key === "n") panel.step(1);
    else if (event.key === "p") panel.step(-1);
    else if (event.key === "/") bar.search.focus();
    else return;
    event.preventDefault();
  });

  new ResizeObserver(() => {
    const before = map.getSize();
    map.invalidateSize({ pan: false });
    if (before.equals(map.getSize())) return;
    if (!eye.moved()) eye.frame(store.get().map);
    redraw();
  }).observe(stage);
  look = () => {
    const corner = stage.getBoundingClientRect(), { bars = [], undated = 0 } = strip?.seen() || {};
    return {
      filter: store.get().filter,
      address: store.here(),
      mentions: [...selection.shown.keys()].filter((mention) => selection.shown[mention]),
      list: sorted(selection.places, store.get().sort).map(({ place }) => place.id),
      articles: selection.articles.map(({ id }) => id),
      map: marks.all().map(({ entry, form, count, faded, pixel, members }) => ({ id: entry.place.id, form, count, faded,
        x: pixel.x + corner.left, y: pixel.y + corner.top, members: members.map(({ place }) => place.id) })),
      drawn: Object.fromEntries(scene.entries.map(({ place, count }) => [place.id, count])),
      chosen: scene.chosen?.id ?? null,
      histogram: { bars, undated },
      said: panel.said(),
    };
  };
  arrive(Boolean(location.hash));
  index.warm();
  document.documentElement.dataset.ready = "true";
}
