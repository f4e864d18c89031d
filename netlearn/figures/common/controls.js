/** What a reader sets in a figure: choices, numbers, and all of it as it was. What follows from that Python says. */

/**
 * The controls of a figure, which it finds by the attributes that Python gave them.
 * @typedef {ReturnType<typeof controls>} Controls
 * @param {import("./stage.js").Stage} stage
 * @param {Record<string, any>} [first]  what the reset button leads to
 * @param {object} [own]
 * @param {() => void} [own.before]  comes before every change
 * @param {() => void} [own.press]  shows what else is pressed or checked
 * @param {Record<string, any>} [own.along]  is set along with every choice
 */
export function controls({ model, find, every, listen }, first = {}, { before, press: also, along } = {}) {
  const problem = find("[data-part=problem]");
  const reset = find("[data-do=reset]");
  const settings = every("[data-set]");
  const pressing = also ? [also] : [];
  const filling = [];

  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => pressing.forEach((act) => act());
  /** Everything as the model has it. */
  const show = () => [...filling, press].forEach((act) => act());
  const set = (values) => {
    if (problem) problem.textContent = "";
    before?.();
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
    show();
  };

  /** Buttons of which one is pressed: the one whose data is what is given. */
  const oneOf = (name, given, take) => {
    const buttons = every(`[data-${name}]`);
    for (const button of buttons) listen(button, "click", () => (take(button.dataset[name]), press()));
    pressing.push(() =>
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset[name] === given()))),
    );
  };
  /** A field for a whole number; one with a placeholder may be empty, which is null. While the reader types it is left alone. */
  const number = (input, given, take) => {
    listen(input, "change", () => {
      const isEmpty = input.placeholder && input.value === "" && input.validity.valid;
      const value = isEmpty ? null : whole(input);
      input.setAttribute("aria-invalid", String(value === undefined));
      if (value !== undefined) take(value);
      else
        problem.textContent = `${input.getAttribute("aria-label")}: a whole number from ${input.min} to ${input.max}, not “${input.value}”.`;
    });
    filling.push(() => {
      if (input === document.activeElement) return;
      input.value = given();
      input.setAttribute("aria-invalid", "false");
    });
  };

  for (const part of settings) {
    const name = part.dataset.set;
    const given = () => model.get(name);
    const take = (value) => set({ ...along, [name]: value });
    if (part.type === "number") {
      number(part, given, take);
      continue;
    }
    const state = part.type === "checkbox" ? "checked" : "value";
    listen(part, "change", () => take(typeof given() === "boolean" ? String(part[state]) === "true" : part[state]));
    filling.push(() => (part[state] = given()));
  }
  if (reset) listen(reset, "click", () => set(first));
  return { first, pressing, press, show, set, oneOf, number };
}

/** The whole number in a field, if it is one that may be there. */
export function whole({ value, min, max }) {
  return /^\d+$/.test(value) && +value >= +min && +value <= +max ? +value : undefined;
}
