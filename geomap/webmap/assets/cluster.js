// Places whose marks would lie on each other become one mark: that of the most mentioned, with all their mentions.

/**
 * @typedef {object} Spot a place on the map
 * @property {import("./select.js").Entry} entry
 * @property {number} x in pixels
 * @property {number} y
 * @property {any} [latlng]
 * @property {any} [pixel]
 *
 * @typedef {object} Group
 * @property {Spot} head the most mentioned
 * @property {Spot[]} members with the head
 * @property {number} count
 * @property {string | null} sort null for one that stays alone
 */

// A town is never swallowed by a country's badge: what is of one sort comes together.
const SORT = { town: "pin", diamond: "pin", province: "pin", country: "country", region: "region", directional: "region", line: "line" };

/**
 * Groups spots greedily, the most mentioned first; then marks that have grown into each other come together too.
 * @param {Spot[]} spots
 * @param {number} apart how far spots stand apart at least, in pixels
 * @param {(spot: Spot) => boolean} alone which spots stay by themselves
 * @param {(group: Group, most: number) => number} radius of a group's mark, where the largest count is `most`
 * @returns {Group[]} that of the most mentioned place first
 */
export function group(spots, apart, alone, radius) {
  const ordered = spots.slice().sort((a, b) => b.entry.count - a.entry.count || a.entry.place.index - b.entry.place.index);
  const cells = new Map();
  const groups = [];
  for (const spot of ordered) {
    const single = alone(spot);
    const sort = SORT[spot.entry.form] || "pin";
    const column = Math.floor(spot.x / apart), row = Math.floor(spot.y / apart);
    const found = single ? null : nearest(cells, spot, sort, column, row, apart);
    if (found) {
      join(found, { members: [spot], count: spot.entry.count });
      continue;
    }
    const made = { head: spot, members: [spot], count: spot.entry.count, sort: single ? null : sort };
    groups.push(made);
    if (single) continue;
    const key = sort + column + ":" + row;
    if (cells.has(key)) cells.get(key).push(made);
    else cells.set(key, [made]);
  }
  const most = groups.reduce((all, { count }) => Math.max(all, count), 1);
  const kept = [];
  for (const made of groups) {
    const reach = radius(made, most);
    const over = made.sort && kept.find((other) =>
      other.sort === made.sort && Math.hypot(other.head.x - made.head.x, other.head.y - made.head.y) < reach + radius(other, most) + 2);
    if (over) join(over, made);
    else kept.push(made);
  }
  return kept;
}

function join(one, other) {
  one.members.push(...other.members);
  one.count += other.count;
}

function nearest(cells, spot, sort, column, row, apart) {
  let best = null, least = apart * apart;
  for (let x = column - 1; x <= column + 1; x++) {
    for (let y = row - 1; y <= row + 1; y++) {
      for (const made of cells.get(sort + x + ":" + y) || []) {
        const distance = (made.head.x - spot.x) ** 2 + (made.head.y - spot.y) ** 2;
        if (distance < least) [best, least] = [made, distance];
      }
    }
  }
  return best;
}
