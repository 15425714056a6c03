// Days as whole numbers (since 1970), and the bins of a histogram over them.

const DAY = 86_400_000;
const MOST_BINS = 90;

/**
 * The number of a day written YYYY-MM-DD; null for anything else.
 * @param {string} text
 * @returns {number | null}
 */
export function dayNumber(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const time = Date.parse(text + "T00:00:00Z");
  return Number.isNaN(time) || dayText(time / DAY) !== text ? null : time / DAY;
}

/** A day's number as YYYY-MM-DD. @param {number} day */
export function dayText(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/**
 * "2021-07-21" as "21 July 2021"; what is no such date stays as it is.
 * @param {string} date
 * @param {"long" | "short"} [month]
 */
export function dateWords(date, month = "long") {
  if (dayNumber(date) === null) return date;
  return new Date(date + "T00:00:00Z").toLocaleDateString("en-GB", { day: "numeric", month, year: "numeric", timeZone: "UTC" });
}

/** @type {[string, (day: number) => number, (day: number) => number][]} */
const UNITS = [
  ["day", (day) => day, (day) => day + 1],
  ["week", (day) => day - ((((day + 3) % 7) + 7) % 7), (day) => day + 7],
  ["month", (day) => monthStart(day, 1), (day) => monthStart(day, 1, 1)],
  ["quarter", (day) => monthStart(day, 3), (day) => monthStart(day, 3, 3)],
  ["year", (day) => monthStart(day, 12), (day) => monthStart(day, 12, 12)],
  ["decade", (day) => monthStart(day, 120), (day) => monthStart(day, 120, 120)],
];

// The first day of the month, quarter or year (`size` months) that a day is in, `later` months on.
function monthStart(day, size, later = 0) {
  const date = new Date(day * DAY);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const start = Math.floor(months / size) * size + later;
  return new Date(0).setUTCFullYear(Math.floor(start / 12), start % 12, 1) / DAY;  // Date.UTC takes years below 100 for 19xx
}

/**
 * Bins of the finest unit that needs no more than {@link MOST_BINS} of them.
 * @param {number} first day
 * @param {number} last day
 * @returns {{ unit: string, edges: number[] }} bin i runs from edges[i] up to before edges[i + 1]
 */
export function binning(first, last) {
  for (const [unit, start, next] of UNITS) {
    const edges = [start(first)];
    while (edges.at(-1) <= last && edges.length <= MOST_BINS + 1) edges.push(next(edges.at(-1)));
    if (edges.at(-1) > last) return { unit, edges };
  }
  const step = Math.ceil((last - first + 1) / MOST_BINS);
  return { unit: "span", edges: Array.from({ length: MOST_BINS + 1 }, (_, nth) => first + nth * step) };
}
