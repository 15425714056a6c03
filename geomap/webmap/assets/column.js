// The edge of the reading column: drag it, or move it with the arrow keys.

import { el } from "./dom.js";

const LEAST = 300, MOST = 720, STEP = 24;

/** @param {HTMLElement} panel */
export function columnEdge(panel) {
  const edge = el("div", { class: "edge-of-column", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": "Width of the reading column",
    "aria-valuemin": LEAST, "aria-valuemax": MOST, "aria-valuenow": LEAST });
  const widen = (width) => {
    const fitting = Math.round(Math.max(LEAST, Math.min(MOST, innerWidth - 320, width)));
    document.body.style.setProperty("--column", fitting + "px");
  };
  new ResizeObserver(([{ contentRect }]) => edge.setAttribute("aria-valuenow", String(Math.round(contentRect.width)))).observe(panel);
  edge.addEventListener("pointerdown", (event) => {
    edge.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  edge.addEventListener("pointermove", (event) => edge.hasPointerCapture(event.pointerId) && widen(event.clientX));
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -MOST, End: MOST }[event.key];
    if (!by) return;
    event.preventDefault();
    widen(panel.offsetWidth + by);
  });
  return edge;
}
