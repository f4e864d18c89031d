/** What moves over the picture of a network: news on its links, and a few flows on their ways. */
import { corners, lengthOf, placeAt } from "../common/ways.js";
import { dataOf, within } from "../common/within.js";
/** @import { Part } from "../common/types.d.ts" */

const PACE = 0.3; // of a dot, in units of the drawing for a millisecond
const APART = 85; // one follows the other, so that they do not cover each other
const REST = 230; // so far would one have gone that rests at its end
const NEAR = 14; // of its cross a message that is lost is gone
export const SOON = 1e-6; // what is nearer than this is here: places and times went through division

/**
 * Nothing here moves by itself: whoever plays the run says how much time has passed.
 * @param {Part} root
 */
export function movers(root) {
  const { every, find } = within(root);
  const diamonds = every("[data-lsa]").map((part) => ({
    part,
    key: dataOf(part, "lsa"),
    way: corners(dataOf(part, "way")),
  }));
  const dots = every("[data-dot]").map((part, index) => ({
    part,
    body: part.parentElement ?? part,
    line: find(`[data-key="way:${part.dataset.dot}"]`),
    way: corners(""),
    drawn: "", // its way, as the corners were found in
    end: { x: 0, y: 0 },
    far: -APART * index,
  }));

  /**
   * News: an LSA is drawn on its link from when it leaves until it arrives.
   * @param {[string, number, number][]} moves
   * @param {number} time
   */
  const fly = (moves, time) => {
    const flying = new Map();
    for (const [key, from, to] of moves)
      if (from <= time + SOON && time < to - SOON) flying.set(key, (time - from) / (to - from));
    for (const { part, key, way } of diamonds) {
      const far = flying.get(key);
      part.classList.toggle("nl-flying", far !== undefined);
      if (far === undefined) continue;
      const { x, y } = placeAt(way, lengthOf(way) * (0.2 + 0.6 * far)); // at its ends a link is under its routers
      part.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    }
  };
  /** Every flow stands at the end of the way that it has now. */
  const stand = () => {
    for (const dot of dots) {
      const { part, body, line } = dot;
      const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(body.getAttribute("transform") ?? "") ?? [];
      dot.end = { x: Number(x), y: Number(y) };
      const drawn = line.classList.contains("nl-hidden") ? "" : (line.getAttribute("d") ?? "");
      if (drawn !== dot.drawn) dot.way = corners(drawn);
      dot.drawn = drawn;
      part.removeAttribute("transform");
      part.classList.remove("nl-moving", "nl-hidden");
    }
  };
  /**
   * Each flow goes on along its present way, again and again: in the reader's time, not in the network's.
   * @param {number} ms
   */
  const go = (ms) => {
    for (const dot of dots) {
      const { part, body, way, end } = dot;
      if (!way.length) continue;
      dot.far += ms * PACE;
      if (dot.far > lengthOf(way) + REST) dot.far = 0;
      const there = placeAt(way, Math.max(0, Math.min(dot.far, lengthOf(way))));
      const gap = Math.hypot(there.x - end.x, there.y - end.y);
      const isLost = body.classList.contains("nl-lost") && dot.far > 0.6 * lengthOf(way) && gap < NEAR;
      const moves = dot.far < lengthOf(way) && !isLost;
      part.classList.toggle("nl-hidden", dot.far < 0); // it has not set out yet
      part.classList.toggle("nl-moving", moves);
      if (moves)
        part.setAttribute("transform", `translate(${(there.x - end.x).toFixed(1)} ${(there.y - end.y).toFixed(1)})`);
      else part.removeAttribute("transform");
    }
  };
  return { fly, stand, go };
}
