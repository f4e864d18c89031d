/**
 * The door's hands and memory: it reports what the reader binds the door to, keeps the answer back until it was guessed,
 * and compares. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { kept } from "../common/kept.js";
import { asking, EMPTY } from "../common/asking.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { dataOf, within, write } from "../common/within.js";
/** @import { Context, Listen, Model, View } from "../common/types.d.ts" */

/** @typedef {{bound: string, view: View}} Own */

/** @param {Context<Own>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { find, seek, every, listen } = stage;
  const show = patcher(el);
  const reader = controls(stage, model.get("first"));
  const choices = every("input[name=bound]", HTMLInputElement);
  const group = `bound-${Math.random().toString(36).slice(2)}`; // several figures on a page are several groups
  for (const choice of choices) choice.name = group;
  const guess = guesses(seek("[data-prediction]", HTMLElement), find(".nl-reaching"), model, listen);
  reader.pressing.push(() => {
    for (const choice of choices) choice.checked = choice.value === model.get("bound");
    guess(); // another door is asked for anew, before its answer is there
  });
  for (const choice of choices) listen(choice, "change", () => reader.set({ bound: choice.value }));
  return stage.follow(() => {
    show(model.get("view"));
    reader.show();
  });
}

/**
 * Guesses, for each thing that the door can be bound to; kept in the reader's browser only.
 * @param {HTMLElement | null} part  null where nothing is asked
 * @param {Element} root
 * @param {Model<Own>} model
 * @param {Listen} listen
 * @returns {() => void} asks again, or compares what was guessed with what is there
 */
function guesses(part, root, model, listen) {
  if (!part) return () => {};
  const { find, every } = within(part);
  const picture = within(root);
  const buttons = every("[data-guess]", HTMLButtonElement);
  const show = find("[data-do=show]", HTMLElement);
  const again = find("[data-do=again]", HTMLElement);
  const verdict = find("[data-part=verdict]");
  const places = buttons.map((button) => dataOf(button, "guess"));
  const shelf = kept(dataOf(part, "prediction"));
  const before = shelf.get((all) => typeof all === "object" && all !== null) ?? {};
  /**
   * @param {[string, unknown]} entry  what the door was bound to, and what was kept of it
   * @returns {entry is [string, string[]]}
   */
  const isGuess = (entry) =>
    Array.isArray(entry[1]) && entry[1].length > 0 && entry[1].every((place) => places.includes(place));
  const said = Object.fromEntries(Object.entries(before).filter(isGuess));
  /** @type {Set<string>} */
  let guessed = new Set();
  /** @type {string | null} */
  let asked = null;
  let skipped = false;

  /** @param {string} words */
  const say = (words) => {
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  const press = () => {
    for (const button of buttons) write(button, "aria-pressed", guessed.has(dataOf(button, "guess")));
  };
  const judge = () => {
    const bound = model.get("bound");
    if (asked !== bound) guessed = new Set(said[bound]);
    asked = bound;
    const guess = said[bound];
    const isOpen = !skipped && !guess;
    asking(part, isOpen);
    press();
    for (const button of buttons) button.disabled = !isOpen;
    show.hidden = !isOpen;
    again.hidden = isOpen;
    say(guess ? compared() : "");
  };
  /** What was said beside what is there. */
  const compared = () => {
    const wrong = buttons.filter((button) => {
      const item = picture.find(`[data-place="${button.dataset.guess}"]`);
      return (item.dataset.in === "yes") !== guessed.has(dataOf(button, "guess"));
    });
    if (!wrong.length) return "All three are as you said. Does the reason below surprise you?";
    const right = ["None of the three is", "One of the three is", "Two of the three are"][
      buttons.length - wrong.length
    ];
    const names = wrong
      .map((button) => button.textContent ?? "")
      .map((name) => name.charAt(0).toLowerCase() + name.slice(1));
    const last = names.pop();
    return `${right} as you said. Look again at: ${names.length ? `${names.join(", ")} and ${last}` : last}.`;
  };
  for (const button of buttons) {
    listen(button, "click", () => {
      const place = dataOf(button, "guess");
      if (!guessed.delete(place)) guessed.add(place);
      press();
      say("");
    });
  }
  /** The focus goes to what is asked or told now: the button that was pressed is gone. */
  const look = () => {
    const title = picture.find("[data-key=title]");
    title.setAttribute("tabindex", "-1");
    title.focus({ preventScroll: true });
  };
  listen(show, "click", () => {
    if (!guessed.size) return say(EMPTY);
    said[model.get("bound")] = [...guessed];
    shelf.set(said);
    judge();
    look();
  });
  listen(again, "click", () => {
    delete said[model.get("bound")];
    shelf.set(said);
    guessed = new Set();
    judge();
    buttons[0]?.focus();
  });
  listen(find("[data-do=skip]"), "click", () => {
    skipped = true;
    part.hidden = true;
    judge();
    look();
  });
  return judge;
}

export default { render };
