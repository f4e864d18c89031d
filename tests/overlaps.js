/**
 * What covers what in the drawing of a network, as it is on the screen just now.
 *
 * @typedef {{key: string, kind: string, of: string, box: DOMRect, half: number, part: Element}} Mark  `half` is the
 *   radius of a round one, 0 for a box
 */

const MARKS = [".nl-node .nl-shape", ".nl-lan-name", ".nl-note", ".nl-chip", ".nl-cut-mark", ".nl-badge", ".nl-plate[data-key]"]
  .concat([".nl-signs[data-key]", ".nl-port", ".nl-dot", ".nl-runner", ".nl-arrow", ".nl-loop"])
  .join(", ");
const ROUND = ["cut", "badge", "dot", "arrow", "loop"];
const BESIDE_CABLES = ["note", "plate", "shared", "name"];
const SLACK = 1; // of a pixel, by which a letter's box is larger than its ink
const STEPS = 60; // on a cable

/** @param {Element} part */
const isSeen = (part) => getComputedStyle(part).visibility === "visible" && part.getBoundingClientRect().width > SLACK;

/** @param {Element} part */
const keyOf = (part) => part.closest("[data-key]")?.getAttribute("data-key") ?? "name";

/**
 * @param {Element} part
 * @returns {Mark}
 */
function markOf(part) {
  const key = keyOf(part);
  const [kind = "", of = ""] = key.split(":");
  const box = part.getBoundingClientRect();
  const isRound = ROUND.includes(kind) || (kind === "node" && Math.abs(box.width - box.height) < 2);
  const full = part.querySelector("path.nl-body") ? 0.8 : 1; // a triangle leaves its upper corners empty
  return { key, kind, of, box, half: isRound ? (full * Math.min(box.width, box.height)) / 2 : 0, part };
}

/** @param {DOMRect} box */
const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/**
 * How far two marks reach into each other, in pixels.
 * @param {Mark} one
 * @param {Mark} other
 * @returns {number}
 */
function depth(one, other) {
  if (!one.half && other.half) return depth(other, one);
  const [a, b, from] = [one.box, other.box, middle(one.box)];
  if (!one.half) return Math.min(a.right - b.left, b.right - a.left, a.bottom - b.top, b.bottom - a.top);
  const near = other.half
    ? middle(b)
    : { x: Math.max(b.left, Math.min(from.x, b.right)), y: Math.max(b.top, Math.min(from.y, b.bottom)) };
  return one.half + other.half - Math.hypot(from.x - near.x, from.y - near.y);
}

/**
 * What belongs together: a phase at the rim of its node, a plate at its foot, a ring around a metric or a cross.
 * @param {Mark} one
 * @param {Mark} other
 */
function isTogether(one, other) {
  const pair = [one.kind, other.kind].sort().join(" ");
  if (one.of === other.of && ["badge node", "node plate"].includes(pair)) return true;
  return one.key === other.key || ["chips loop", "cut loop"].includes(pair);
}

/**
 * @param {DOMRect} box
 * @param {number} x
 * @param {number} y
 */
const isInside = (box, x, y) =>
  x > box.left + SLACK && x < box.right - SLACK && y > box.top + SLACK && y < box.bottom - SLACK;

/**
 * Where cables are on the screen; no state moves one.
 * @param {SVGSVGElement} svg
 * @returns {[string, DOMPoint[]][]}
 */
function cablesOf(svg) {
  const lines = /** @type {NodeListOf<SVGPathElement>} */ (svg.querySelectorAll(".nl-link .nl-line"));
  return [...lines].map((line) => {
    const [matrix, length] = [line.getScreenCTM() ?? undefined, line.getTotalLength()];
    const parts = Array.from({ length: STEPS + 1 }, (_, step) => (length * step) / STEPS);
    return [keyOf(line), parts.map((part) => line.getPointAtLength(part).matrixTransform(matrix))];
  });
}

/**
 * Each thing that covers another one, in words.
 * @param {SVGSVGElement} svg
 * @param {[string, DOMPoint[]][]} cables
 * @returns {string[]}
 */
export function overlaps(svg, cables = cablesOf(svg)) {
  const marks = [...svg.querySelectorAll(MARKS)].filter(isSeen).map(markOf);
  const words = [...svg.querySelectorAll("text")].filter((text) => text.textContent && isSeen(text));
  /** @type {Set<string>} */
  const found = new Set();
  marks.forEach((one, place) => {
    for (const other of marks.slice(place + 1))
      if (!isTogether(one, other) && depth(one, other) > SLACK) found.add(`${one.key} and ${other.key}`);
  });
  for (const text of words) {
    const written = { ...markOf(text), half: 0 };
    for (const mark of marks) {
      const isAbove = text.compareDocumentPosition(mark.part) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isAbove && mark.key !== written.key && depth(written, mark) > SLACK && mark.kind !== "loop")
        found.add(`${mark.key} over the words ${text.textContent}`);
    }
  }
  const beside = marks.filter(({ kind, part }) => BESIDE_CABLES.includes(kind) && !part.classList.contains("nl-signs"));
  for (const [cable, points] of cables)
    for (const { key, box } of beside)
      if (points.some(({ x, y }) => isInside(box, x, y))) found.add(`${key} over the cable ${cable}`);
  const frame = svg.getBoundingClientRect();
  for (const { key, box } of marks)
    if (box.left < frame.left - SLACK || box.right > frame.right + SLACK || box.top < frame.top - SLACK || box.bottom > frame.bottom + SLACK)
      found.add(`${key} is outside`);
  return [...found];
}

/**
 * The same in each of these views, which are shown one after the other: in how many of them.
 * @param {SVGSVGElement} svg
 * @param {(view: object) => void} show
 * @param {object[]} views
 */
export function inAll(svg, show, views) {
  /** @type {Record<string, number>} */
  const counted = {};
  const cables = cablesOf(svg);
  for (const view of views) {
    show(view);
    for (const words of overlaps(svg, cables)) counted[words] = (counted[words] ?? 0) + 1;
  }
  return counted;
}
