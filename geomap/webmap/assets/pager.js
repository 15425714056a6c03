// Long lists a page at a time: what is below the fold is made when it is nearly reached.

import { button } from "./dom.js";

/**
 * @template T
 * @param {HTMLElement} holder
 * @param {ArrayLike<T>} items
 * @param {(item: T, index: number) => Node} make
 * @param {number} [page] how many at a time
 */
export function pager(holder, items, make, page = 120) {
  let done = 0;
  const more = button("", () => fill(done + page), { class: "plain more-rows" });
  const watch = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && fill(done + page), { rootMargin: "600px" });

  /** Makes at least so many. @param {number} wanted */
  function fill(wanted) {
    const end = Math.min(items.length, wanted), made = [];
    for (; done < end; done++) made.push(make(items[done], done));
    holder.append(...made);
    if (done < items.length) {
      more.textContent = `Show more (${(items.length - done).toLocaleString("en")})`;
      holder.after(more);
      watch.observe(more);
    } else {
      watch.disconnect();
      more.remove();
    }
  }

  return { fill: (wanted = page) => fill(Math.max(wanted, done)), count: () => done, stop: () => watch.disconnect() };
}
