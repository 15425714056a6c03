// A button with a menu below it, closed by Escape or a click elsewhere.

import { el } from "./dom.js";

let made = 0;

/**
 * @param {any} name what stands on the button
 * @param {() => any[]} fill gives what stands in the menu, each time it opens
 * @param {Record<string, any>} [props] of the button
 * @returns {{ button: any, nodes: any[], refill: () => void }} the button alone, and with its menu
 */
export function menu(name, fill, props = {}) {
  const sheet = el("div", { class: "menu", popover: "auto", id: "menu-" + ++made, role: "group", "aria-label": String(name) });
  const button = el("button", { type: "button", popovertarget: sheet.id, "aria-expanded": "false", ...props }, name);
  const refill = () => {
    if (sheet.matches(":popover-open")) {
      const focused = /** @type {HTMLElement} */ (document.activeElement);
      const focus = sheet.contains(focused) ? focused.dataset.option : null;
      const scroll = sheet.scrollTop;
      sheet.replaceChildren(...fill());
      sheet.scrollTop = scroll;
      if (focus) sheet.querySelector(`[data-option="${CSS.escape(focus)}"]`)?.focus();
    }
  };
  sheet.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") sheet.replaceChildren(...fill());
  });
  sheet.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const at = button.getBoundingClientRect();
    sheet.style.left = Math.max(8, Math.min(at.left, innerWidth - sheet.offsetWidth - 8)) + "px";
    sheet.style.top = Math.min(at.bottom + 4, Math.max(8, innerHeight - sheet.offsetHeight - 8)) + "px";
    sheet.querySelector("input, button, a")?.focus();
  });
  sheet.addEventListener("click", (event) => {
    if (event.target.closest("button.act, a")) sheet.hidePopover();
  });
  return { button, nodes: [button, sheet], refill };
}
