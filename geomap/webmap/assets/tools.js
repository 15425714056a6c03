// The buttons on the map: views, borders, zoom, and how mentions are shown.

import { MODES } from "./address.js";
import { button, el } from "./dom.js";
import { menu } from "./menu.js";
import { countryName } from "./words.js";

const MODE_NAMES = { marks: "Marks", countries: "Countries", provinces: "Provinces", heat: "Heat" };

/**
 * @param {import("./basemap.js").Base} base
 * @param {{ region: () => void, world: () => void, zoom: (by: number) => void, border: (pair: string) => void, mode: (mode: string) => void }} to
 */
export function mapTools(base, { region, world, zoom, border, mode }) {
  const others = base.beside.filter((code) => code !== "TJ").sort();
  const more = menu("Borders", () => others.map((code) => button(countryName(code), () => border(["AF", code].sort().join("-")), { class: "act" })));
  const views = el("div", { class: "tools views", role: "group", "aria-label": "Views of the map" },
    button("Region", region), button("Tajik border", () => border("AF-TJ"), { class: "strong" }), more.nodes, button("World", world),
    button("+", () => zoom(1), { "aria-label": "Zoom in", class: "zoom" }), button("−", () => zoom(-1), { "aria-label": "Zoom out", class: "zoom" }));
  const modes = MODES.map((one) => button(MODE_NAMES[one], () => mode(one), { "data-mode": one, "aria-pressed": "false" }));
  const switcher = el("div", { class: "tools modes", role: "group", "aria-label": "How mentions are shown" }, modes);
  const legend = el("div", { class: "legend", hidden: true });
  const foot = el("div", { class: "foot" }, legend, switcher);
  for (const node of [views, foot]) L.DomEvent.disableClickPropagation(node);
  return {
    nodes: [views, foot],
    /** @param {import("./address.js").State} state @param {[number, number][]} shades */
    show(state, shades) {
      for (const one of modes) one.setAttribute("aria-pressed", String(one.dataset.mode === state.mode));
      legend.hidden = !shades.length;
      legend.replaceChildren(el("span", { class: "legend-title" }, "Mentions"), ...shades.map(([least, most], nth) =>
        el("span", { class: "step" }, el("i", { "data-shade": String(Math.round(((nth + 1) * 5) / shades.length)) }), least === most ? String(least) : `${least}–${most}`)));
    },
  };
}
