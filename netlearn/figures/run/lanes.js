/** The lanes of time and the outage above them: laid out for the width that there is, and covered where they are to come. */
import { dataOf, within, write } from "../common/within.js";
/** @import { Part } from "../common/types.d.ts" */

const EDGE = 14; // right of the last moment
const WORD = 62; // so much room has a label of the axis
const LETTER = 9; // so wide is a letter of it
const LABELLED = "nl-tick";

/**
 * What shows where in time we are. Places come from Python as it draws them for a picture (`lanes.py`); here they are moved
 * to where this width has them, and what is drawn around a place keeps its size.
 * @param {Part} root
 * @param {(() => void)[]} undo  takes what is to be undone at the end
 */
export function timeline(root, undo) {
  const { find, seek } = within(root);
  const svg = find(".nl-lanes", SVGSVGElement);
  const { every } = within(svg);
  const present = find(".nl-present");
  const curtain = find(".nl-curtain");
  const outage = seek(".nl-scaled");
  const passed = seek(".nl-scaled .nl-outage");
  const left = Number(dataOf(svg, "left"));
  const end = Number(dataOf(svg, "right"));
  const high = svg.viewBox.baseVal.height;
  const lines = every("[data-d]");
  const labels = every("[data-x]", SVGTextElement).filter((part) => part.classList.contains(LABELLED));
  /** @type {Map<Part, string>} */
  const laid = new Map();
  let right = end;
  let place = 0;

  /** @type {(x: number) => number} */
  const across = (x) => left + ((x - left) / (end - left)) * (right - left);
  const lay = () => {
    for (const part of lines) {
      const drawn = dataOf(part, "d");
      if (laid.get(part) === drawn) continue;
      laid.set(part, drawn);
      part.setAttribute(
        "d",
        drawn.replace(/([MH])(-?[\d.]+)/g, (_, kind, x) => kind + across(Number(x)).toFixed(1)),
      );
    }
    let taken = -WORD;
    for (const label of labels) {
      const x = Math.min(across(Number(dataOf(label, "x"))), right + EDGE - WORD / 2);
      const fits = label.textContent !== "" && x - taken >= WORD;
      write(label, "x", x.toFixed(1));
      label.style.display = fits ? "" : "none";
      if (fits) taken = x;
    }
  };
  const fit = () => {
    const wide = svg.clientWidth;
    if (!wide || wide === right + EDGE) return; // not on the screen, or as it was
    right = wide - EDGE;
    svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    laid.clear();
    lay();
    show(place);
  };
  /**
   * Shows a place from 0 to 1000, and how much of the outage is over.
   * @param {number} to
   * @param {number} [now]  the true time, in microseconds
   */
  const show = (to, now) => {
    place = to;
    const x = left + (place / 1000) * (right - left);
    write(present, "transform", `translate(${x.toFixed(1)} 0)`);
    write(curtain, "x", x.toFixed(1));
    write(curtain, "width", (right + EDGE - x).toFixed(1));
    const isAsked = root.classList.contains("nl-asking"); // then no time is read, or found, before it has come
    for (const label of labels) {
      const half = (label.textContent.length * LETTER) / 2; // the curtain would cut the word
      label.style.visibility = isAsked && Number(label.getAttribute("x")) + half > x ? "hidden" : "";
    }
    if (!outage || !passed || now === undefined) return;
    const gone = Math.max(0, Math.min(1, now / Number(dataOf(outage, "until")))) * 100;
    passed.style.setProperty("--nl-gone", `${gone.toFixed(2)}%`);
  };
  /** @type {(event: MouseEvent) => number} */
  const pointed = (event) => (1000 * (event.clientX - svg.getBoundingClientRect().x - left)) / (right - left);

  const seen = new ResizeObserver(fit);
  seen.observe(svg);
  undo.push(() => seen.disconnect());
  fit();
  return { svg, lay, show, pointed };
}
