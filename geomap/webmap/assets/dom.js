// Small helpers to build the page. Text always goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with its children: el("a", { class: "x", onclick: f }, "text", child, …).
 * A function among the properties listens to the event it is named after; null and false leave a property out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children strings, nodes, lists of both; null and "" are left out
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  return dress(document.createElement(tag), props, children);
}

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children
 * @returns {any}
 */
export function svg(tag, props = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), props, children);
}

function dress(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child !== undefined && child !== null && child !== "" && child !== false));
  return node;
}

/**
 * Text by someone else: kept apart from its surroundings, whichever way it is written.
 * @param {string} tag
 * @param {string} text
 * @param {Record<string, any>} [props]
 */
export function foreign(tag, text, props = {}) {
  return el(tag, { dir: "auto", ...props }, text);
}

/**
 * A button.
 * @param {any} name its text or what stands in it
 * @param {(event: any) => void} onclick
 * @param {Record<string, any>} [props]
 */
export function button(name, onclick, props = {}) {
  return el("button", { type: "button", onclick, ...props }, name);
}

/** Whether the reader asked for little motion. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * A function that runs another once, soon, however often it is called before.
 * @param {() => void} work
 */
export function soon(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
