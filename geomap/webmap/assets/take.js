// What the reader takes away: the mentions that are left, as GeoJSON or CSV, and the map as a picture.

import { palette } from "./palette.js";

const COLUMNS = ["article", "title", "date", "source", "url", "sentence", "phrase", "start", "end", "kind", "precision", "score",
  "place", "name", "country", "countries", "lon", "lat"];
const FORMULA = /^[=+\-@\t\r\n]/;  // what a spreadsheet would run

/**
 * The mentions that are left as flat rows; offsets in code points, as in geomap's other files, and left out where
 * the page does not have the whole text.
 * @param {import("./atlas.js").Atlas} atlas
 * @param {import("./select.js").Selection} selection
 */
export function mentionRows(atlas, selection) {
  const rows = [];
  let counted = { article: null, unit: 0, points: 0 };
  const codePoint = (article, unit) => {
    if (counted.article !== article || unit < counted.unit) counted = { article, unit: 0, points: 0 };
    counted.points += [...article.text.slice(counted.unit, unit)].length;
    counted.unit = unit;
    return counted.points;
  };
  for (let index = 0; index < atlas.mentions.count; index++) {
    if (!selection.shown[index]) continue;
    const { article, place, kind, precision, score, phrase, start, from, to } = atlas.mention(index);
    const point = article.page ? null : codePoint(article, start);
    rows.push({
      article: article.id, title: article.title, date: article.date || null, source: article.source || null, url: article.url || null,
      sentence: article.text.slice(from, to), phrase, start: point, end: point === null ? null : point + [...phrase].length, kind,
      precision: precision ?? null, score: score / 100, place: place.id, name: place.name, country: place.country || null,
      countries: place.countries?.join(" ") || null, lon: place.at[1], lat: place.at[0],
    });
  }
  return rows;
}

/** @param {ReturnType<typeof mentionRows>} rows @param {string[]} attribution */
export function toGeoJson(rows, attribution) {
  return JSON.stringify({
    type: "FeatureCollection",
    attribution,
    features: rows.map(({ lon, lat, ...properties }, id) => ({ type: "Feature", id, properties, geometry: { type: "Point", coordinates: [lon, lat] } })),
  });
}

/** @param {ReturnType<typeof mentionRows>} rows */
export function toCsv(rows) {
  const cell = (value) => {
    const text = value === null ? "" : typeof value === "string" && FORMULA.test(value) ? "'" + value : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return "\ufeff" + [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))].map((line) => line.map(cell).join(",")).join("\n") + "\n";
}

/** Hands a file to the reader. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * The map as it stands, as a picture of twice its pixels.
 * @param {HTMLElement} stage
 * @param {(ink: CanvasRenderingContext2D) => void} drawMarks
 * @param {string} credit
 * @returns {Promise<Blob>}
 */
export async function picture(stage, drawMarks, credit) {
  const scale = 2, corner = stage.getBoundingClientRect();
  const paper = document.createElement("canvas");
  [paper.width, paper.height] = [corner.width * scale, corner.height * scale];
  const ink = paper.getContext("2d");
  const colours = palette();
  ink.scale(scale, scale);
  ink.fillStyle = colours.water;
  ink.fillRect(0, 0, corner.width, corner.height);
  for (const path of stage.querySelectorAll(".leaflet-pane svg path")) drawPath(ink, path, corner, colours);
  drawMarks(ink);
  for (const dot of stage.querySelectorAll(".leaflet-labels-pane .dot")) drawDot(ink, dot, corner);
  for (const label of stage.querySelectorAll(".leaflet-labels-pane .label")) drawLabel(ink, label, corner);
  ink.font = "11px sans-serif";
  ink.fillStyle = colours.letter;
  ink.textAlign = "right";
  ink.fillText(credit, corner.width - 8, corner.height - 8);
  return new Promise((done, failed) => paper.toBlob((blob) => (blob ? done(blob) : failed(new Error("the browser made no picture"))), "image/png"));
}

function drawPath(ink, path, corner, colours) {
  const look = getComputedStyle(path), matrix = path.getScreenCTM();
  if (look.display === "none" || !matrix || !path.getAttribute("d")) return;
  const shape = new Path2D(path.getAttribute("d"));
  ink.save();
  ink.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e - corner.left, matrix.f - corner.top);
  ink.lineJoin = ink.lineCap = "round";
  if (look.fill !== "none") {
    const hatched = look.fill.startsWith("url");
    ink.globalAlpha = Number(look.fillOpacity) * (hatched ? 0.2 : 1);
    ink.fillStyle = hatched ? hatching(ink, colours.blue) : look.fill;
    ink.fill(shape, "evenodd");
  }
  if (look.stroke !== "none") {
    ink.globalAlpha = Number(look.strokeOpacity);
    ink.strokeStyle = look.stroke;
    ink.lineWidth = parseFloat(look.strokeWidth);
    ink.setLineDash(look.strokeDasharray === "none" ? [] : look.strokeDasharray.split(",").map(parseFloat));
    ink.stroke(shape);
  }
  ink.restore();
}

function hatching(ink, colour) {
  const tile = new OffscreenCanvas(8, 8), brush = tile.getContext("2d");
  brush.strokeStyle = colour;
  brush.beginPath();
  for (const shift of [-8, 0, 8]) {
    brush.moveTo(shift - 1, 9);
    brush.lineTo(shift + 9, -1);
  }
  brush.stroke();
  return ink.createPattern(tile, "repeat");
}

// The dot of a town or crossing.
function drawDot(ink, dot, corner) {
  const look = getComputedStyle(dot), box = dot.getBoundingClientRect();
  ink.beginPath();
  ink.arc(box.left - corner.left + box.width / 2, box.top - corner.top + box.height / 2, box.width / 2, 0, 7);
  ink.fillStyle = look.backgroundColor;
  ink.fill();
  if (!parseFloat(look.borderTopWidth)) return;
  ink.lineWidth = parseFloat(look.borderTopWidth);
  ink.strokeStyle = look.borderTopColor;
  ink.stroke();
}

function drawLabel(ink, label, corner) {
  const look = getComputedStyle(label), box = label.getBoundingClientRect();
  ink.save();
  ink.font = look.font;
  if ("letterSpacing" in ink) ink.letterSpacing = look.letterSpacing;
  ink.textBaseline = "middle";
  ink.lineJoin = "round";
  ink.lineWidth = 3;
  ink.strokeStyle = look.getPropertyValue("--halo") || "#fff";
  ink.fillStyle = look.color;
  const text = look.textTransform === "uppercase" ? label.textContent.toUpperCase() : label.textContent;
  const [x, y] = [box.left - corner.left, box.top - corner.top + box.height / 2];
  ink.strokeText(text, x, y);
  ink.fillText(text, x, y);
  ink.restore();
}
