// Small helpers to build the page. Text always goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

// el("a", { class: "x", href: "#", onclick: f }, "text", child …): an element with its children.
export function el(tag, props = {}, ...children) {
  return dress(document.createElement(tag), props, children);
}

// The same for SVG.
export function svg(tag, props = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), props, children);
}

function dress(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

// Text by someone else: kept apart from its surroundings, whichever way it is written.
export function foreign(tag, text, props = {}) {
  return el(tag, { dir: "auto", ...props }, text);
}

export function plural(count, one, many = one + "s") {
  return count.toLocaleString("en") + " " + (count === 1 ? one : many);
}

// Lower case without accents, so that "Kunduz" finds "Qunduz̧" written with marks.
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’ʻʼ`´]/g, "'").toLowerCase();
}

// A link is followed only when it goes to the web.
export function webAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

export function countryName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "region" }).of(code) || code;
  } catch {
    return code;
  }
}

export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function readJson(id) {
  return JSON.parse(document.getElementById(id).textContent);
}
