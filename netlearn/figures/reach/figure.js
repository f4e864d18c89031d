/**
 * The door's hands and memory: it reports what the reader binds the door to, keeps the answer back until it was guessed,
 * and compares. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { kept } from "../common/kept.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { dataOf, within } from "../common/within.js";
/** @import { Context, Listen, Model, View } from "../common/types.d.ts" */

/** @typedef {{bound: string, view: View}} Own */

/** @param {Context<Own>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { find, seek, every, listen } = stage;
  const show = patcher(el);
  const choices = every("input[name=bound]", HTMLInputElement);
  const group = `bound-${Math.random().toString(36).slice(2)}`; // several figures on a page are several groups
  for (const choice of choices) choice.name = group;
  const guess = prediction(seek("[data-prediction]", HTMLElement), find(".nl-reaching"), model, listen);
  const press = () => {
    for (const choice of choices) choice.checked = choice.value === model.get("bound");
  };
  const reader = controls(stage, model.get("first"), { press });
  for (const choice of choices) {
    listen(choice, "change", () => {
      reader.set({ bound: choice.value });
      guess();
    });
  }
  return stage.follow(() => {
    show(model.get("view"));
    reader.show();
    guess();
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
function prediction(part, root, model, listen) {
  if (!part) return () => {};
  const { find, every } = within(part);
  const picture = within(root);
  const buttons = every("[data-guess]", HTMLButtonElement);
  const show = find("[data-do=show]", HTMLElement);
  const verdict = find("[data-part=verdict]");
  const places = buttons.map((button) => dataOf(button, "guess"));
  const shelf = kept(dataOf(part, "prediction"));
  const before = shelf.get((all) => typeof all === "object" && all !== null) ?? {};
  /**
   * @param {[string, unknown]} entry  what the door was bound to, and what was kept of it
   * @returns {entry is [string, string[]]}
   */
  const isGuess = (entry) => Array.isArray(entry[1]) && entry[1].every((place) => places.includes(place));
  const said = Object.fromEntries(Object.entries(before).filter(isGuess));
  /** @type {Set<string>} */
  let guessed = new Set();
  /** @type {string | null} */
  let asked = null;
  let skipped = false;

  const judge = () => {
    const bound = model.get("bound");
    if (asked !== bound) guessed = new Set(said[bound]);
    asked = bound;
    const guess = said[bound];
    const locked = !skipped && !guess;
    root.classList.toggle("nl-locked", locked);
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(guessed.has(dataOf(button, "guess"))));
      button.disabled = !locked;
    }
    show.hidden = !locked;
    let words = "";
    if (guess) {
      const wrong = buttons.filter((button) => {
        const item = picture.find(`[data-place="${button.dataset.guess}"]`);
        return (item.dataset.in === "yes") !== guessed.has(dataOf(button, "guess"));
      });
      words = wrong.length
        ? `${buttons.length - wrong.length} of ${buttons.length} as you said. Look again at: ${wrong.map((button) => button.textContent?.toLowerCase()).join(", ")}.`
        : "All three as you said. Does the reason below surprise you?";
    }
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  for (const button of buttons) {
    listen(button, "click", () => {
      const place = dataOf(button, "guess");
      if (!guessed.delete(place)) guessed.add(place);
      button.setAttribute("aria-pressed", String(guessed.has(dataOf(button, "guess"))));
    });
  }
  const look = () => {
    const title = picture.find("[data-key=title]");
    title.setAttribute("tabindex", "-1");
    title.focus();
  };
  listen(show, "click", () => {
    said[model.get("bound")] = [...guessed];
    shelf.set(said);
    judge();
    look();
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
