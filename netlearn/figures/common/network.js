/** What a reader does to the network in a figure: cut cables, take routers down, change metrics. */
import { middle, pressed, rove, towards } from "./keys.js";
import { dataOf, write } from "./within.js";
/** @import { Controls } from "./controls.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Pressed, Row } from "./types.d.ts" */

/**
 * The cables and routers of a drawing, and the metrics beside it.
 * @param {Stage} stage
 * @param {Controls} reader
 * @param {(what: Pressed) => void} [act]  what a click on a cable or a router does
 * @param {string[]} [cables]  the traits that list cables which are cut
 */
export function network({ model, every, listen, undo }, reader, act, cables = ["cut"]) {
  const namesIn = (/** @type {string} */ list) => /** @type {string[]} */ (model.get(list)); // as scenes declare them
  const rowsIn = (/** @type {string} */ list) => /** @type {Row[]} */ (model.get(list));

  /** @type {(list: string, member: string) => void} */
  const toggle = (list, member) => reader.set({ [list]: flipped(namesIn(list), member) });
  act ??= ({ link, node }) => (link === undefined ? toggle("down", node) : toggle("cut", link));

  // Cables and routers: one tab stop, arrow keys between them, Enter, Space or a click acts.
  const buttons = every(".nl-net [role=button]");
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  pressed(buttons, listen, (button) => {
    const { link } = button.dataset;
    act(link === undefined ? { node: dataOf(button, "node") } : { link });
  });
  reader.pressing.push(() => {
    const cut = new Set(cables.flatMap(namesIn));
    const down = new Set(model.get("down"));
    for (const button of buttons) {
      const { link, node = "" } = button.dataset;
      // A host is a button without a state: it is looked at and never goes down.
      if (button.hasAttribute("aria-pressed"))
        write(button, "aria-pressed", link === undefined ? down.has(node) : cut.has(link));
    }
  });

  /**
   * A field for the last entry of a row in a list, after its key. What stands there as it is drawn need not be said.
   * @param {HTMLInputElement} input
   * @param {string} list
   * @param {string[]} key
   */
  const row = (input, list, ...key) => {
    /** @param {Row} entry */
    const isIts = (entry) => key.every((part, place) => entry[place] === part);
    const before = /** @type {Row[]} */ (reader.first[list]);
    const drawn = before.some(isIts) ? "" : input.getAttribute("value"); // what the chapter changed is always said
    /** @param {number | null} value */
    const take = (value) => reader.set({ [list]: replaced(rowsIn(list), key, String(value) === drawn ? null : value) });
    reader.number(input, () => rowsIn(list).find(isIts)?.at(-1) ?? drawn, take);
  };
  for (const input of every("[data-metric]", HTMLInputElement))
    row(input, "metrics", dataOf(input, "metric"), dataOf(input, "from"));
  return { toggle, row };
}

/**
 * The list with this member, or without it if it was there.
 * @param {string[]} list
 * @param {string} member
 */
export function flipped(list, member) {
  const members = new Set(list);
  if (!members.delete(member)) members.add(member);
  return [...members].sort(byCodePoint);
}

/**
 * The rows with this one, in the place of the one with the same key; without either if its value is null.
 * @param {Row[]} rows
 * @param {string[]} key
 * @param {number | null} value
 */
export function replaced(rows, key, value) {
  const others = rows.filter((row) => key.some((part, place) => row[place] !== part));
  return (value === null ? others : [...others, [...key, value]]).sort(byName);
}

/**
 * Sorts lists as Python does by their first two entries, of which the first is a name: what is recorded is found by its
 * JSON, in which the order counts.
 * @param {Row} a
 * @param {Row} b
 */
export function byName(a, b) {
  return byCodePoint(String(a[0]), String(b[0])) || byCodePoint(String(a[1]), String(b[1]));
}

/**
 * Sorts as Python does: by code points, where JavaScript's own order goes by halves of them.
 * @param {string} a
 * @param {string} b
 */
export function byCodePoint(a, b) {
  const [first, second] = [points(a), points(b)];
  const place = first.findIndex((point, index) => point !== second[index]);
  return place < 0 ? first.length - second.length : (first[place] ?? -1) - (second[place] ?? -1);
}

/** @param {string} word */
function points(word) {
  return [...word].map((letter) => letter.codePointAt(0) ?? -1);
}
