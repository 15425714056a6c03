// The reading column: how much is shown; below, the list, a place, an article, or the notes.

import { aboutView } from "./about.js";
import { calm, el } from "./dom.js";
import { listView } from "./list.js";
import { articleView, placeView } from "./reading.js";
import { plural } from "./words.js";

/**
 * @param {HTMLElement} panel
 * @param {import("./list.js").Wires} wires
 * @param {string} license Leaflet's
 */
export function readingPanel(panel, wires, license) {
  const tally = el("p", { class: "tally", role: "status" });
  const view = el("div", { class: "view", id: "view" });
  let content = { nodes: [], pages: null, total: 0 };
  let current = -1;
  let drawnFor = "", drawnView = "";
  let listScroll = 0;
  const handle = el("button", { type: "button", class: "handle", "aria-label": "Taller text", "aria-expanded": "false",
    onclick: () => handle.setAttribute("aria-expanded", String(document.body.classList.toggle("tall"))) }, el("span"));
  panel.append(handle, tally, view);
  view.addEventListener("click", (event) => {
    const step_ = event.target.closest("[data-step]");
    if (step_) step(Number(step_.dataset.step));
  });

  // --- stepping from mention to mention

  const stops = () => [...view.querySelectorAll(".excerpt, a.toponym")];

  /** Goes to the next or previous mention. @param {number} by */
  function step(by) {
    if (!content.total) return;
    current = current < 0 ? (by > 0 ? 0 : content.total - 1) : (current + by + content.total) % content.total;
    content.pages?.fill(current + 1);
    const stop = stops()[current];
    if (stop?.matches("a.toponym")) wires.set({ at: Number(stop.dataset.at) });
    else mark(true);
  }

  function mark(scroll) {
    const all = stops();
    all.forEach((stop, nth) => stop.classList.toggle("current", nth === current));
    const where = view.querySelector(".where");
    const words = current < 0 ? plural(content.total, "mention") : `${current + 1} of ${content.total.toLocaleString("en")}`;
    if (where && where.textContent !== words) where.textContent = words;
    const whole = view.querySelector("a.whole");  // an article's own page has an anchor for each mention, by its number
    if (whole) whole.href = whole.dataset.page + (all[current] ? "#m" + all[current].dataset.number : "");
    if (!scroll || current < 0 || !all[current]) return;
    const stop = all[current].getBoundingClientRect(), frame = view.getBoundingClientRect();
    if (stop.top < frame.top + 90 || stop.bottom > frame.bottom - 60) {
      view.scrollBy({ top: stop.top - frame.top - frame.height / 3, behavior: calm() ? "auto" : "smooth" });
    }
  }

  // --- drawing what the state says

  const VIEWS = {
    list: (state, selection) => listView(wires, state, selection),
    about: () => aboutView(wires, license),
    place: (state, selection) => placeView(wires, wires.placeOf(state.place), selection),
    article: (state) => articleView(wires, wires.articleOf(state.article), state),
  };

  /**
   * @param {import("./address.js").State} state
   * @param {import("./select.js").Selection} selection
   * @param {string} filters what the selection was made from
   * @param {boolean} focus whether the reader came here by a link
   */
  function show(state, selection, filters, focus) {
    const drawing = JSON.stringify([state.view, state.place, state.article, state.tab, state.sort, filters]);
    if (drawing !== drawnFor) {
      const fresh = JSON.stringify([state.view, state.place, state.article]) !== drawnView;
      if (drawnView.startsWith('["list"')) listScroll = view.scrollTop;
      content.pages?.stop();
      content = { total: 0, ...VIEWS[state.view](state, selection) };
      view.replaceChildren(...content.nodes.flat().filter(Boolean));
      content.pages?.fill();
      view.scrollTop = state.view === "list" && fresh ? listScroll : 0;
      drawnFor = drawing;
      drawnView = JSON.stringify([state.view, state.place, state.article]);
      current = -1;
      if (focus && fresh) view.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
      const words = `${plural(selection.total, "mention")} of ${plural(selection.places.length, "place")} in ${plural(selection.articles.length, "article")}`;
      if (tally.textContent !== words) tally.textContent = words;
    }
    if (state.view === "article" && state.at !== null) current = stops().findIndex((stop) => Number(stop.dataset.at) === state.at);
    mark(state.view === "article");
    document.body.dataset.view = state.view;
  }

  return { show, step, said: () => tally.textContent };
}
