// Areas and lines: provinces, hatched parts of countries, borders and rivers; and countries or provinces shaded by mentions.

import { readLine } from "./codec.js";
import { svg } from "./dom.js";

const SHADES = 5;
const STRONG_SPOT = 0.68;  // how far along the Tajik border its mark stands: west of Darwaz, away from the countries' own marks

/**
 * The areas and lines of places, each drawn once and shown while its place is.
 * @param {any} map
 * @param {import("./basemap.js").Base} base
 */
export function outlineLayer(map, base) {
  hatching();
  /** @type {Map<import("./atlas.js").Place, any[]>} */
  const drawn = new Map();

  function outline(place) {
    if (!drawn.has(place)) drawn.set(place, make(place));
    return drawn.get(place);
  }

  function make(place) {
    const add = (kind, latlngs, className, where) => {
      const layer = base.draw(kind, latlngs, "outline " + className, where);
      layer._path.dataset.outline = place.id;
      return layer;
    };
    const pair = place.form === "line" && place.countries?.length === 2 ? base.shared(...place.countries) : [];
    if (pair.length) {
      const halo = [add("polyline", pair, "halo", "lines").bringToBack(), add("polyline", pair, "grasp", "lines")];
      return place.strong ? halo : [...halo, add("polyline", pair, "of-line", "lines")];
    }
    const { area, line } = place.outline || {};
    if (area) return [add("polygon", area.map((polygon) => polygon.map(readLine)), "of-" + place.form, "areas")];
    if (line) return ["of-line", "grasp"].map((look) => add("polyline", line.map(readLine), look, "lines"));
    return [];
  }

  // Every path that stands for a place: its own outline and the land of its countries.
  function paths(place) {
    const codes = place.form === "country" ? [place.country] : place.form === "region" ? place.countries || [] : [];
    const province = place.code === "ADM1" && !place.outline ? base.provinces.get(place.province)?.layer : null;
    const land = codes.map((code) => base.land.get(code));
    return [...land, province, ...outline(place)].map((layer) => layer?._path).filter(Boolean);
  }

  const flag = (name) => {
    let flagged = [];
    return (place) => {
      for (const path of flagged) path.classList.remove(name);
      flagged = place ? paths(place) : [];
      for (const path of flagged) path.classList.add(name);
    };
  };

  /** @param {import("./atlas.js").Place} place */
  function boundsOf(place) {
    const layers = outline(place).slice(0, 1);
    if (!layers.length && ["country", "region"].includes(place.form)) layers.push(...place.codes.map((code) => base.land.get(code)).filter(Boolean));
    return layers.reduce((all, layer) => all.extend(layer.getBounds()), L.latLngBounds(layers.length ? [] : [place.at, place.at]));
  }

  let highlighted = null;
  let highlight = [];

  return {
    /** Draws the border of a pair of countries ("AF-IR") stronger; the Tajik one is strong by itself. @param {string | null} pair */
    highlight(pair) {
      if (pair === highlighted) return;
      for (const layer of highlight) layer.remove();
      const shared = pair && pair !== "AF-TJ" ? base.shared(...pair.split("-")) : [];
      highlight = shared.length ? ["border-casing", "border-other"].map((look) => base.draw("polyline", shared, look, "lines")) : [];
      highlighted = pair;
    },
    /** Shows the outlines of these places only. @param {import("./atlas.js").Place[]} places */
    show(places) {
      const keep = new Set(places);
      for (const place of places) if (place.form !== "town") outline(place);
      for (const [place, layers] of drawn) {
        for (const layer of layers) layer._path.classList.toggle("absent", !keep.has(place));
      }
    },
    light: flag("lit"),
    choose: flag("chosen"),
    boundsOf,
    /** Where a place's mark stands: a border's in the middle of its line. @param {import("./atlas.js").Place} place */
    spot(place) {
      const line = place.form === "line" && outline(place)[0];
      if (!line) return L.latLng(place.at);
      const parts = line.getLatLngs();
      const longest = Array.isArray(parts[0]) ? parts.reduce((a, b) => (b.length > a.length ? b : a)) : parts;
      return longest[Math.floor(longest.length * (place.strong ? STRONG_SPOT : 0.5))];
    },
  };
}

// The hatching of approximate areas, for the style sheet to use.
function hatching() {
  const pattern = svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("path", { d: "M0 0V6", class: "hatch" }));
  document.body.append(svg("svg", { width: 0, height: 0, class: "defs", "aria-hidden": "true" }, svg("defs", {}, pattern)));
}

/**
 * Shades countries or provinces by their mentions.
 * @param {import("./basemap.js").Base} base
 * @param {import("./select.js").Entry[]} entries
 * @param {string} mode
 * @returns {[number, number][]} the classes in use, each with its least and its greatest count
 */
export function shade(base, entries, mode) {
  if (mode !== "countries" && mode !== "provinces" && !base.shaded) return [];
  base.shaded = mode === "countries" || mode === "provinces";
  const counts = new Map();
  const add = (key, entry) => counts.set(key, (counts.get(key) || 0) + entry.count + entry.aside);
  for (const entry of entries) {
    if (mode === "provinces" && base.provinces.has(entry.place.province)) add(entry.place.province, entry);
    if (mode === "countries" && entry.place.country) add(entry.place.country, entry);
  }
  const limits = classes([...counts.values()]);
  const paint = (key, layer) => {
    if (!layer._path) return;
    const step = limits.findIndex(([least, most]) => counts.get(key) >= least && counts.get(key) <= most);
    if (step < 0) delete layer._path.dataset.shade;
    else layer._path.dataset.shade = String(Math.round(((step + 1) * SHADES) / limits.length));
  };
  for (const [key, layer] of base.land) paint(key, layer);
  for (const [key, { layer }] of base.provinces) paint(key, layer);
  return limits;
}

/**
 * At most five classes, each as many times the one before: few places are named often, and quantiles would hide them among
 * the rest. Each is told by its own least and greatest count; empty ones are left out.
 * @param {number[]} counts
 * @returns {[number, number][]}
 */
export function classes(counts) {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const classOf = (count) => (most > least ? Math.min(SHADES - 1, Math.floor((SHADES * Math.log(count / least)) / Math.log(most / least))) : 0);
  const found = Array.from({ length: SHADES }, (_, step) => counts.filter((count) => classOf(count) === step));
  return found.filter(({ length }) => length).map((members) => [Math.min(...members), Math.max(...members)]);
}
