/** Nodes in the reader's hand: dragged with a pointer, or moved with the arrow keys; and cables that are drawn by dragging. */
import { within } from "../common/within.js";
/** @import { Place } from "../common/types.d.ts" */
/** @import { Stage } from "../common/stage.js" */
/** @import { LinkRow, NodeRow } from "./rows.js" */

const SVG = "http://www.w3.org/2000/svg";
const SLOP = 6; // pixels that a click may move
const GRID = 10; // units: what stands nearly in line stands in line
const STRIDE = 20; // of an arrow key
const RIM = { x: 40, y: 30 }; // a node stays so far inside the sheet
/** @type {Record<string, [number, number]>} */
const STRIDES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {Pick<Stage, "listen">} stage
 * @param {HTMLElement} sheet
 * @param {object} reader
 * @param {() => string} reader.tool
 * @param {() => NodeRow[]} reader.nodes
 * @param {() => LinkRow[]} reader.links
 * @param {(name: string, place: Place) => void} reader.put
 * @param {(name: string) => void} reader.choose
 * @param {(a: string, b: string) => void} reader.connect
 * @param {(words: string) => void} reader.tell
 */
export function moving({ listen }, sheet, { tool, nodes, links, put, choose, connect, tell }) {
  /** @type {{name: string, at: Place, by: "key" | "pointer", from: Place, isMoved: boolean} | null} */
  let held = null;
  let wasDragged = false;

  const { seek, find } = within(sheet);
  const plan = () => find(".nl-plan", SVGGElement);
  /** What leads from the sheet's units to the screen, however the sheet is turned. */
  const matrix = () => plan().getScreenCTM() ?? new DOMMatrix();
  /** @param {{clientX: number, clientY: number}} event */
  const placeOf = ({ clientX, clientY }) => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix().inverse());
    return inside({ x: GRID * Math.round(x / GRID), y: GRID * Math.round(y / GRID) });
  };
  /** @param {Place} place */
  const inside = ({ x, y }) => {
    const { width, height } = find("svg", SVGSVGElement).viewBox.baseVal;
    const between = (/** @type {number} */ value, /** @type {number} */ rim, /** @type {number} */ most) =>
      Math.round(Math.min(most - rim, Math.max(rim, value)));
    return { x: between(x, RIM.x, width), y: between(y, RIM.y, height) };
  };
  const rowOf = (/** @type {string} */ name) => nodes().find((row) => row[0] === name);
  /** Shows the node where the hand is, with threads to whom it is connected. */
  const preview = () => {
    const row = held && rowOf(held.name);
    if (!held || !row) return;
    const { at, name } = held;
    const group = seek(`[data-node="${CSS.escape(name)}"]`, SVGGElement);
    group?.setAttribute("transform", `translate(${at.x - row[2]} ${at.y - row[3]})`);
    const threads = links().flatMap(([, a, b]) => {
      const end = rowOf(a === name ? b : b === name ? a : "");
      return end ? [`M${end[2]} ${end[3]}L${at.x} ${at.y}`] : [];
    });
    thread(threads.join(""));
  };
  /** @param {string} data */
  const thread = (data) => {
    const line = seek(".nl-thread", SVGPathElement) ?? plan().appendChild(document.createElementNS(SVG, "path"));
    line.setAttribute("class", "nl-thread");
    line.setAttribute("d", data);
  };
  const clear = () => {
    seek(".nl-thread")?.remove();
    if (held) seek(`[data-node="${CSS.escape(held.name)}"]`)?.removeAttribute("transform");
    held = null;
  };
  const drop = () => {
    if (!held) return;
    const { name, at, from } = held;
    held = null; // the picture stays as the hand left it until the answer is there
    if (at.x === from.x && at.y === from.y) return seek(".nl-thread")?.remove();
    put(name, at);
    tell(`${name} stands elsewhere.`);
  };

  listen(sheet, "pointerdown", (event) => {
    wasDragged = false;
    const part = event.target instanceof Element ? event.target.closest("[data-node]") : null;
    const row = part instanceof SVGElement ? rowOf(part.dataset.node ?? "") : undefined;
    if (!row || event.button !== 0 || !["move", "connect"].includes(tool())) return;
    if (held) drop();
    const from = { x: row[2], y: row[3] };
    held = { name: row[0], at: from, by: "pointer", from, isMoved: false };
    start = { x: event.clientX, y: event.clientY };
  });
  let start = { x: 0, y: 0 };
  listen(sheet, "pointermove", (event) => {
    if (held?.by !== "pointer") return;
    if (!held.isMoved && Math.hypot(event.clientX - start.x, event.clientY - start.y) < SLOP) return;
    if (!held.isMoved) {
      held.isMoved = wasDragged = true;
      if (tool() === "move") sheet.setPointerCapture(event.pointerId); // a fast hand leaves the node behind
    }
    held.at = placeOf(event);
    if (tool() === "move") preview();
    else thread(`M${held.from.x} ${held.from.y}L${held.at.x} ${held.at.y}`);
  });
  listen(sheet, "pointerup", ({ clientX, clientY }) => {
    if (held?.by !== "pointer") return;
    const { name, isMoved } = held;
    if (!isMoved) {
      held = null; // a click, which is heard as one
    } else if (tool() === "move") {
      choose(name);
      drop();
    } else {
      clear();
      const end = document.elementFromPoint(clientX, clientY)?.closest("[data-node]");
      const other = end instanceof SVGElement && sheet.contains(end) ? end.dataset.node : undefined;
      if (other !== undefined && other !== name) connect(name, other);
    }
  });
  listen(sheet, "pointercancel", clear);
  listen(sheet, "focusout", () => {
    if (held?.by === "key") drop();
  });

  const hand = {
    /**
     * Puts a node where a pointer is.
     * @param {string} name
     * @param {{clientX: number, clientY: number}} event
     */
    putAt: (name, event) => {
      put(name, placeOf(event));
      tell(`${name} stands elsewhere.`);
    },
    /**
     * Takes a node in the hand that is on the keys.
     * @param {string} name
     */
    lift: (name) => {
      const row = rowOf(name);
      if (!row) return;
      const from = { x: row[2], y: row[3] };
      held = { name, at: from, by: "key", from, isMoved: false };
      tell(`${name} is in your hand: arrow keys move it, Enter puts it down, Escape puts it back.`);
    },
    /**
     * Whether a key was for what is in the hand.
     * @param {KeyboardEvent} event
     */
    key: (event) => {
      if (held?.by !== "key") return false;
      const stride = STRIDES[event.key];
      if (stride) {
        // Up is up on the screen, whichever way the sheet lies there.
        const { a, b, c, d } = matrix().inverse();
        const [right, down] = [a * stride[0] + c * stride[1], b * stride[0] + d * stride[1]];
        const by = STRIDE / (Math.hypot(right, down) || 1);
        held.at = inside({ x: held.at.x + by * right, y: held.at.y + by * down });
        preview();
      } else if (event.key === "Escape") {
        const { name } = held;
        clear();
        tell(`${name} stands where it stood.`);
      } else if (event.key === "Enter" || event.key === " ") drop();
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
  return { hand, isDragged: () => wasDragged };
}
