/**
 * The door's hands and memory: it reports what the reader binds the door to, keeps the answer back until it was guessed,
 * and compares. The same module runs in JupyterLab and on the static site.
 */
import { kept } from "../common/kept.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";

function render({ model, el }) {
  const { find, every, listen, follow } = mount(model, el);
  const show = patcher(el);
  const choices = every("input[name=bound]");
  const group = `bound-${Math.random().toString(36).slice(2)}`; // several figures on a page are several groups
  for (const choice of choices) choice.name = group;
  const guess = prediction(find("[data-prediction]"), find(".nl-reaching"), model, listen);
  for (const choice of choices) {
    listen(choice, "change", () => {
      model.set("bound", choice.value);
      guess();
      model.save_changes();
    });
  }
  return follow(() => {
    show(model.get("view"));
    for (const choice of choices) choice.checked = choice.value === model.get("bound");
    guess();
  });
}

/**
 * Guesses, for each thing that the door can be bound to; kept in the reader's browser only.
 * @returns {() => void} asks again, or compares what was guessed with what is there
 */
function prediction(part, root, model, listen) {
  if (!part) return () => {};
  const buttons = [...part.querySelectorAll("[data-guess]")];
  const verdict = part.querySelector("[data-part=verdict]");
  const places = buttons.map((button) => button.dataset.guess);
  const isGuess = (guess) => Array.isArray(guess) && guess.every((place) => places.includes(place));
  const shelf = kept(part.dataset.prediction);
  const before = shelf.get((all) => all && typeof all === "object") ?? {};
  const said = Object.fromEntries(Object.entries(before).filter(([, guess]) => isGuess(guess)));
  let guessed = new Set();
  let asked = null;
  let skipped = false;

  const judge = () => {
    const bound = model.get("bound");
    if (asked !== bound) guessed = new Set(said[bound]);
    asked = bound;
    const locked = !skipped && !said[bound];
    root.classList.toggle("nl-locked", locked);
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(guessed.has(button.dataset.guess)));
      button.disabled = !locked;
    }
    part.querySelector("[data-do=show]").hidden = !locked;
    let words = "";
    if (!locked && said[bound]) {
      const wrong = buttons.filter((button) => {
        const item = root.querySelector(`[data-place="${button.dataset.guess}"]`);
        return (item.dataset.in === "yes") !== guessed.has(button.dataset.guess);
      });
      words = wrong.length
        ? `${buttons.length - wrong.length} of ${buttons.length} as you said. Look again at: ${wrong.map((button) => button.textContent.toLowerCase()).join(", ")}.`
        : "All three as you said. Does the reason below surprise you?";
    }
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  for (const button of buttons) {
    listen(button, "click", () => {
      if (!guessed.delete(button.dataset.guess)) guessed.add(button.dataset.guess);
      button.setAttribute("aria-pressed", String(guessed.has(button.dataset.guess)));
    });
  }
  const look = () => {
    const title = root.querySelector("[data-key=title]");
    title.setAttribute("tabindex", "-1");
    title.focus();
  };
  listen(part.querySelector("[data-do=show]"), "click", () => {
    said[model.get("bound")] = [...guessed];
    shelf.set(said);
    judge();
    look();
  });
  listen(part.querySelector("[data-do=skip]"), "click", () => {
    skipped = true;
    part.hidden = true;
    judge();
    look();
  });
  return judge;
}

export default { render };
