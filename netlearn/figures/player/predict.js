/** The player's question: the reader's own way, before the routers' is seen. */
import { kept } from "../common/kept.js";
import { skippable } from "../common/stage.js";
import { partsOf } from "../common/view.js";
import { dataOf, within } from "../common/within.js";
/** @import { Stage } from "../common/stage.js" */
/** @import { Row } from "../common/types.d.ts" */
/** @import { Own, Played } from "./figure.js" */

/**
 * What the reader guesses: `add` a router to the way, `judge` it (whether the end was reached); whether it still `asks`,
 * and whether the answer has been `seen`.
 * @typedef {{add: (node: string) => void, judge: (ended: boolean) => void, asks: () => boolean, seen: () => boolean}} Guess
 */
/** @typedef {{start: string, goal: string, hops: number | null, cut: string[], down: string[], metrics: Row[]}} Case */

/**
 * Predict, then watch: the reader clicks the way that they expect, router by router. It is kept in the reader's browser
 * only, and stands beside the simulation's answer once the end has been seen.
 * @param {HTMLElement | null} part  null where nothing is asked
 * @param {Stage<Own>} stage
 * @param {() => Played | null} run
 * @param {(on: boolean, focused?: boolean, passed?: boolean) => void} lock
 * @returns {Guess}
 */
export function prediction(part, { model, every, listen }, run, lock) {
  if (!part) return { add() {}, judge() {}, asks: () => false, seen: () => false };
  const { find } = within(part);
  const shelf = kept(dataOf(part, "prediction"));
  /** @type {Case} */
  const given = JSON.parse(dataOf(part, "case"));
  /** @type {Map<string, string>} */
  const feedback = new Map(Object.entries(JSON.parse(dataOf(part, "feedback"))));
  const { start, goal, hops } = given;
  /** @param {string[]} nodes */
  const written = (nodes) => nodes.join(" → ");
  const verdict = find(".nl-verdict");
  const sofar = find("[data-part=sofar]");
  const again = find("[data-do=again]", HTMLElement);
  const skip = find("[data-do=skip]", HTMLElement);
  const links = every("[data-ends]").map((link) => ({
    name: dataOf(link, "link"),
    ends: partsOf(dataOf(link, "ends"), " "),
  }));
  /**
   * A cable that works between two neighbours.
   * @type {(a: string | undefined, b: string) => {name: string} | undefined}
   */
  const between = (a, b) =>
    a === undefined
      ? undefined
      : links.find(({ name, ends }) => ends.includes(a) && ends.includes(b) && !given.cut.includes(name));
  /** @param {string[]} way */
  const done = (way) => (hops ? way.length > hops : way.at(-1) === goal);
  /**
   * Whether this is a way that the reader can have clicked: as it was asked for, over cables that work. The network of an
   * earlier edition may have been another.
   * @param {unknown} way
   * @returns {way is string[]}
   */
  const possible = (way) =>
    Array.isArray(way) &&
    way[0] === start &&
    done(way) &&
    new Set(way).size === way.length &&
    way.length <= (hops ?? Infinity) + 1 &&
    way.every(
      (node, index) => !given.down.includes(node) && (index === 0 || between(way[index - 1], node) !== undefined),
    );
  let way = [start];
  let fixed = false;
  let skipped = false;
  let seen = false;
  /**
   * @param {unknown} said
   * @returns {said is {way: string[], seen?: unknown}}
   */
  const fits = (said) => typeof said === "object" && said !== null && "way" in said && possible(said.way);
  const before = shelf.get(fits);
  if (before) [way, fixed, seen] = [before.way, true, before.seen === true];
  const keep = () => shelf.set({ way, seen });
  /** @param {string} [problem] */
  const draw = (problem = "") => {
    const taken = way.slice(1).map((node, index) => between(way[index], node)?.name);
    for (const line of every("[data-guess]"))
      line.classList.toggle("nl-guessed", taken.includes(dataOf(line, "guess")));
    const clicked = way.length > 1 ? `Your way so far: ${written(way)}` : `Your way begins at ${start}.`;
    sofar.textContent = fixed ? "" : `${problem} ${clicked}`.trim();
    again.classList.toggle("nl-hidden", way.length < 2); // both keep their room: nothing moves
    skip.classList.toggle("nl-hidden", fixed);
  };
  /** @param {string} node */
  const add = (node) => {
    if (fixed) return;
    const last = way.at(-1);
    const known = way.indexOf(node);
    let problem = "";
    if (known >= 0) way = way.slice(0, known + 1);
    else if (given.down.includes(node)) problem = `${node} is down. Nothing passes there.`;
    else if (!between(last, node)) problem = `No cable that works leads from ${last} to ${node}.`;
    else way = [...way, node];
    if (done(way)) {
      fixed = true;
      keep();
      draw();
      judge(false);
      lock(false, true);
    } else draw(problem);
  };
  /** Whether the reader's settings are those that were asked about. */
  const asked = () =>
    /** @type {const} */ (["cut", "down", "metrics"]).every(
      (each) => JSON.stringify(model.get(each)) === JSON.stringify(given[each]),
    );
  /** @param {boolean} ended */
  const judge = (ended) => {
    const played = run();
    if (!fixed || !played) return;
    if (ended && !seen && asked()) {
      seen = true;
      keep();
    }
    const mine = written(way);
    const isAsked = asked();
    verdict.classList.toggle("nl-other", !isAsked);
    if (!seen) {
      verdict.textContent = `You expect ${mine}. Now play it, and compare.`;
      return;
    }
    if (!isAsked) return; // what there is to say of it stays, marked as being about something else
    const found = hops ? (played.ends[start] ?? []).map((hop) => [start, hop]) : played.ways;
    const right = found.some((each) => JSON.stringify(each) === JSON.stringify(way));
    const more = feedback.get(mine) ?? feedback.get(right ? "right" : "") ?? "";
    verdict.replaceChildren();
    /** @type {[string, string][]} */
    const lines = [
      ["You said: ", mine],
      ["The routers: ", found.length ? found.map(written).join(", or ") : "no way is left"],
      [right ? (found.length > 1 ? "Yes, that is one of them. " : "Yes. ") : "Not this time. ", more],
    ];
    for (const [label, words] of lines) {
      const line = document.createElement("span");
      const strong = document.createElement("strong");
      strong.textContent = label;
      line.append(strong, words);
      verdict.append(line);
    }
  };
  listen(again, "click", () => {
    [way, fixed, seen] = [[start], false, false];
    shelf.forget();
    verdict.textContent = "";
    draw();
    lock(true);
    skip.focus(); // the button that was pressed is gone
  });
  skippable(part, listen);
  listen(skip, "click", () => {
    skipped = true;
    way = [start];
    draw();
    lock(false, true, true);
  });
  draw();
  judge(false);
  return { add, judge, asks: () => !fixed && !skipped, seen: () => seen };
}
