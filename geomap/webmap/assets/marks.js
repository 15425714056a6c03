// The marks on the map: one canvas, places that lie together as one mark, the chosen place always by itself.

import { group } from "./cluster.js";
import { soon } from "./dom.js";
import { heat } from "./heat.js";
import { onTheme, palette } from "./palette.js";
import { isSolid, radiusOf, reachOf, strokes, writtenIn } from "./shapes.js";

const APART = { wide: 20, narrow: 24 };  // pixels between marks; less, and they come together
const NEAR = 6;  // pixels beside a mark that still hit it
const FADED = 0.16;

/**
 * @typedef {object} Mark
 * @property {import("./select.js").Entry} entry the place, or the most mentioned of several
 * @property {import("./select.js").Entry[]} members
 * @property {number} count
 * @property {string} form
 * @property {number} radius
 * @property {any} latlng
 * @property {any} pixel in the map's container
 * @property {boolean} faded
 */

/**
 * @param {any} map
 * @param {{ spot: (place: import("./atlas.js").Place) => any }} where gives where a place's mark stands
 */
export function markLayer(map, where) {
  map.createPane("marks").style.zIndex = 420;
  map.getPane("marks").style.pointerEvents = "none";
  let colours = palette();
  /** @type {{ entries: import("./select.js").Entry[], mode: string, chosen: any, among: Set<any> | null, lit: any, sight: any }} */
  let scene = { entries: [], mode: "marks", chosen: null, among: null, lit: null, sight: null };
  /** @type {Mark[]} */
  let marks = [];

  const Layer = L.Renderer.extend({
    options: { pane: "marks", padding: 0.15 },
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._ink = this._container.getContext("2d");
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      /** @type {any} */ (L.Renderer.prototype)._update.call(this);
      const size = this._bounds.getSize(), scale = devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = size.x * scale;
      this._container.height = size.y * scale;
      Object.assign(this._container.style, { width: size.x + "px", height: size.y + "px" });
      arrange();
      paint();
    },
  });
  const layer = new Layer();
  layer.addTo(map);
  const repaint = soon(paint);
  onTheme(() => {
    colours = palette();
    repaint();
  });

  // Where marks stand at this zoom, and which come together.
  function arrange() {
    const narrow = map.getSize().x < 600;
    const origin = map.containerPointToLayerPoint([0, 0]);
    const shown = scene.mode === "marks" || scene.among ? scene.entries : scene.entries.filter(({ place }) => place === scene.chosen);
    const view = L.bounds(layer._bounds.min.subtract(origin), layer._bounds.max.subtract(origin));
    const spots = shown.map((entry) => {
      const latlng = where.spot(entry.place);
      const pixel = map.latLngToContainerPoint(latlng);
      return { entry, latlng, pixel, x: pixel.x, y: pixel.y };
    }).filter(({ pixel }) => view.contains(pixel));
    const alone = ({ entry: { place } }) => place === scene.chosen || place.strong || Boolean(scene.among?.has(place));
    const radius = ({ members, head, count }, most) => radiusOf(members.length > 1 ? "many" : head.entry.form, count, most, narrow) + (members.length > 1 ? 3 : 0);
    const groups = group(spots, narrow ? APART.narrow : APART.wide, alone, radius);
    const most = Math.max(1, ...groups.map(({ count }) => count));
    marks = groups.map(({ head, members, count }) => {
      const form = members.length > 1 ? "many" : head.entry.form;
      return { entry: head.entry, members: members.map(({ entry }) => entry), count, form, radius: radiusOf(form, count, most, narrow),
        latlng: head.latlng, pixel: head.pixel, faded: Boolean(scene.among) && !members.some(({ entry }) => scene.among.has(entry.place)) };
    });
  }

  function paint() {
    const ink = layer._ink, scale = devicePixelRatio || 1;
    if (!layer._bounds) return;
    const shift = layer._bounds.min.subtract(map.containerPointToLayerPoint([0, 0]));
    ink.setTransform(scale, 0, 0, scale, -shift.x * scale, -shift.y * scale);
    ink.clearRect(shift.x, shift.y, layer._container.width / scale, layer._container.height / scale);
    draw(ink);
  }

  // Draws the scene in pixels of the map's container.
  function draw(ink) {
    if (scene.mode === "heat") heat(ink, scene.entries.map((entry) => ({ at: map.latLngToContainerPoint(where.spot(entry.place)), count: entry.count, form: entry.form })), map.getSize(), colours.blue);
    if (scene.sight && scene.among) drawSight(ink);
    for (const mark of marks.slice().reverse()) if (mark.faded) drawMark(ink, mark);
    for (const mark of marks.slice().reverse()) if (!mark.faded) drawMark(ink, mark);
  }

  // From the place that an article is read at, a line of sight to each other one that it names.
  function drawSight(ink) {
    const from = map.latLngToContainerPoint(where.spot(scene.sight));
    ink.save();
    ink.strokeStyle = colours.blue;
    ink.globalAlpha = 0.55;
    ink.lineWidth = 1;
    ink.setLineDash([1, 3]);
    ink.lineCap = "round";
    ink.beginPath();
    for (const { place } of scene.entries) {
      if (!scene.among.has(place)) continue;
      const to = map.latLngToContainerPoint(where.spot(place));
      ink.moveTo(from.x, from.y);
      ink.lineTo(to.x, to.y);
    }
    ink.stroke();
    ink.restore();
  }

  function drawMark(ink, mark) {
    const { entry: { place }, form, radius, count, pixel } = mark;
    const written = writtenIn(form, radius, count);
    const chosen = has(mark, scene.chosen), lit = has(mark, scene.lit);
    const outline = place.strong ? colours.strong : colours.blue;
    ink.save();
    ink.translate(Math.round(pixel.x * 2) / 2, Math.round(pixel.y * 2) / 2);
    ink.globalAlpha = mark.faded && !lit ? FADED : 1;
    const paths = strokes(form, radius, written).map(([d, look]) => [new Path2D(d), look]);
    if (chosen || lit) {
      ink.strokeStyle = chosen ? colours["chosen-ring"] : colours.strong;
      ink.lineWidth = chosen ? 9 : 6;
      ink.stroke(paths[0][0]);
    }
    for (const [path, look] of paths) LOOKS[look](ink, path, colours, outline);
    if (written) {
      ink.fillStyle = isSolid(form) ? colours["on-blue"] : colours.ink;
      ink.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
      ink.textAlign = "center";
      ink.textBaseline = "middle";
      ink.fillText(written, 0, 0.5);
    }
    ink.restore();
  }

  return {
    /** Shows other places, or the same ones otherwise. @param {Partial<typeof scene>} change */
    show(change) {
      scene = { ...scene, ...change };
      arrange();
      repaint();
    },
    /** Lights a place, or none. @param {any} place */
    light(place) {
      if (scene.lit === place) return;
      scene.lit = place;
      repaint();
    },
    /** The mark at a point of the container. @param {any} point @returns {Mark | undefined} */
    at(point) {
      return marks.find(({ pixel, form, radius, count }) => {
        const reach = reachOf(form, radius, writtenIn(form, radius, count)) + NEAR;
        const [dx, dy] = [Math.abs(pixel.x - point.x), Math.abs(pixel.y - point.y)];
        return form === "line" ? dx <= reach && dy <= 9 + NEAR : dx * dx + dy * dy <= reach * reach;
      });
    },
    /** The marks as they stand. @returns {Mark[]} */
    all: () => marks,
    /** Draws the marks on another canvas. @param {CanvasRenderingContext2D} ink */
    drawOn: draw,
  };
}

const has = (mark, place) => Boolean(place) && mark.members.some((entry) => entry.place === place);

const LOOKS = {
  solid(ink, path, colours) {
    fill(ink, path, colours.blue, 0.9);
    stroke(ink, path, colours.casing, 1.2);
  },
  around(ink, path, colours) {
    fill(ink, path, colours.casing, 0.75);
    stroke(ink, path, colours.blue, 1.1);
  },
  ring(ink, path, colours) {
    fill(ink, path, colours.casing, 0.8);
    stroke(ink, path, colours.blue, 2);
  },
  dashed(ink, path, colours) {
    fill(ink, path, colours.casing, 0.8);
    stroke(ink, path, colours.blue, 1.7, [3.5, 2.5]);
  },
  thin: (ink, path, colours) => stroke(ink, path, colours.blue, 1.2),
  "hatch-stroke": (ink, path, colours) => stroke(ink, path, colours.blue, 1.1),
  pill(ink, path, colours, outline) {
    fill(ink, path, colours.casing, 1);
    stroke(ink, path, outline, 1.8);
  },
};

function fill(ink, path, colour, alpha) {
  const before = ink.globalAlpha;
  ink.globalAlpha = before * alpha;
  ink.fillStyle = colour;
  ink.fill(path);
  ink.globalAlpha = before;
}

function stroke(ink, path, colour, width, dash = []) {
  ink.setLineDash(dash);
  ink.strokeStyle = colour;
  ink.lineWidth = width;
  ink.stroke(path);
}
