// The strip below the map: how many mentions when; two handles choose the days, a button plays them through.

import { rangeWords } from "./bar.js";
import { binning } from "./dates.js";
import { button, el, svg } from "./dom.js";
import { plural } from "./words.js";

const HIGH = 34;  // pixels of the tallest bar
const STEP = 900;  // milliseconds that each bin is shown while playing

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {(change: Partial<import("./select.js").Filter>, how?: { typed?: boolean }) => void} filter
 */
export function timeline(atlas, filter) {
  const dated = atlas.articles.filter(({ day }) => day !== null);
  const undated = atlas.articles.length - dated.length;
  if (!dated.length) return null;
  const { first, last } = dated.reduce((span, { day }) => ({ first: Math.min(span.first, day), last: Math.max(span.last, day) }), { first: Infinity, last: -Infinity });
  const { unit, edges } = binning(first, last);
  const bins = edges.length - 1;
  const binOf = atlas.articles.map(({ day }) => (day === null ? -1 : edges.findLastIndex((edge) => edge <= day)));
  /** @type {import("./address.js").State} */
  let state;
  let playing = 0, played = {};
  let drawn = { bars: [], undated: 0 };

  const chart = svg("svg", { class: "bars", preserveAspectRatio: "none", viewBox: `0 0 ${bins} ${HIGH}`, "aria-hidden": "true" });
  const handle = (name, end) => el("input", {
    type: "range", min: 0, max: bins - 1, step: 1, class: "handle-" + end, "aria-label": name,
    oninput: () => choose(end === "from" ? Math.min(value(from), value(to)) : value(from), end === "from" ? value(to) : Math.max(value(from), value(to)), true),
  });
  const from = handle("First " + unit, "from"), to = handle("Last " + unit, "to");
  const words = el("span", { class: "range-words" });
  const play = button("Play", () => (playing ? stop() : start()), { class: "play" });
  const without = undated && button("", () => filter({ undated: !included() }), { class: "undated", "aria-pressed": "true" });
  const strip = el("section", { class: "strip", "aria-label": "Time" }, play,
    el("div", { class: "track" }, chart, from, to), el("div", { class: "strip-words" }, words, without));
  chart.addEventListener("click", (event) => {
    const box = chart.getBoundingClientRect();
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(((event.clientX - box.left) / box.width) * bins)));
    choose(bin, bin);
  });

  function value(input) {
    return Number(input.value);
  }

  function included() {
    const { filter: chosen } = state;
    return chosen.undated ?? (chosen.from === null && chosen.to === null);
  }

  function choose(low, high, typed = false) {
    if (low > high) [low, high] = [high, low];
    const all = low === 0 && high === bins - 1;
    played = { from: all ? null : edges[low], to: all ? null : edges[high + 1] - 1 };
    filter(played, { typed });
  }

  // Plays a window as wide as what is chosen, one bin at a time, to the last day.
  function start() {
    const width = value(to) - value(from) + 1;
    let low = width === bins ? 0 : value(from) + width > bins - 1 ? 0 : value(from);
    const wide = width === bins ? 1 : width;
    play.textContent = "Pause";
    const step = () => {
      if (low + wide > bins) return stop();
      choose(low, low + wide - 1, true);
      low += 1;
    };
    playing = setInterval(step, STEP);
    step();
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
    play.textContent = "Play";
  }

  const sums = (per) => {
    const counts = new Array(bins).fill(0);
    let rest = 0;
    binOf.forEach((bin, article) => (bin < 0 ? (rest += per[article]) : (counts[bin] += per[article])));
    return { counts, rest };
  };

  return {
    strip,
    /** What the strip says it shows, for tests. */
    seen: () => drawn,
    /** @param {import("./address.js").State} nextState @param {import("./select.js").Selection} selection */
    show(nextState, selection) {
      state = nextState;
      if (playing && (state.filter.from !== played.from || state.filter.to !== played.to)) stop();
      const all = sums(selection.perArticleAnyTime), shown = sums(selection.perArticle);
      const most = Math.max(1, ...all.counts);
      const bar = (count, bin, look) => {
        const high = count && Math.max(1.5, (HIGH * count) / most);
        return svg("rect", { x: bin + 0.08, width: 0.84, y: HIGH - high, height: high, class: look });
      };
      chart.replaceChildren(...all.counts.flatMap((count, bin) => [bar(count, bin, "other"), bar(shown.counts[bin], bin, "shown")]));
      drawn = { bars: shown.counts, undated: shown.rest };
      const low = state.filter.from === null ? 0 : binAt(state.filter.from), high = state.filter.to === null ? bins - 1 : binAt(state.filter.to);
      from.value = String(low);
      to.value = String(high);
      const span = rangeWords(state.filter.from ?? first, state.filter.to ?? last);
      from.setAttribute("aria-valuetext", rangeWords(edges[low], edges[low]));
      to.setAttribute("aria-valuetext", rangeWords(edges[high + 1] - 1, edges[high + 1] - 1));
      words.textContent = span;
      strip.style.setProperty("--low", String(low / bins));
      strip.style.setProperty("--high", String((high + 1) / bins));
      if (without) {
        without.textContent = plural(undated, "undated article");
        without.setAttribute("aria-pressed", String(included()));
        without.title = included() ? "Articles without a date are shown; leave them out" : "Show the articles without a date too";
      }
    },
  };

  function binAt(day) {
    return Math.max(0, Math.min(bins - 1, edges.findLastIndex((edge) => edge <= day)));
  }
}
