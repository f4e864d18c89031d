/**
 * The convergence player's hands and eyes: what each router believes at the moment of the run, and what the reader
 * changes. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { network } from "../common/network.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { merged, player } from "../run/run.js";
import { prediction } from "./predict.js";

function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, every, listen } = stage;

  const root = find(".nl-player");
  const show = patcher(el);
  const nodes = every("[data-node]");
  const boxes = every("[data-down]");
  let focus = root.dataset.focus;
  let locked = false;
  const deck = player(root, listen, undo, (view, at, last) => {
    const believed = (deck.run().beliefs[focus] ?? []).findLast(([from]) => from <= at)?.[1] ?? {};
    show(merged(view, believed));
    for (const node of nodes) node.classList.toggle("nl-focus", node.dataset.node === focus);
    reader.press();
    if (last) guess.judge(true);
  });
  const load = () => {
    const run = model.get("view");
    if (run?.frames) deck.load(run);
  };

  const look = (node) => {
    focus = node;
    deck.paint();
  };
  const act = ({ link, node }) => {
    if (locked && node !== undefined) guess.add(node);
    else if (locked) return;
    else if (link !== undefined) toggle("cut", link);
    else look(node);
  };
  const press = () => {
    for (const box of boxes) box.checked = model.get("down").includes(box.dataset.down);
  };
  const reader = controls(stage, model.get("first"), { before: deck.stop, press });
  const { toggle, row } = network(stage, reader, act);
  for (const node of nodes) listen(node, "focus", () => locked || look(node.dataset.node));
  for (const box of boxes) listen(box, "change", () => toggle("down", box.dataset.down));
  for (const input of every("[data-delay]")) row(input, "spf_delay", input.dataset.delay);

  // The prediction, and what comes of it.

  const lock = (on, focused = false) => {
    locked = on;
    root.classList.toggle("nl-locked", on);
    deck.lock(on);
    if (deck.run()) deck.moment(on ? 1 : 0);
    deck.paint();
    if (focused) deck.play.focus();
  };
  const guess = prediction(find("[data-prediction]"), { model, every, listen, run: deck.run, lock });
  const end = stage.follow(() => {
    load();
    reader.show();
  });
  guess.judge(false); // what was said before the page was opened again
  if (guess.asks()) lock(true);
  return end;
}

export default { render };
