// The first steps: Folium's own script finds `geomap.start` at once; the rest of ours is unpacked and then starts.

import { creditLayers, welcomeFolium } from "./folium.js";
import { blockText } from "./unpack.js";

/**
 * Readies the map for Folium's layers and brings in the page's script, which takes the name `geomap` over.
 * @param {L.Map} map
 */
export async function start(map) {
  welcomeFolium();
  const script = document.createElement("script");
  script.textContent = await blockText("geomap-script"); // the page's policy knows it by its hash
  document.head.append(script);
  await /** @type {any} */ (window).geomap.start(map);
  creditLayers(map, document.querySelector(".credit"));
}
