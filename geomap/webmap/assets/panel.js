// The reading column: search and kinds above; below the list, a place, an article, or the notes.

import { KIND_NAMES, PINLESS, phraseOf } from "./atlas.js";
import { calm, el, foreign, plural, readJson, webAddress } from "./dom.js";
import { glyph } from "./marks.js";

const SORTS = {
  mentions: ["Most mentioned", (a, b) => b.count + b.aside - a.count - a.aside],
  name: ["By name", (a, b) => a.place.name.localeCompare(b.place.name)],
  latest: ["Latest first", (a, b) => (a.latest < b.latest ? 1 : a.latest > b.latest ? -1 : 0)],
};

const KIND_FORMS = {
  place: "town",
  region: "region",
  directional: "directional",
  border: "line",
  facility: "diamond",
  metonym: "diamond",
};

const PRECISION_NOTES = {
  province: "Known to the province or district only; the ring is not a spot.",
  country: "The country as a whole; the badge is not a spot.",
  region: "A region of several countries; the ring is not a spot.",
  directional: "A part of a country with no fixed limits; the hatching is approximate.",
};

export function readingPanel(panel, atlas, { state, link, go, set, hover }) {
  const kinds = atlas.kinds.filter((kind) => atlas.mentions.some((mention) => mention.kind === kind));
  const drawn = atlas.mentions.filter(({ kind }) => !PINLESS.has(kind)).length;
  const view = el("div", { class: "view", id: "view" });
  let selection = null;
  let current = -1;
  let drawnFor = "";
  let listScroll = 0;

  const search = el("input", {
    type: "search",
    id: "search",
    placeholder: "Search places, titles, texts",
    "aria-label": "Search places, titles and texts",
    autocomplete: "off",
    spellcheck: "false",
    value: state().query,
    oninput: () => set({ query: search.value }),
  });
  const chips = kinds.map((kind) =>
    el("button", {
      type: "button",
      class: "chip",
      "data-kind": kind,
      "aria-pressed": String(!state().hidden.has(kind)),
      onclick: () => {
        const hidden = new Set(state().hidden);
        if (!hidden.delete(kind)) hidden.add(kind);
        set({ hidden });
      },
    },
    KIND_FORMS[kind] ? glyph(KIND_FORMS[kind], 5.5) : null,
    KIND_NAMES[kind],
    el("span", { class: "number" }, String(atlas.mentions.filter((mention) => mention.kind === kind).length))),
  );
  panel.append(
    el("button", { type: "button", class: "handle", "aria-label": "Taller text", "aria-expanded": "false", onclick: sheet }, el("span")),
    el("header", { class: "masthead" },
      el("div", { class: "title-row" },
        el("h1", {}, foreign("a", atlas.title, { href: "#" })),
        el("a", { class: "about-link", href: "#about" }, "About")),
      el("p", { class: "summary" }, plural(drawn, "mention") + " of places in " + plural(atlas.articles.length, "article")),
      el("div", { role: "search", class: "search" }, search),
      kinds.length > 1 ? el("div", { class: "chips", role: "group", "aria-label": "Kinds of mention" }, chips) : null),
    view,
  );

  function sheet(event) {
    event.currentTarget.setAttribute("aria-expanded", String(document.body.classList.toggle("tall")));
  }

  // --- the list

  function list() {
    const { tab, sort } = state();
    const tabs = [["places", "Places", selection.places.length], ["articles", "Articles", selection.articles.length]];
    const head = el("div", { class: "tabs" },
      tabs.map(([id, name, count]) =>
        el("button", { type: "button", class: "tab", "data-tab": id, "aria-pressed": String(tab === id), onclick: () => set({ tab: id }) },
          name, el("span", { class: "number" }, String(count)))),
      tab === "places" ? el("select", { "aria-label": "Sort places", class: "sort", onchange: (event) => set({ sort: event.target.value }) },
        Object.entries(SORTS).map(([id, [name]]) => el("option", { value: id, selected: id === sort }, name))) : null);
    const rows = tab === "places"
      ? selection.places.slice().sort((a, b) => SORTS[sort][1](a, b) || a.place.index - b.place.index).map(placeRow)
      : selection.articles.map(articleRow);
    const empty = rows.length ? null : el("p", { class: "empty" },
      atlas.articles.length ? "Nothing here holds these words." : "No articles yet: put some into the folder and build the map again.");
    return [el("h2", { class: "unseen" }, "What is on the map"), head, el("ol", { class: "rows " + tab }, rows), empty];
  }

  function placeRow(entry) {
    const { place, count, aside, form } = entry;
    const row = el("a", { class: place.strong ? "row strong" : "row", href: link({ place: place.id }), "data-place": place.id,
      onmouseenter: () => hover(place, true), onmouseleave: () => hover(place, false),
      onfocus: () => hover(place, true), onblur: () => hover(place, false) },
      el("span", { class: "sign" }, count ? glyph(form, 7) : null),
      el("span", { class: "names" }, foreign("span", place.name, { class: "name" }), el("span", { class: "what" }, count ? place.what : "No pin: " + kindsOf(entry))),
      el("span", { class: "count", title: aside && count ? `${count} drawn, ${aside} counted only` : null }, String(count || aside), count && aside ? el("span", { class: "aside" }, " + " + aside) : null));
    return el("li", {}, row);
  }

  function kindsOf(entry) {
    return [...new Set(entry.mentions.map((mention) => KIND_NAMES[mention.kind].toLowerCase()))].join(", ");
  }

  function articleRow(article) {
    return el("li", {}, el("a", { class: "row article-row", href: link({ article: article.id }), "data-article": article.id },
      el("span", { class: "names" }, foreign("span", article.title, { class: "headline" }), meta(article)),
      el("span", { class: "count" }, String(article.mentions.length))));
  }

  function meta(article, whole = false) {
    const parts = [
      article.source && foreign("span", article.source, { class: "source" }),
      article.date && foreign("time", dateWords(article.date), { datetime: article.date }),
      whole && foreign("span", article.id, { class: "id" }),
    ].filter(Boolean);
    return el("span", { class: "meta" }, parts.flatMap((part, nth) => (nth ? [" · ", part] : [part])));
  }

  function original(article) {
    if (!article.url) return null;
    const address = webAddress(article.url);
    if (!address) return foreign("span", article.url, { class: "original" });
    return el("a", { class: "original", href: address, rel: "noopener noreferrer", target: "_blank" }, "Original article");
  }

  // --- a place

  function placeView(place) {
    const entry = selection.of.get(place);
    const mentions = entry ? entry.mentions : [];
    const groups = new Map();
    for (const mention of mentions) {
      if (!groups.has(mention.article)) groups.set(mention.article, []);
      groups.get(mention.article).push(mention);
    }
    const ordered = [...groups].sort(([a], [b]) => ((a.date || "") < (b.date || "") ? 1 : (a.date || "") > (b.date || "") ? -1 : a.index - b.index));
    const missing = place.mentions.length - mentions.length;
    return [
      back("All places", link({})),
      foreign("h2", place.name, { tabindex: "-1" }),
      el("p", { class: "what" }, place.what, " · ", plural(mentions.length, "mention"), " in ", plural(groups.size, "article")),
      PRECISION_NOTES[place.form] ? el("p", { class: "note" }, PRECISION_NOTES[place.form]) : null,
      mentions.length > 1 ? stepper() : null,
      ordered.map(([article, found]) =>
        el("section", { class: "excerpts" },
          el("h3", {}, foreign("a", article.title, { href: link({ article: article.id, at: found[0].start, place: place.id }) })),
          meta(article),
          found.map((mention) => excerpt(mention, place)),
          el("p", { class: "onward" },
            el("a", { href: link({ article: article.id, at: found[0].start, place: place.id }) }, "Open the whole article"),
            original(article)))),
      missing ? el("p", { class: "note" }, `${plural(missing, "further mention")} ${missing === 1 ? "is" : "are"} filtered out.`) : null,
    ];
  }

  function excerpt(mention, place) {
    const { text } = mention.article;
    const from = Math.min(mention.from, mention.start), to = Math.max(mention.to, mention.end);
    return el("blockquote", { dir: "auto", class: "excerpt", tabindex: "-1", "data-at": mention.start,
      onclick: () => go({ article: mention.article.id, at: mention.start, place: place.id }) },
      text.slice(from, mention.start), el("mark", { class: "kind-" + mention.kind }, phraseOf(mention)), text.slice(mention.end, to));
  }

  // --- an article

  function articleView(article, place) {
    return [
      place ? back(place.name, link({ place: place.id })) : back("All articles", link({ tab: "articles" })),
      foreign("h2", article.title, { tabindex: "-1", class: "headline" }),
      el("p", { class: "byline" }, meta(article, true), original(article)),
      article.mentions.length ? stepper() : null,
      el("div", { class: "body" }, paragraphs(article)),
    ];
  }

  // The text with its toponyms marked; blank lines (or, where there are none, line ends) part paragraphs.
  function paragraphs(article) {
    const gap = /\n[^\S\n]*\n/.test(article.text) ? /\n[^\S\n]*\n\s*/ : /\n+/;
    const pieces = [el("p", { dir: "auto" })];
    const write = (text) =>
      text.split(gap).forEach((part, nth) => {
        if (nth) pieces.push(el("p", { dir: "auto" }));
        pieces.at(-1).append(part);
      });
    const spans = [...article.mentions, ...article.nil].sort((a, b) => a.start - b.start || b.end - a.end);
    let done = 0;
    for (const span of spans) {
      if (span.start < done) continue;
      write(article.text.slice(done, span.start));
      pieces.at(-1).append(toponym(span));
      done = span.end;
    }
    write(article.text.slice(done));
    return pieces.filter((piece) => piece.textContent.trim());
  }

  function toponym(mention) {
    if (!mention.place) {
      return el("span", { class: "toponym nil", title: "No place: " + mention.reason }, phraseOf(mention));
    }
    const { place, article, start, kind } = mention;
    return el("a", {
      class: `toponym kind-${kind}${place.strong ? " strong" : ""}`, "data-at": start, "data-of": place.id,
      title: place.name + " · " + place.what,
      href: link({ article: article.id, at: start, place: state().place }),
      onmouseenter: () => hover(place, true), onmouseleave: () => hover(place, false),
      onfocus: () => hover(place, true), onblur: () => hover(place, false),
    }, phraseOf(mention));
  }

  // --- stepping from mention to mention

  function stops() {
    return [...view.querySelectorAll(".excerpt, a.toponym")];
  }

  function stepper() {
    return el("div", { class: "stepper" },
      el("button", { type: "button", "data-step": "-1", "aria-keyshortcuts": "p", onclick: () => step(-1) }, "Previous"),
      el("button", { type: "button", "data-step": "1", "aria-keyshortcuts": "n", onclick: () => step(1) }, "Next"),
      el("span", { class: "where", role: "status" }));
  }

  function step(by) {
    const all = stops();
    if (!all.length) return;
    current = current < 0 ? (by > 0 ? 0 : all.length - 1) : (current + by + all.length) % all.length;
    if (all[current].matches("a.toponym")) set({ at: Number(all[current].dataset.at) });
    else mark(all, true);
  }

  function mark(all, scroll) {
    all.forEach((stop, nth) => stop.classList.toggle("current", nth === current));
    const where = view.querySelector(".where");
    if (where) where.textContent = current < 0 ? plural(all.length, "mention") : `${current + 1} of ${all.length}`;
    if (scroll && current >= 0) {
      const stop = all[current].getBoundingClientRect(), frame = view.getBoundingClientRect();
      if (stop.top < frame.top + 60 || stop.bottom > frame.bottom - 60) {
        view.scrollBy({ top: stop.top - frame.top - frame.height / 3, behavior: calm() ? "auto" : "smooth" });
      }
    }
  }

  // --- notes

  function about() {
    const byReason = new Map();
    for (const mention of atlas.nil) {
      if (!byReason.has(mention.reason)) byReason.set(mention.reason, []);
      byReason.get(mention.reason).push(mention);
    }
    return [
      back("All places", link({})),
      el("h2", { tabindex: "-1" }, "About this map"),
      el("p", {}, "Place names were found in the texts and looked up in a gazetteer by a program. It errs: read the sentence before you trust the mark. A mark's shape says what a place is and how precisely it is known, its area how often it is named."),
      el("dl", { class: "facts" }, [
        ["Articles", atlas.articles.length],
        ["Mentions of places", drawn],
        ["Counted, not drawn", atlas.mentions.length - drawn],
        ["Without a place", atlas.nil.length],
        ...atlas.versions,
      ].flatMap(([name, value]) => [el("dt", {}, name), foreign("dd", String(value))])),
      el("h3", {}, "Keys"),
      el("p", {}, "n and p go to the next and previous mention, / to the search, Escape back to the list."),
      el("h3", {}, "Sources and licences"),
      el("ul", { class: "sources" }, credits().map((line) => foreign("li", line))),
      el("details", {}, el("summary", {}, "Licence of Leaflet"), el("pre", {}, readJson("geomap-license"))),
      byReason.size ? el("h3", {}, "Names without a place") : null,
      [...byReason].map(([reason, mentions]) =>
        el("details", { class: "nil-list" }, el("summary", {}, `${reason} (${mentions.length})`),
          el("ul", {}, mentions.slice(0, 500).map((mention) =>
            el("li", {}, foreign("a", phraseOf(mention), { href: link({ article: mention.article.id, at: mention.start }) }), " in ", foreign("span", mention.article.title)))))),
    ];
  }

  function credits() {
    const known = atlas.attribution.some((line) => line.includes("Natural Earth"));
    return [...atlas.attribution, ...(known ? [] : ["Base map: Natural Earth, public domain"]), `Map library: Leaflet ${L.version}, BSD 2-clause`];
  }

  function back(text, href) {
    return el("p", { class: "back" }, el("a", { href }, el("span", { "aria-hidden": "true" }, "‹ "), foreign("bdi", text)));
  }

  // --- drawing what the state says

  function show(next, focus) {
    selection = next;
    const { view: kind, place, article, at, tab, sort, hidden, query } = state();
    chips.forEach((chip) => chip.setAttribute("aria-pressed", String(!hidden.has(chip.dataset.kind))));
    if (document.activeElement !== search) search.value = query;
    const filters = [query, [...hidden], tab, sort].join("|");
    const drawing = [kind, kind === "article" ? article.id : "", kind === "place" ? place.id : "", kind === "article" ? "" : filters].join("|");
    const fresh = drawing !== drawnFor;
    if (fresh) {
      if (drawnFor.startsWith("list")) listScroll = view.scrollTop;
      const content = { list, about, place: () => placeView(place), article: () => articleView(article, place) }[kind]();
      view.replaceChildren(...content.flat().filter(Boolean));
      view.scrollTop = kind === "list" && !drawnFor.startsWith("list") ? listScroll : 0;
      drawnFor = drawing;
      current = -1;
      if (focus) view.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
    }
    const all = stops();
    if (kind === "article" && at !== null) current = all.findIndex((stop) => Number(stop.dataset.at) === at);
    mark(all, kind === "article");
    document.body.classList.toggle("reading", kind === "article");
  }

  return { show, step, search };
}

// "2021-07-21" as "21 July 2021"; what is no such date stays as it is.
function dateWords(date) {
  const day = new Date(date + "T00:00:00Z");
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || isNaN(day)) return date;
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
