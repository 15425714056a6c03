// Marks: how a place is drawn. Shape tells what it is, area how often it is named.

import { summary } from "./atlas.js";
import { decodeLine } from "./basemap.js";
import { plural, svg } from "./dom.js";

const LARGEST = { wide: 25, narrow: 18 };
const SMALLEST = { town: 4, diamond: 5, country: 6, province: 6, region: 8, directional: 7, line: 9 };

// The radius of a mark such that areas compare; `most` is the count of the most mentioned place.
// Where very many stand, all are smaller.
function radiusOf(form, count, most, largest, crowd) {
  const ease = crowd > 200 ? 0.75 : 1;
  const unit = Math.min(6.5, largest / Math.sqrt(most));
  return ease * Math.max(SMALLEST[form], unit * Math.sqrt(count));
}

// The drawing of a mark, `radius` big: for the map, the list and the legend alike.
export function glyph(form, radius, count = "") {
  const r = radius;
  const side = (r * Math.sqrt(Math.PI)) / 2;
  const written = (r >= 9.5 || form === "line") && count ? String(count) : "";
  const half = Math.ceil((form === "line" ? Math.max(r, 4 + 4 * written.length) : r * 1.26) + 3);
  const shapes = {
    town: () => [svg("circle", { r, class: "solid" })],
    country: () => [svg("rect", { x: -side, y: -side, width: 2 * side, height: 2 * side, rx: side / 3, class: "solid" })],
    diamond: () => [svg("path", { d: `M0 ${-r * 1.25}L${r * 1.25} 0L0 ${r * 1.25}L${-r * 1.25} 0Z`, class: "solid" })],
    province: () => [svg("circle", { r: r - 1, class: "ring" })],
    region: () => [svg("circle", { r, class: "ring dashed" }), svg("circle", { r: Math.max(r - 4, 1.5), class: "ring thin" })],
    directional: () => [svg("circle", { r, class: "paper" }), svg("circle", { r, class: "ring hatched dashed" })],
    line: () => {
      const wide = half - 3, high = Math.min(r, 9);
      return [svg("rect", { x: -wide, y: -high, width: 2 * wide, height: 2 * high, rx: high, class: "pill" })];
    },
  };
  const text = written && svg("text", { class: ["town", "country", "diamond"].includes(form) ? "on-solid" : "on-paper", dy: "0.35em" }, written);
  return svg(
    "svg",
    { class: "glyph " + form, width: 2 * half, height: 2 * half, viewBox: `${-half} ${-half} ${2 * half} ${2 * half}`, "aria-hidden": "true" },
    shapes[form](),
    text,
  );
}

// The places on the map: marks, the areas and lines behind them, and which of them are lit.
export function placeMarks(map, base, { open, hover }) {
  const drawn = new Map();
  const outlines = new Map();

  // The area or line of a place, drawn once; [] where it has none.
  function outline(place) {
    if (outlines.has(place)) return outlines.get(place);
    const make = (kind, latlngs, className, where) => {
      const layer = base.draw(kind, latlngs, "outline " + className, where);
      layer._path.dataset.outline = place.id;
      return layer;
    };
    let layers = [];
    const pair = place.form === "line" && place.countries?.length === 2 ? base.shared(...place.countries) : [];
    if (pair.length) {
      layers = [make("polyline", pair, "halo", "lines").bringToBack(), make("polyline", pair, "grasp", "lines")];
      if (!place.strong) layers.push(make("polyline", pair, "of-line", "lines"));
    } else if (place.area) {
      const polygons = place.area.map((polygon) => polygon.map(decodeLine));
      layers = [make("polygon", polygons, "of-" + place.form, "areas")];
    } else if (place.line) {
      const lines = place.line.map(decodeLine);
      layers = [make("polyline", lines, "of-line", "lines"), make("polyline", lines, "grasp", "lines")];
    }
    for (const layer of layers) {
      layer._path.addEventListener("click", () => open(place));
      layer._path.addEventListener("mouseenter", () => hover(place, true));
      layer._path.addEventListener("mouseleave", () => hover(place, false));
    }
    outlines.set(place, layers);
    return layers;
  }

  // Every path that stands for a place: its own outline and the land of its countries.
  function paths(place) {
    const codes = place.form === "country" ? [place.country] : place.form === "region" ? place.countries || [] : [];
    const land = codes.map((code) => base.land.get(code)).filter(Boolean);
    return [...land, ...(outlines.get(place) || [])].map((layer) => layer._path).filter(Boolean);
  }

  // A border's mark stands in the middle of the line itself.
  function spot(place) {
    const line = place.form === "line" && outline(place)[0];
    if (!line) return place.at;
    const parts = line.getLatLngs();
    const longest = Array.isArray(parts[0]) ? parts.reduce((a, b) => (b.length > a.length ? b : a)) : parts;
    return longest[Math.floor(longest.length / 2)];
  }

  // Draws what is selected, and in any case the place that is being read about.
  function show(selection, chosen) {
    const shown = selection.places.filter((entry) => entry.count);
    if (chosen && !selection.of.get(chosen)?.count) shown.push(summary(chosen, chosen.mentions));
    if (chosen && !shown.at(-1).count) shown.pop();
    const most = Math.max(1, ...shown.map((entry) => entry.count));
    const largest = map.getSize().x < 600 ? LARGEST.narrow : LARGEST.wide;
    const keep = new Set(shown.map((entry) => entry.place));
    for (const [place, mark] of drawn) {
      if (keep.has(place)) continue;
      mark.marker.remove();
      drawn.delete(place);
    }
    for (const [place, layers] of outlines) {
      for (const layer of layers) layer._path.classList.toggle("absent", !keep.has(place));
    }
    for (const entry of shown) {
      const { place, count, form } = entry;
      const radius = radiusOf(form, count, most, largest, shown.length);
      const key = form + radius + count;
      let mark = drawn.get(place);
      if (mark?.key === key) continue;
      outline(place).forEach((layer) => layer._path.classList.remove("absent"));
      mark ??= { latlng: L.latLng(spot(place)) };
      mark.marker?.remove();
      Object.assign(mark, { key, entry, radius, form });
      mark.marker = marker(mark);
      drawn.set(place, mark);
    }
  }

  function marker(mark) {
    const { place, count } = mark.entry;
    const drawing = glyph(mark.form, mark.radius, count);
    const size = Number(drawing.getAttribute("width"));
    const made = L.marker(mark.latlng, {
      icon: L.divIcon({ html: drawing, className: place.strong ? "mark strong" : "mark", iconSize: [size, size] }),
      keyboard: true,
      alt: `${place.name}: ${plural(count, "mention")}`,
      zIndexOffset: 9000 - Math.round(mark.radius * 300),
      riseOnHover: true,
      riseOffset: 20000,
    }).addTo(map);
    const node = made.getElement();
    node.dataset.place = place.id;
    node.setAttribute("aria-label", made.options.alt);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open(place);
    });
    node.addEventListener("focus", () => hover(place, true));
    node.addEventListener("blur", () => hover(place, false));
    made.on("click", () => open(place));
    made.on("mouseover", () => hover(place, true));
    made.on("mouseout", () => hover(place, false));
    return made;
  }

  // `chosen` is ringed; with an article open, places that it does not name step back.
  function emphasise(chosen, among) {
    for (const [place, mark] of drawn) {
      mark.faded = Boolean(among) && !among.has(place);
      mark.marker.getElement().classList.toggle("chosen", place === chosen);
      mark.marker.getElement().classList.toggle("faded", mark.faded);
    }
    for (const path of document.querySelectorAll("path.chosen")) path.classList.remove("chosen");
    if (chosen) for (const path of paths(chosen)) path.classList.add("chosen");
  }

  function light(place, on) {
    drawn.get(place)?.marker.getElement().classList.toggle("lit", on);
    for (const path of paths(place)) path.classList.toggle("lit", on);
  }

  function boundsOf(place) {
    const own = outline(place)[0];
    if (own) return own.getBounds();
    if (place.form === "region" && place.countries?.length) {
      const land = place.countries.map((code) => base.land.get(code)).filter(Boolean);
      if (land.length) return land.reduce((all, layer) => all.extend(layer.getBounds()), L.latLngBounds([]));
    }
    return L.latLngBounds([place.at, place.at]);
  }

  return { show, emphasise, light, boundsOf, drawn };
}
