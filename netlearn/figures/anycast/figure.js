/**
 * The anycast figure's hands and eyes: it reports where the reader puts the address and what the reader breaks, shows
 * what Python answers, and moves through the run. The same module runs in JupyterLab and on the static site.
 */
import { changed } from "../common/changed.js";
import { controls } from "../common/controls.js";
import { flipped, network } from "../common/network.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { dataOf } from "../common/within.js";
import { player } from "../run/run.js";
/** @import { Context, Pressed, View } from "../common/types.d.ts" */
/** @import { Run } from "../run/run.js" */

/** @typedef {"at" | "added" | "sick" | "withdrawn" | "cut" | "down"} List  of names, by what the reader did to them */
/** @type {List[]} */
const PLACED = ["at", "added"]; // where the address is: from the beginning, or as a change
/** @type {List[]} */
const SAID = ["sick", "withdrawn"]; // what can be said of a router that has it
/** @type {List[]} */
const LISTS = [...PLACED, ...SAID, "cut", "down"];

/** @param {Context<Record<List, string[]> & {time: boolean, view: Run | {parts?: View}}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, seek, every, listen } = stage;

  const root = find(".nl-anycast");
  const show = patcher(el);
  const problem = find("[data-part=problem]");
  const watch = find("[data-do=watch]");
  const boxes = every("[data-switch]", HTMLInputElement);
  /** @type {List} */
  let tool = "at";
  let going = false; // whether a run is on the screen

  /** @type {(view: View, at: number, last: boolean) => void} */
  const turn = (view) => {
    show(view);
    reader.press();
  };
  const deck = player(root, listen, undo, turn, () => reader.moved());
  /** Where it ends, or the run; a run begins at its beginning unless one was on the screen. */
  const draw = () => {
    const view = model.get("view");
    const before = going;
    const run = "frames" in view ? view : null;
    going = run !== null;
    root.dataset.showing = going ? "time" : "settled";
    if (run) deck.load(run, before ? undefined : 0);
    else {
      deck.unload();
      show(view.parts ?? {}); // nothing yet, before the first answer
      mark();
    }
    if (going && !before && document.activeElement === watch) deck.play.focus();
    reader.show();
    judge();
  };
  /** @type {(router: string) => boolean} */
  const hasAddress = (router) => PLACED.some((list) => model.get(list).includes(router));
  const press = () => {
    for (const box of boxes) {
      const list = asList(dataOf(box, "switch"));
      const router = dataOf(box, "of");
      box.checked = model.get(list).includes(router);
      if (!PLACED.includes(list)) box.disabled = !hasAddress(router);
    }
    watch.textContent = model.get("time") ? "Back to where it ends" : "▶ Watch how it comes about";
  };
  /** @type {(list: List, member: string) => void} */
  const toggle = (list, member) => {
    if (SAID.includes(list) && !hasAddress(member)) {
      problem.textContent = `${member} does not have the address. Place it there first.`;
      return;
    }
    const now = flipped(model.get(list), member);
    /** @type {Record<string, string[]>} */
    const values = { [list]: now };
    if (PLACED.includes(list)) {
      // It is there from the beginning or comes as a change, not both; with it goes what was said of it.
      const gone = [...PLACED.filter((other) => other !== list), ...(now.includes(member) ? [] : SAID)];
      for (const other of gone) values[other] = model.get(other).filter((router) => router !== member);
    }
    reader.set(values);
  };
  /** @param {Pressed} what */
  const act = ({ link, node }) => (link === undefined ? toggle(tool, node) : toggle("cut", link));
  const reader = controls(stage, model.get("first"), { before: deck.stop, press });
  reader.also("at_us", deck.at_us);
  network(stage, reader, act);
  const mark = changed(stage, reader, ["time", "detect"]);
  reader.oneOf(
    "tool",
    () => tool,
    (chosen) => {
      tool = asList(chosen);
    },
  );
  for (const box of boxes) {
    listen(box, "change", () => {
      toggle(asList(dataOf(box, "switch")), dataOf(box, "of"));
      press();
    });
  }
  listen(watch, "click", () => reader.set({ time: !model.get("time") }));
  const judge = prediction(seek("[data-prediction]", HTMLElement), model, listen);
  return stage.follow(draw);
}

/**
 * The list of a name that the drawing tells.
 * @param {string} name
 */
function asList(name) {
  const found = LISTS.find((list) => list === name);
  if (!found) throw new Error(`no list is called ${name}`);
  return found;
}

export default { render };
