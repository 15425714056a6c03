// What lies beyond the view is announced at the edge of the map, in its direction.

import { el, foreign, svg } from "./dom.js";

const EDGE_ROOM = { top: 58, right: 12, bottom: 40, left: 12 };
const EDGE_ROW = 32;  // the corners belong to the rows above and below
const EDGE_CLEAR = 26;  // how far a sign keeps from a mark on the map, if there is room
const STRONG_SPOTS = 250;  // points of the highlighted border that signs keep clear of: enough for a close view
const EDGE_STEPS = [0, 1, -1, 2, -2, 3, -3, 4, -4];
const EDGE_MOST = { wide: 4, narrow: 1 };  // a side

/**
 * @param {any} map
 * @param {HTMLElement} stage
 * @param {{ border: any[], spot: (place: any) => any, go: (place: any) => void }} to the border that no sign may hide, where a
 *   place's mark stands, and what a click does
 */
export function edgeSigns(map, stage, { border, spot, go }) {
  const holder = el("nav", { class: "edges", "aria-label": "Places beyond the view" });
  stage.append(holder);

  const strong = border.flat().filter((_, nth, all) => nth % Math.ceil(all.length / STRONG_SPOTS) === 0);

  /**
   * @param {import("./select.js").Entry[]} places those that the signs may tell of
   * @returns {number[][]} the boxes that the signs take
   */
  return function layout(places) {
    const size = map.getSize();
    const view = L.bounds([0, 0], [size.x, size.y]);
    const most = size.x < 600 ? EDGE_MOST.narrow : EDGE_MOST.wide;
    const shown = places
      .filter((entry) => entry.count)
      .map((entry) => ({ entry, pixel: map.latLngToContainerPoint(spot(entry.place)) }));
    const line = strong.map((latlng) => map.latLngToContainerPoint(latlng));
    const marks = shown.filter(({ pixel }) => view.contains(pixel)).map(({ pixel }) => pixel).concat(line);
    const beyond = shown
      .filter(({ pixel }) => !view.contains(pixel))
      .sort((a, b) => b.entry.count - a.entry.count);
    const centre = view.getCenter();
    const sides = { top: [], right: [], bottom: [], left: [] };
    const signs = beyond.flatMap(({ entry, pixel }) => {
      const dx = pixel.x - centre.x, dy = pixel.y - centre.y;
      const side = Math.abs(dx) * size.y > Math.abs(dy) * size.x ? (dx > 0 ? "right" : "left") : dy > 0 ? "bottom" : "top";
      if (sides[side].length === most) return [];
      const scale = side === "right" || side === "left" ? centre.x / Math.abs(dx) : centre.y / Math.abs(dy);
      const arrow = svg("svg", { class: "arrow", width: 12, height: 12, viewBox: "-6 -6 12 12", "aria-hidden": "true" },
        svg("path", { d: "M-5 0H4M0 -4L4 0L0 4", transform: `rotate(${Math.round((Math.atan2(dy, dx) * 180) / Math.PI)})` }));
      const name = foreign("bdi", entry.place.name, { class: "name" });
      const button = el("button", {
        type: "button",
        class: "edge",
        "data-place": entry.place.id,
        onclick: () => go(entry.place),
      }, side === "left" ? arrow : null, name, el("span", { class: "number" }, String(entry.count), el("span", { class: "unseen" }, ` ${entry.count === 1 ? "mention" : "mentions"}, beyond the view`)), side === "left" ? null : arrow);
      const sign = { button, side, along: side === "right" || side === "left" ? centre.y + dy * scale : centre.x + dx * scale };
      sides[side].push(sign);
      return [button];
    });
    holder.replaceChildren(...signs);
    return Object.entries(sides).flatMap(([side, list]) => spread(side, list, size, marks, line));
  };

  // Signs of one edge keep their order and never overlap; one that could only hide the border is left out. Gives the boxes that
  // they take.
  function spread(side, list, size, marks, line) {
    const upright = side === "left" || side === "right";
    const start = upright ? EDGE_ROOM.top + EDGE_ROW : EDGE_ROOM.left;
    const foot = side === "bottom" || side === "right" ? /** @type {HTMLElement} */ (stage.querySelector(".foot")) : null;  // the buttons in the corner
    const end = upright ? size.y - EDGE_ROOM.bottom - EDGE_ROW - (foot?.offsetHeight || 0) : size.x - EDGE_ROOM.right - (foot ? foot.offsetWidth + 8 : 0);
    list.sort((a, b) => a.along - b.along);
    let from = start;
    for (const sign of list) {
      const box = sign.button.getBoundingClientRect();
      sign.length = (upright ? box.height : box.width) + 6;
      sign.across = upright ? box.width : box.height;
      sign.fits = sign.length <= end - start;
      sign.at = clear(sign, Math.max(from, sign.along - sign.length / 2), from, end);
      from = sign.at + sign.length;
    }
    let to = end;
    for (const sign of list.slice().reverse()) {
      sign.at = Math.max(start, Math.min(sign.at, to - sign.length));
      to = sign.at;
    }
    // The nearest spot along the edge at which a sign hides no mark.
    function clear(sign, wanted, least, most) {
      const near = marks.filter((mark) => {
        const depth = { left: mark.x, right: size.x - mark.x, top: mark.y, bottom: size.y - mark.y }[side];
        return depth < (upright ? EDGE_ROOM.left : EDGE_ROOM.top) + sign.across + EDGE_CLEAR / 2;
      }).map((mark) => (upright ? mark.y : mark.x));
      const spots = EDGE_STEPS.map((step) => wanted + step * EDGE_ROW).filter((at) => at >= least && at + sign.length <= most);
      return spots.find((at) => near.every((mark) => mark < at - EDGE_CLEAR / 2 || mark > at + sign.length + EDGE_CLEAR / 2)) ?? wanted;
    }

    return list.flatMap((sign) => {
      const across = {
        left: EDGE_ROOM.left,
        right: size.x - EDGE_ROOM.right - sign.across,
        top: EDGE_ROOM.top - 6,
        bottom: size.y - EDGE_ROOM.bottom - sign.across + 4,
      }[side];
      const [x, y] = upright ? [across, sign.at] : [sign.at, across];
      const box = upright ? [x, y, x + sign.across, y + sign.length] : [x, y, x + sign.length, y + sign.across];
      if (!sign.fits || line.some((p) => p.x > box[0] - 3 && p.x < box[2] + 3 && p.y > box[1] - 3 && p.y < box[3] + 3)) {
        sign.button.remove();
        return [];
      }
      sign.button.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
      return [box];
    });
  }
}
