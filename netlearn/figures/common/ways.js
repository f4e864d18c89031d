/** Ways in a drawing, and dots that travel along them. */
/** @import { Place } from "./types.d.ts" */

/** @typedef {Place & {far: number}} Corner  a place of a way, and how far along the way it is */

const PIECES = 8; // straight ones for a bend: no corner of them is seen

/**
 * The corners of a way, from its path data (M, L and Q with absolute numbers, as Python draws them), with how far along
 * each of them is. Asking the browser for a path's length would make it lay out the page first.
 * @param {string} data
 */
export function corners(data) {
  /** @type {Corner[]} */
  const places = [];
  /** @type {(x: number, y: number) => void} */
  const add = (x, y) => {
    const last = places.at(-1);
    places.push({ x, y, far: last ? last.far + Math.hypot(x - last.x, y - last.y) : 0 });
  };
  for (const [, kind, numbers = ""] of data.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const [x = NaN, y = NaN, toX = NaN, toY = NaN] = numbers.trim().split(/[ ,]+/).map(Number);
    const from = places.at(-1);
    if (kind !== "Q" || !from) add(x, y);
    else {
      // A quadratic Bézier curve: the weights of its three points always sum to 1.
      for (let step = 1; step <= PIECES; step++) {
        const part = step / PIECES;
        const rest = 1 - part;
        add(
          rest * rest * from.x + 2 * rest * part * x + part * part * toX,
          rest * rest * from.y + 2 * rest * part * y + part * part * toY,
        );
      }
    }
  }
  return places;
}

/**
 * How long a way is.
 * @param {Corner[]} way
 */
export function lengthOf(way) {
  return way.at(-1)?.far ?? 0;
}

/**
 * The place so far along a way.
 * @param {Corner[]} way
 * @param {number} far
 * @returns {Place}
 */
export function placeAt(way, far) {
  const found = way.findIndex((place) => place.far >= far);
  const b = way[Math.max(1, found)] ?? way.at(-1); // the first corner has none before it
  const a = way[Math.max(1, found) - 1];
  if (!a || !b) throw new Error("a way without corners leads nowhere");
  const part = b.far > a.far ? (far - a.far) / (b.far - a.far) : 0; // two corners in one place are no distance apart
  return { x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) };
}

/**
 * Moves a dot along a path once, and leaves it where it stands; without motion it just stands there.
 * @param {SVGPathElement} path
 * @param {SVGGraphicsElement} dot
 */
export function travel(path, dot) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || path.classList.contains("nl-hidden")) return () => {};
  const way = corners(path.getAttribute("d") ?? "");
  const rest = { x: Number(dot.getAttribute("cx")), y: Number(dot.getAttribute("cy")) }; // a group has none: 0, 0
  // Where the dot rests Python has drawn.
  const home = dot.getAttribute("transform");
  const back = () => (home === null ? dot.removeAttribute("transform") : dot.setAttribute("transform", home));
  const took = Math.min(2400, Math.max(900, lengthOf(way) * 2.2)); // ms: short ways are seen, long ones do not bore
  /** @type {number | undefined} */
  let begun; // the way begins when it is first painted
  let frame = requestAnimationFrame(function step(now) {
    begun ??= now;
    const part = Math.min(1, (now - begun) / took);
    const at = placeAt(way, part * lengthOf(way));
    if (part < 1) {
      dot.setAttribute("transform", `translate(${at.x - rest.x} ${at.y - rest.y})`);
      frame = requestAnimationFrame(step);
    } else back();
  });
  return () => {
    cancelAnimationFrame(frame);
    back();
  };
}

/**
 * A dot that goes its way whenever that has become another; the first stands there: nothing moves before the reader acts.
 * @param {(() => void)[]} undo  takes what is to be undone at the end
 */
export function traveller(undo) {
  /** @type {string | null | undefined} */
  let last;
  const nothing = () => {};
  let stop = nothing;
  const halt = () => {
    stop();
    stop = nothing; // the next view may let the dot rest elsewhere
  };
  undo.push(halt);
  /** @type {(way: SVGPathElement, dot: SVGGraphicsElement) => void} */
  const send = (way, dot) => {
    halt();
    stop = travel(way, dot);
  };
  /** @type {(way: SVGPathElement, dot: SVGGraphicsElement) => void} */
  const follow = (way, dot) => {
    halt();
    const data = way.getAttribute("d");
    if (last !== undefined && data !== last) send(way, dot);
    last = data;
  };
  return { halt, send, follow };
}
