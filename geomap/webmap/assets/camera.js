// Where the map looks: moves that the page makes by itself, and those that the reader makes and the address keeps.

import { REGION, WORLD } from "./basemap.js";
import { calm } from "./dom.js";

/**
 * @param {any} map
 * @param {ReturnType<typeof import("./outlines.js").outlineLayer>} outlines
 * @param {(view: [number, number, number] | null) => void} settled after each move; with the view where the reader moved the map
 */
export function camera(map, outlines, settled) {
  let steering = false;  // whether the move that goes on is the reader's
  let moved = false;  // whether the reader moved the map since it was framed
  const steers = () => (steering = moved = true);

  map.on("dragstart", steers);
  for (const event of ["wheel", "keydown", "dblclick", "touchstart"]) map.getContainer().addEventListener(event, steers, { passive: true });
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    settled(steering ? [lat, lng, map.getZoom()] : null);
    steering = false;
  });

  /** Moves the map until bounds fit in. @param {any} bounds @param {{ padding?: number, maxZoom?: number }} [how] in pixels */
  function fly(bounds, { padding = 60, maxZoom = 8 } = {}) {
    if (!bounds.isValid()) return;
    const options = { padding: [padding, padding], maxZoom };
    if (calm()) map.fitBounds(bounds, { ...options, animate: false });
    else map.flyToBounds(bounds, { ...options, duration: 0.7 });
  }

  return {
    fly,
    /** Moves at the reader's wish; the address keeps the view. @param {any} bounds @param {number} padding @param {number} [maxZoom] */
    steer(bounds, padding, maxZoom = 8) {
      steers();
      fly(bounds, { padding, maxZoom });
    },
    zoom(by) {
      steers();
      map.setZoom(map.getZoom() + by * map.options.zoomDelta);
    },
    region() {
      this.steer(L.latLngBounds(REGION), 4);
    },
    world() {
      this.steer(L.latLngBounds(WORLD), 4);
    },
    /**
     * Moves only as far as needed to see a place.
     * @param {import("./atlas.js").Place} place
     * @param {boolean} [always] even where it is in view
     */
    reach(place, always = false) {
      const bounds = outlines.boundsOf(place), spot = outlines.spot(place);
      const view = map.getBounds().pad(-0.08);
      if (!always && (view.contains(bounds) || view.contains(spot))) return;
      const near = L.latLngBounds(REGION).contains(place.at) && !["country", "region"].includes(place.form);
      if (!bounds.getNorthEast().equals(bounds.getSouthWest())) fly(bounds);
      else fly(L.latLng(place.at).toBounds(1), { maxZoom: near ? Math.max(5, Math.min(map.getZoom(), 7)) : 3.5 });
    },
    /** Frames what an address asks for, or the region. @param {[number, number, number] | null} view */
    frame(view) {
      frame(map, view);
      steering = false;
      moved = Boolean(view);
    },
    moved: () => moved,
  };
}

/**
 * Shows what an address asks for, or the region.
 * @param {any} map
 * @param {[number, number, number] | null} view latitude, longitude, zoom
 */
export function frame(map, view) {
  if (view) map.setView([view[0], view[1]], view[2], { animate: false });
  else map.fitBounds(REGION, { animate: false });
}
