// What Folium's own layers expect of a page, for those that a Python user adds: pins without pictures, `$`, credits.

import { el, svg } from "./dom.js";
import { webAddress } from "./words.js";

const PIN = "M0 0C-2-8-10-12-10-20A10 10 0 0 1 10-20C10-12 2-8 0 0Z";

/** A pin whose point is the place; `colour` is a CSS colour, else the style sheet's. */
function pin(colour) {
  const drawn = svg("svg", { viewBox: "-11 -31 22 32", width: 22, height: 32, "aria-hidden": "true" },
    svg("path", { d: PIN, fill: colour }), svg("circle", { cy: -20, r: 3.5 }));
  return L.divIcon({ className: "pin", html: drawn, iconSize: [22, 32], iconAnchor: [11, 31], popupAnchor: [0, -28] });
}

/** `$(markup)` as Folium's popups call it: the elements of a string that the map's author wrote. */
function elementsOf(markup) {
  const parsed = document.createElement("template");
  // The page's policy refuses the attribute `style`, not the property.
  // eslint-disable-next-line no-restricted-properties -- the author's own markup, no article's
  parsed.innerHTML = markup.trim().replace(/(<[^>]*)\sstyle=/gi, "$1 data-style=");
  const styled = /** @type {NodeListOf<HTMLElement>} */ (parsed.content.querySelectorAll("[data-style]"));
  for (const node of styled) node.style.cssText = node.dataset.style;
  return [...parsed.content.children];
}

/** An attribution as text and links, whatever markup it has. */
function credit(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html").body;
  return [...parsed.childNodes].map((node) => {
    const address = node instanceof HTMLAnchorElement && webAddress(node.href);
    if (!address) return node.textContent;
    return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, node.textContent);
  });
}

/** Readies the page for layers that Folium's script adds. */
export function welcomeFolium() {
  L.Marker.prototype.options.icon = pin();
  Object.assign(L, { AwesomeMarkers: { icon: ({ markerColor }) => pin(markerColor) } });
  Object.assign(window, { $: elementsOf });
}

/**
 * Names the sources of the layers that were added, now and later, in the page's line of credits.
 * @param {L.Map} map
 * @param {Element} line
 */
export function creditLayers(map, line) {
  const credits = new Map();
  const add = (layer) => {
    const markup = layer.getAttribution?.();
    if (markup) credits.set(layer, el("span", {}, " · ", credit(markup)));
    if (markup) line.append(credits.get(layer));
  };
  map.eachLayer(add);
  map.on("layeradd", ({ layer }) => add(layer));
  map.on("layerremove", ({ layer }) => credits.get(layer)?.remove());
}
