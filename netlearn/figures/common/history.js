/** What the reader did in a figure: taken back, done again, kept in this browser, put into a link. */
import { kept } from "./kept.js";
import { off } from "./keys.js";
import { inAddress, read, refusal, written } from "./link.js";
/** @import { Beside, State } from "./link.js" */
/** @import { Stage } from "./stage.js" */

/** @type {(act: () => void) => void} */
const whenIdle = self.requestIdleCallback ?? ((act) => setTimeout(act, 200)); // not every browser has the former
const TYPED = "input:not([type=checkbox], [type=radio], [type=range])"; // in which Ctrl+Z is about letters

/**
 * The history of a figure's settings. In a page that has a name for the figure, its state outlives the page in this
 * browser, and there is a link to it; in a notebook the kernel has the state, and no address leads to it.
 * @param {Pick<Stage, "model" | "root" | "seek" | "listen" | "undo">} stage
 * @param {object} settings
 * @param {State} settings.first  how they were
 * @param {(name: string) => unknown} settings.get
 * @param {(values: State) => void} settings.change  makes them so
 * @param {() => void} [settings.show]  shows them again, after Python has refused others
 */
export function memory({ model, root, seek, listen, undo }, { first, get, change, show: again }) {
  const figure = root.closest("figure[id]");
  const shelf = figure && kept(`figure:${location.pathname}#${figure.id}`);
  const said = seek("[data-part=said]");
  const buttons = { undo: seek("[data-do=undo]"), redo: seek("[data-do=redo]"), reset: seek("[data-do=reset]") };
  const firsts = new Map(Object.entries(first).map(([name, value]) => [name, JSON.stringify(value)]));
  /** @type {State[]} */
  const past = [];
  /** @type {State[]} */
  const future = [];
  /** @type {Map<string, Beside & {get: () => unknown, put: (value: unknown) => void}>} */
  const beside = new Map();
  /** @type {{state: State, mine: boolean} | null} */
  let due = null; // a state whose answer has not come: what is beside its settings waits for that
  let begun = false;
  /** @type {"reader" | "link" | "shelf"} */
  let origin = "reader";
  /** @type {State | null} */
  let left = null; // where the reader was before a link was followed
  let last = ""; // the state that was looked at last
  let isUnkept = false; // whether it is still to be kept

  /** @type {(one: unknown, other: unknown) => boolean} */
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  /** @param {State} state */
  const settingsOf = (state) =>
    Object.fromEntries(Object.keys(first).map((name) => [name, state[name] ?? first[name]]));
  /** What differs from the beginning. */
  const now = () => {
    const all = Object.keys(first).map((name) => [name, get(name)]);
    const more = [...beside].map(([name, each]) => [name, each.get()]);
    /** @type {State} */
    const state = Object.fromEntries([...all, ...more]);
    for (const [name, value] of Object.entries(state))
      if (JSON.stringify(value) === firsts.get(name)) delete state[name];
    return state;
  };
  /** @param {...(string | Node)} words */
  const say = (...words) => said?.replaceChildren(...words);

  const show = (state = now()) => {
    if (buttons.undo) off(buttons.undo, !past.length);
    if (buttons.redo) off(buttons.redo, !future.length);
    if (buttons.reset) off(buttons.reset, !Object.keys(state).length);
    last = JSON.stringify(state);
  };
  const store = () => {
    if (!shelf || !isUnkept) return;
    isUnkept = false;
    const state = now();
    if (Object.keys(state).length) shelf.set(state);
    else shelf.forget();
  };
  const keep = (state = now()) => {
    show(state);
    if (!figure) return;
    // A browser takes its time to keep something: what the reader sees comes first, and what else is asked meanwhile.
    if (!isUnkept) whenIdle(store);
    isUnkept = true;
    // An address that tells another state would bring that one back with the next reload.
    if (inAddress(location.hash)?.id === figure.id) history.replaceState(history.state, "", `#${figure.id}`);
  };
  /** @param {State} before */
  const remember = (before) => {
    past.push(before);
    future.length = 0;
  };
  /** @param {State} before  what was there before the reader changed something */
  const note = (before) => {
    origin = "reader";
    say();
    const here = now();
    if (!same(settingsOf(before), settingsOf(here))) remember(before);
    keep(here);
  };
  const settle = () => {
    if (!due) return;
    const { state, mine } = due;
    due = null;
    for (const [name, each] of beside) each.put(state[name]);
    if (origin === "link" && !same(settingsOf(state), settingsOf(now())))
      say("This link is from another edition of the figure: a part of it is not there any more.");
    if (mine) keep();
    else show();
  };
  /** @type {(state: State, from: typeof origin) => void} */
  const go = (state, from) => {
    const isThere = same(settingsOf(state), settingsOf(now()));
    origin = from;
    due = { state, mine: from === "reader" };
    say();
    change(settingsOf(state));
    if (isThere) settle();
    else if (due?.mine) keep(); // what is beside comes later, and may never
  };
  /** @type {(from: State[], to: State[]) => void} */
  const step = (from, to) => {
    const here = now();
    let goal = from.pop();
    while (goal && same(goal, here)) goal = from.pop(); // what was refused has left us where we were
    if (!goal) return show();
    to.push(here);
    go(goal, "reader");
  };
  const acts = {
    undo: () => step(past, future),
    redo: () => step(future, past),
    reset: () => {
      remember(now());
      go({}, "reader");
    },
    link: () => copy(),
  };
  for (const [name, act] of Object.entries(acts)) {
    const button = seek(`[data-do=${name}]`, HTMLElement);
    if (!button) continue;
    listen(button, "click", act);
    if (name === "link") button.hidden = !figure;
  }
  listen(root, "keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target instanceof Element && event.target.matches(TYPED)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) acts.redo();
    else acts.undo();
  });

  // What is beside the settings changes by itself: whoever has done something in the figure may have changed it.
  const look = () => {
    if (due) return;
    const state = now();
    if (JSON.stringify(state) !== last) keep(state);
  };
  const leave = () => {
    look();
    store();
  };
  for (const event of /** @type {const} */ (["click", "change", "keyup"])) listen(root, event, look);
  addEventListener("pagehide", leave);
  undo.push(() => removeEventListener("pagehide", leave), store);

  /** The address of the figure as it is now, for whoever it is sent to. */
  const copy = async () => {
    const address = new URL(location.href);
    address.search = "";
    try {
      address.hash = await written(figure?.id ?? "", now());
    } catch (reason) {
      return say(reasonOf(reason));
    }
    try {
      await navigator.clipboard.writeText(address.href); // not everywhere is there one, or leave to use it
      say("Link copied. It opens this figure as it is now.");
    } catch {
      const field = document.createElement("input");
      Object.assign(field, { type: "text", value: address.href, readOnly: true, className: "nl-link-text" });
      field.setAttribute("aria-label", "Link to this figure");
      say("Copy this link: ", field);
      field.focus();
      field.select();
    }
  };
  /** @type {(text: string, arrived: boolean) => Promise<void>} */
  const open = async (text, arrived) => {
    try {
      const state = await read(text);
      if (inAddress(location.hash)?.text !== text) return; // the reader is elsewhere already
      const why = refusal(state, first, beside);
      if (why) throw new Error(why);
      if (!arrived) remember(now()); // whoever comes by the link was nowhere before
      go(state, "link");
    } catch (reason) {
      say(reasonOf(reason));
    }
  };
  if (figure) {
    /** @param {HashChangeEvent} event */
    const turned = ({ oldURL }) => {
      const [from, to] = [inAddress(new URL(oldURL).hash), inAddress(location.hash)];
      if (to?.id === figure.id) {
        left ??= now();
        open(to.text, false);
      } else if (from?.id === figure.id && left) {
        remember(now());
        go(left, "link");
        left = null;
      }
    };
    addEventListener("hashchange", turned);
    undo.push(() => removeEventListener("hashchange", turned));
  }
  const begin = () => {
    const link = inAddress(location.hash);
    if (figure && link?.id === figure.id) return open(link.text, true);
    /** @param {unknown} state */
    const fits = (state) =>
      typeof state === "object" && state !== null && refusal({ ...state }, first, beside) === undefined;
    const state = shelf?.get(fits); // of an earlier edition, it may fit no more: then nobody asked for it
    if (state) go({ ...state }, "shelf");
  };
  const refused = () => {
    due = null;
    const words = String(model.get("refused"));
    if (origin !== "shelf") say(origin === "link" ? `This link cannot be opened: ${words}` : words);
    else shelf?.forget();
    again?.();
    show();
  };
  model.on("change:refused", refused); // only a page's model tells of it; a kernel sends what holds
  undo.push(() => model.off("change:refused", refused));

  return {
    now,
    note,
    /**
     * Something beside the settings that belongs to the figure's state, as the moment of a run: `get` is undefined where
     * it is as at first, and `put` makes it so.
     * @param {string} name
     * @param {Beside & {get: () => unknown, put: (value: unknown) => void}} its
     */
    also: (name, its) => beside.set(name, its),
    /** It has changed without an act of the reader's in the figure, as where a run has come to its end. */
    moved: look,
    /** An answer was drawn; what goes with it is drawn once the figure has done its part. */
    answered: () => {
      if (begun) queueMicrotask(settle);
      else queueMicrotask(begin);
      begun = true;
      show();
    },
  };
}

/** @param {unknown} reason */
function reasonOf(reason) {
  return reason instanceof Error ? reason.message : String(reason);
}
