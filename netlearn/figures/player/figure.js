/**
 * The convergence player's hands and eyes: what each router believes at the moment of the run, and what the reader
 * changes. The same module runs in JupyterLab and on the static site.
 */
import { asking } from "../common/asking.js";
import { controls } from "../common/controls.js";
import { network } from "../common/network.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { dataOf } from "../common/within.js";
import { merged, player } from "../run/run.js";
import { prediction } from "./predict.js";
/** @import { Context, Pressed, View } from "../common/types.d.ts" */
/** @import { Run } from "../run/run.js" */

/** @typedef {Run & {beliefs: Record<string, [number, View][]>, ways: string[][], ends: Record<string, string[]>}} Played */
/** @typedef {{view: Played | {frames?: undefined}}} Own  no run yet, before the first answer */

/** @param {Context<Own>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, seek, every, listen } = stage;

  const root = find(".nl-player");
  const picture = find(".nl-as-then");
  const signs = find(".nl-deck");
  const show = patcher(el);
  const nodes = every("[data-node]");
  const boxes = every("[data-down]", HTMLInputElement);
  let focus = root.dataset.focus ?? "";
  let locked = false;
  /** @type {Played | null} */
  let run = null;
  /** @type {(view: View, at: number, last: boolean) => void} */
  const turn = (view, at, last) => {
    // What a router believes changes seldom: its panel is told apart, from which moment on it is how.
    const believed = (run?.beliefs[focus] ?? []).findLast(([from]) => from <= at)?.[1] ?? {};
    show(merged(view, believed));
    for (const node of nodes) node.classList.toggle("nl-focus", node.dataset.node === focus);
    reader.press();
    if (!last || locked) return;
    asking(signs, false); // who has seen the end of a run may see all of any
    guess.judge(true);
  };
  const deck = player(root, listen, undo, turn, () => reader.moved());
  const load = () => {
    const view = model.get("view");
    if (!view.frames) return;
    run = view;
    picture.classList.add("nl-as-then");
    deck.load(run);
  };

  /** @param {string} node */
  const look = (node) => {
    focus = node;
    deck.paint();
  };
  /** @param {Pressed} what */
  const act = ({ link, node }) => {
    if (locked && node !== undefined) guess.add(node);
    else if (locked) return;
    else if (link !== undefined) toggle("cut", link);
    else look(node);
  };
  const press = () => {
    for (const box of boxes) box.checked = model.get("down").includes(dataOf(box, "down"));
  };
  /** Until the answer is there, the picture shows what the reader did; then, what is true at its moment. */
  const before = () => {
    deck.stop();
    picture.classList.remove("nl-as-then");
  };
  const reader = controls(stage, model.get("first"), { before, press });
  reader.also("at_us", deck.at_us);
  const own = focus;
  reader.also("focus", {
    get: () => (focus === own ? undefined : focus),
    put: (node) => look(String(node ?? own)),
    fits: (node) => nodes.some((each) => each.dataset.node === node),
  });
  const { toggle, row } = network(stage, reader, act);
  for (const node of nodes) listen(node, "focus", () => locked || look(dataOf(node, "node")));
  for (const box of boxes) listen(box, "change", () => toggle("down", dataOf(box, "down")));
  for (const input of every("[data-delay]", HTMLInputElement)) row(input, "spf_delay", dataOf(input, "delay"));

  // The prediction, and what comes of it.

  /** @type {(on: boolean, focused?: boolean, passed?: boolean) => void} */
  const lock = (on, focused = false, passed = false) => {
    locked = on;
    root.classList.toggle("nl-locked", on);
    root.closest(".netlearn-figure")?.classList.toggle("nl-untold", on);
    if (on || passed) asking(signs, on);
    deck.lock(on);
    if (run) deck.moment(on ? 1 : 0);
    deck.paint();
    if (focused) deck.play.focus();
  };
  const guess = prediction(seek("[data-prediction]", HTMLElement), stage, () => run, lock);
  asking(signs, !guess.seen());
  const end = stage.follow(() => {
    load();
    reader.show();
  });
  guess.judge(false); // what was said before the page was opened again
  if (guess.asks()) lock(true);
  return end;
}

export default { render };
