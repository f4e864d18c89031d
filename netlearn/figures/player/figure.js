/**
 * The convergence player's hands and eyes: what each router believes at the moment of the run, and what the reader
 * changes. The same module runs in JupyterLab and on the static site.
 */
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
  const show = patcher(el);
  const nodes = every("[data-node]");
  const boxes = every("[data-down]", HTMLInputElement);
  let focus = root.dataset.focus ?? "";
  let locked = false;
  /** @type {Played | null} */
  let run = null;
  const deck = player(root, listen, undo, (view, at, last) => {
    // What a router believes changes seldom: its panel is told apart, from which moment on it is how.
    const believed = (run?.beliefs[focus] ?? []).findLast(([from]) => from <= at)?.[1] ?? {};
    show(merged(view, believed));
    for (const node of nodes) node.classList.toggle("nl-focus", node.dataset.node === focus);
    reader.press();
    if (last) guess.judge(true);
  });
  const load = () => {
    const view = model.get("view");
    if (!view.frames) return;
    run = view;
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
  const reader = controls(stage, model.get("first"), { before: deck.stop, press });
  const { toggle, row } = network(stage, reader, act);
  for (const node of nodes) listen(node, "focus", () => locked || look(dataOf(node, "node")));
  for (const box of boxes) listen(box, "change", () => toggle("down", dataOf(box, "down")));
  for (const input of every("[data-delay]", HTMLInputElement)) row(input, "spf_delay", dataOf(input, "delay"));

  // The prediction, and what comes of it.

  /** @type {(on: boolean, focused?: boolean) => void} */
  const lock = (on, focused = false) => {
    locked = on;
    root.classList.toggle("nl-locked", on);
    deck.lock(on);
    if (run) deck.moment(on ? 1 : 0);
    deck.paint();
    if (focused) deck.play.focus();
  };
  const guess = prediction(seek("[data-prediction]", HTMLElement), stage, () => run, lock);
  const end = stage.follow(() => {
    load();
    reader.show();
  });
  guess.judge(false); // what was said before the page was opened again
  if (guess.asks()) lock(true);
  return end;
}

export default { render };
