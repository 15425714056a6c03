// The page: one state, kept in the address after the #, and everything drawn from it.

import { HIDDEN_AT_FIRST, readAtlas, select } from "./atlas.js";
import { REGION, WORLD, drawBase } from "./basemap.js";
import { calm, el, readJson, svg } from "./dom.js";
import { edgeSigns } from "./edges.js";
import { lettering } from "./labels.js";
import { placeMarks } from "./marks.js";
import { readingPanel } from "./panel.js";

export function start(map) {
  const atlas = readAtlas(readJson("geomap-atlas"));
  const stage = document.getElementById("stage");
  const byId = (all) => new Map(all.map((one) => [new URLSearchParams({ id: one.id }).get("id"), one])); // as an address gives it back
  const placeById = byId(atlas.places);
  const articleById = byId(atlas.articles);
  const state = { view: "list", place: null, article: null, at: null, query: "", hidden: new Set(HIDDEN_AT_FIRST), tab: "places", sort: "mentions" };
  let selection = null;
  let pending = 0;

  hatching();
  const base = drawBase(map, readJson("geomap-base"));
  const open = (place) => go({ place: place.id });
  const hover = (place, on) => marks.light(place, on);
  const marks = placeMarks(map, base, { open, hover });
  const letter = lettering(map, base, marks);
  const edges = edgeSigns(map, stage, { go: (place) => { open(place); reach(place, true); } });
  read();
  const panel = readingPanel(document.getElementById("panel"), atlas, { state: () => state, link, go, set, hover });
  const controls = viewControls();
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);

  // --- the address

  function link(to) {
    const parts = new URLSearchParams();
    for (const key of ["place", "article", "at"]) {
      if (to[key] !== undefined && to[key] !== null) parts.set(key, to[key].id ?? to[key]);
    }
    if (to.tab && to.tab !== "places") parts.set("tab", to.tab);
    const query = to.query ?? state.query;
    if (query) parts.set("q", query);
    const kinds = atlas.kinds.filter((kind) => HIDDEN_AT_FIRST.has(kind) !== (to.hidden ?? state.hidden).has(kind));
    if (kinds.length) parts.set("kinds", kinds.join(","));
    return "#" + parts;
  }

  function here() {
    if (state.view === "about") return "#about";
    return link({
      tab: state.view === "list" ? state.tab : "places",
      place: state.place,
      article: state.article,
      at: state.at,
    });
  }

  function read() {
    const hash = location.hash.slice(1);
    const parts = new URLSearchParams(hash);
    state.article = articleById.get(parts.get("article")) || null;
    state.place = placeById.get(parts.get("place")) || null;
    state.at = state.article && parts.has("at") ? Number(parts.get("at")) : null;
    state.view = hash === "about" ? "about" : state.article ? "article" : state.place ? "place" : "list";
    if (state.view === "list") state.tab = parts.get("tab") === "articles" ? "articles" : "places";
    if (state.view === "about") return;
    state.query = parts.get("q") || "";
    const turned = new Set((parts.get("kinds") || "").split(","));
    state.hidden = new Set(atlas.kinds.filter((kind) => HIDDEN_AT_FIRST.has(kind) !== turned.has(kind)));
  }

  // A step that the back button undoes.
  function go(to) {
    const target = link(to);
    if (target === location.hash) show();
    else location.hash = target;
  }

  // A change that it does not. Who types a search wants to see the list.
  function set(change) {
    if ("query" in change) Object.assign(state, { view: "list", place: null, article: null, at: null });
    Object.assign(state, change);
    try {
      history.replaceState(null, "", here());
    } catch {
      // A page without an address of its own (in a notebook) keeps its state to itself.
    }
    clearTimeout(pending);
    if ("query" in change) pending = setTimeout(show, 60);
    else show();
  }

  // --- drawing

  // The place that is meant: in an article, that of the mention which is read.
  function chosen() {
    if (state.view !== "article") return state.place;
    const mention = state.article.mentions.find(({ start }) => start === state.at);
    return mention ? mention.place : null;
  }

  function show(focus = false) {
    selection = select(atlas, state.query, state.hidden);
    const place = chosen();
    marks.show(selection, place);
    panel.show(selection, focus);
    marks.emphasise(place, state.article && new Set(state.article.mentions.map((mention) => mention.place)));
    if (place) reach(place);
    redraw();
  }

  function redraw() {
    const furniture = [...stage.querySelectorAll(".controls, .credit")].map((node) =>
      [node.offsetLeft, node.offsetTop, node.offsetLeft + node.offsetWidth, node.offsetTop + node.offsetHeight]);
    const told = selection.places.filter(({ place }) => !marks.drawn.get(place)?.faded);
    letter(chosen(), [...furniture, ...edges(told)]);
  }

  // Moves the map only as far as needed to see a place.
  function reach(place, always = false) {
    const bounds = marks.boundsOf(place);
    const mark = marks.drawn.get(place);
    const view = map.getBounds().pad(-0.08);
    if (!always && (view.contains(bounds) || (mark && view.contains(mark.latlng)))) return;
    const point = bounds.getNorthEast().equals(bounds.getSouthWest());
    const near = L.latLngBounds(REGION).contains(place.at) && !["country", "region"].includes(place.form);
    if (point) fly(place.at, near ? Math.max(5, Math.min(map.getZoom(), 7)) : 3.5);
    else fly(bounds);
  }

  function fly(target, zoom, { padding = [60, 60], maxZoom = 8 } = {}) {
    const still = calm();
    const how = still ? { animate: false } : { duration: 0.7 };
    if (target instanceof L.LatLngBounds) map[still ? "fitBounds" : "flyToBounds"](target, { padding, maxZoom, ...how });
    else map[still ? "setView" : "flyTo"](target, zoom, how);
  }

  // --- controls

  function viewControls() {
    const to = (bounds) => fly(bounds, null, { padding: [4, 4] });
    const button = (name, act, props = {}) => el("button", { type: "button", onclick: act, ...props }, name);
    const bar = el("div", { class: "controls", role: "group", "aria-label": "Views of the map" },
      button("Region", () => to(L.latLngBounds(REGION))),
      button("Tajik border", () => to(L.polyline(base.border).getBounds().pad(0.12)), { class: "strong" }),
      button("World", () => to(L.latLngBounds(WORLD))),
      button("+", () => map.zoomIn(), { "aria-label": "Zoom in", class: "zoom" }),
      button("−", () => map.zoomOut(), { "aria-label": "Zoom out", class: "zoom" }));
    stage.append(bar, el("p", { class: "credit" }, "Leaflet · Natural Earth"));
    return bar;
  }

  // Our own links stay in this document even where it has no address of its own (a notebook's frame).
  addEventListener("click", (event) => {
    const href = event.target.closest?.("a")?.getAttribute("href");
    if (!href?.startsWith("#") || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (href === here()) show(true);
    else location.hash = href;
  });
  addEventListener("hashchange", () => {
    read();
    show(true);
  });
  addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "Escape" && state.view !== "list") return go({});
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "n") panel.step(1);
    else if (event.key === "p") panel.step(-1);
    else if (event.key === "/") panel.search.focus();
    else return;
    event.preventDefault();
  });

  let moved = false;
  const frame = () => {
    map.fitBounds(REGION, { animate: false });
    moved = false;
  };
  map.on("dragstart zoomstart", () => (moved = true));
  new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    if (!moved) frame();
    redraw();
  }).observe(stage);
  frame();
  show();
  map.on("moveend", redraw);
  L.DomEvent.disableClickPropagation(controls);
  document.documentElement.dataset.ready = "true";
}

// The hatching of approximate areas, for the style sheet to use.
function hatching() {
  const lines = (id) =>
    svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("path", { d: "M0 0V6", class: "hatch" }));
  document.body.append(svg("svg", { width: 0, height: 0, class: "defs", "aria-hidden": "true" }, svg("defs", {}, lines("hatch"))));
}
