// Heat: where mentions are dense, however many places share them. Only what is a spot or nearly one gives heat.

const REACH = 34;  // pixels around a place
const SPOTS = new Set(["town", "diamond", "province", "many"]);

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {{ at: { x: number, y: number }, count: number, form: string }[]} places
 * @param {{ x: number, y: number }} size
 * @param {string} colour
 */
export function heat(ink, places, size, colour) {
  const spots = places.filter(({ at, form }) => SPOTS.has(form) && at.x > -REACH && at.y > -REACH && at.x < size.x + REACH && at.y < size.y + REACH);
  const most = Math.max(1, ...spots.map(({ count }) => count));
  const [width, height] = [Math.ceil(size.x / 2), Math.ceil(size.y / 2)];  // half the pixels are plenty for a blur
  const paper = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
  const brush = paper.getContext("2d");
  for (const { at, count } of spots) {
    const weight = 0.16 + 0.6 * Math.sqrt(count / most);
    const glow = brush.createRadialGradient(at.x / 2, at.y / 2, 0, at.x / 2, at.y / 2, REACH / 2);
    glow.addColorStop(0, `rgb(0 0 0 / ${weight})`);
    glow.addColorStop(1, "rgb(0 0 0 / 0)");
    brush.fillStyle = glow;
    brush.fillRect(at.x / 2 - REACH / 2, at.y / 2 - REACH / 2, REACH, REACH);
  }
  brush.globalCompositeOperation = "source-in";
  brush.fillStyle = colour;
  brush.fillRect(0, 0, width, height);
  ink.save();
  ink.globalAlpha = 0.85;
  ink.drawImage(paper, 0, 0, size.x, size.y);
  ink.restore();
}
