/**
 * The anycast figure's hands and eyes: it reports where the reader puts the address and what the reader breaks, shows
 * what Python answers, and moves through the run. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { flipped, network } from "../common/network.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { player } from "../run/run.js";

const LISTS = ["at", "added", "cut", "down", "sick", "withdrawn"];

function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, every, listen } = stage;

  const root = find(".nl-anycast");
  const show = patcher(el);
  const problem = find("[data-part=problem]");
  const watch = find("[data-do=watch]");
  const boxes = every("[data-switch]");
  let tool = "at";
  let going = false; // whether a run is on the screen

  const deck = player(root, listen, undo, (view) => {
    show(view);
    reader.press();
  });
  /** Where it ends, or the run; a run begins at its beginning unless one was on the screen. */
  const draw = () => {
    const view = model.get("view");
    const before = going;
    going = Boolean(view?.frames);
    root.dataset.showing = going ? "time" : "settled";
    if (going) deck.load(view, before ? undefined : 0);
    else {
      deck.unload();
      show(view?.parts ?? {});
    }
    if (going && !before && document.activeElement === watch) deck.play.focus();
    reader.show();
    judge();
  };
  const press = () => {
    const members = Object.fromEntries(LISTS.map((name) => [name, new Set(model.get(name))]));
    for (const box of boxes) {
      box.checked = members[box.dataset.switch].has(box.dataset.of);
      const has = members.at.has(box.dataset.of) || members.added.has(box.dataset.of);
      if (["sick", "withdrawn"].includes(box.dataset.switch)) box.disabled = !has;
    }
    watch.textContent = model.get("time") ? "Back to where it ends" : "▶ Watch how it comes about";
  };
  const toggle = (name, member) => {
    const placed = ["at", "added"];
    const other = placed.find((list) => list !== name);
    if (["sick", "withdrawn"].includes(name) && !placed.some((list) => model.get(list).includes(member))) {
      problem.textContent = `${member} does not have the address. Place it there first.`;
      return;
    }
    const values = { [name]: flipped(model.get(name), member) };
    if (placed.includes(name)) {
      // It is there from the beginning or comes as a change, not both; with it goes what was said of it.
      values[other] = model.get(other).filter((router) => router !== member);
      if (!values[name].includes(member))
        for (const list of ["sick", "withdrawn"]) values[list] = model.get(list).filter((router) => router !== member);
    }
    reader.set(values);
  };
  const act = ({ link, node }) => (link === undefined ? toggle(tool, node) : toggle("cut", link));
  const reader = controls(stage, model.get("first"), { before: deck.stop, press });
  network(stage, reader, act);
  reader.oneOf(
    "tool",
    () => tool,
    (chosen) => (tool = chosen),
  );
  for (const box of boxes) {
    listen(box, "change", () => {
      toggle(box.dataset.switch, box.dataset.of);
      press();
    });
  }
  listen(watch, "click", () => reader.set({ time: !model.get("time") }));
  const judge = prediction(find("[data-prediction]"), model, listen);
  return stage.follow(draw);
}

export default { render };
