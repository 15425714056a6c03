// The colours of the style sheet, for what is drawn on canvas; they follow the theme.

const NAMES = ["ink", "quiet", "blue", "on-blue", "strong", "casing", "chosen-ring", "letter", "home", "water", "panel"];

/** @returns {Record<string, string>} by name, as in page.css */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
}

/** Calls back when the theme turns dark or light. @param {() => void} then */
export function onTheme(then) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", then);
}
