/** What a reader sets in a figure: choices, numbers, and all of it as it was. What follows from that Python says. */
import { memory } from "./history.js";
import { dataOf, write } from "./within.js";
/** @import { Stage } from "./stage.js" */

/**
 * The controls of a figure, which it finds by the attributes that Python gave them.
 * @typedef {ReturnType<typeof controls>} Controls
 * @param {Stage} stage
 * @param {Record<string, unknown>} [first]  what Reset leads to
 * @param {object} [own]
 * @param {() => void} [own.before]  comes before every change
 * @param {() => void} [own.press]  shows what else is pressed or checked
 * @param {Record<string, unknown>} [own.along]  is set along with every choice
 */
export function controls(stage, first = stage.model.get("first"), { before, press: more, along } = {}) {
  const { model, seek, every, listen } = stage;
  const problem = seek("[data-part=problem]");
  const pressing = more ? [more] : [];
  /** @type {(() => void)[]} */
  const filling = [];
  let isFilled = false; // whether the controls show what was set last

  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => {
    for (const act of pressing) act();
  };
  const fill = () => {
    for (const act of filling) act();
    press();
    isFilled = true;
  };
  /** @param {Record<string, unknown>} values */
  const change = (values) => {
    if (problem) problem.textContent = "";
    before?.();
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    isFilled = false;
    model.save_changes();
    if (!isFilled) fill(); // an answer that is recorded is there already
  };
  const { now, note, also, moved, answered } = memory(stage, {
    first,
    get: (name) => model.get(name),
    change,
    show: fill,
  });
  /** Everything as the model has it, once an answer is drawn. */
  const show = () => {
    fill();
    answered();
  };
  /**
   * One step of the reader, which can be taken back.
   * @param {Record<string, unknown>} values
   */
  const set = (values) => {
    const was = now();
    change(values);
    note(was);
  };

  /**
   * Buttons of which one is pressed: the one whose data is what is given.
   * @param {string} name
   * @param {() => string} given
   * @param {(chosen: string) => void} take
   */
  const oneOf = (name, given, take) => {
    const buttons = every(`[data-${name}]`);
    for (const button of buttons) {
      listen(button, "click", () => {
        take(dataOf(button, name));
        press();
      });
    }
    pressing.push(() => {
      for (const button of buttons) write(button, "aria-pressed", button.dataset[name] === given());
    });
  };
  /**
   * A field for a whole number; one with a placeholder may be empty, which is null. While the reader types it is left
   * alone.
   * @param {HTMLInputElement} input
   * @param {() => unknown} given
   * @param {(value: number | null) => void} take
   */
  const number = (input, given, take) => {
    listen(input, "change", () => {
      // A field with a word in it reads as empty too; only its validity tells.
      const isEmpty = input.placeholder && input.value === "" && input.validity.valid;
      const value = isEmpty ? null : whole(input);
      write(input, "aria-invalid", value === undefined);
      if (value !== undefined) take(value);
      else if (problem)
        // A field in which there is no number at all has an empty value.
        problem.textContent = `${input.getAttribute("aria-label")}: a whole number from ${input.min} to ${input.max}${input.value && `, not “${input.value}”`}.`;
    });
    filling.push(() => {
      if (input === document.activeElement) return;
      input.value = String(given() ?? "");
      write(input, "aria-invalid", false);
    });
  };

  for (const part of every("[data-set]")) {
    const name = dataOf(part, "set");
    const given = () => model.get(name);
    /** @param {unknown} value */
    const take = (value) => set({ ...along, [name]: value });
    if (part instanceof HTMLInputElement && part.type === "number") number(part, given, take);
    else if (part instanceof HTMLInputElement && part.type === "checkbox") {
      listen(part, "change", () => take(part.checked));
      filling.push(() => {
        part.checked = given() === true;
      });
    } else if (part instanceof HTMLInputElement || part instanceof HTMLSelectElement) {
      // A choice between yes and no has words for both; the model has the truth.
      listen(part, "change", () => take(typeof given() === "boolean" ? part.value === "true" : part.value));
      filling.push(() => {
        part.value = String(given());
      });
    }
  }
  return { first, pressing, press, show, set, oneOf, number, also, moved };
}

/**
 * The whole number in a field, if it is one that may be there.
 * @param {{value: string, min: string, max: string}} field
 */
export function whole({ value, min, max }) {
  return /^\d+$/.test(value) && +value >= +min && +value <= +max ? +value : undefined;
}
