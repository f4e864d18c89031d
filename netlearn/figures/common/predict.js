/** A question before looking, with buttons for its answers. What the reader said stays in the reader's browser. */
import { asking } from "./asking.js";
import { kept } from "./kept.js";
import { skippable } from "./stage.js";
import { dataOf, within, write } from "./within.js";
/** @import { Listen, Model, Part } from "./types.d.ts" */

/**
 * The prediction: kept in the reader's browser only, compared once the asked failure is on the screen, or once
 * `isThere` says so where what is asked about is no failure.
 * @param {HTMLElement | null} part  null where nothing is asked
 * @param {Model} model
 * @param {Listen} listen
 * @param {() => boolean} [isThere]
 * @returns {() => void} looks whether it is time to compare
 */
export function prediction(part, model, listen, isThere = asked(part, model)) {
  if (!part) return () => {};
  const { find, every } = within(part);
  const mine = kept(dataOf(part, "prediction"));
  const ahead = part.dataset.ahead ?? "Now make it happen and compare.";
  const options = every("[data-option]");
  const verdict = find(".nl-verdict");
  /** @param {unknown} said */
  const named = (said) => options.find((option) => option.dataset.option === said);
  let chosen = named(mine.get((said) => named(said) !== undefined));
  let compared = false; // once the asked failure was seen, what there is to say of it stays
  let skipped = false;
  const judge = () => {
    for (const option of options) write(option, "aria-pressed", option === chosen);
    compared ||= isThere();
    let words = "";
    if (chosen) words = compared ? dataOf(chosen, "feedback") : `You say: ${dataOf(chosen, "option")}. ${ahead}`;
    if (verdict.textContent !== words) verdict.textContent = words;
    verdict.classList.toggle("nl-other", compared && !isThere()); // and is marked as being about something else
    asking(part, !chosen && !skipped && !compared);
  };
  for (const option of options) {
    listen(option, "click", () => {
      chosen = option;
      mine.set(dataOf(option, "option"));
      judge();
    });
  }
  listen(find("[data-do=skip]"), "click", () => {
    skipped = true;
    judge();
  });
  skippable(part, listen);
  return judge;
}

/**
 * Whether what the question asks about, and nothing else, is what the reader set.
 * @param {Part | null} part
 * @param {Model} model
 */
function asked(part, model) {
  const wanted = Object.entries(JSON.parse(part?.dataset.case ?? "{}"));
  return () =>
    wanted.every(([name, value]) => JSON.stringify(model.get(name)) === JSON.stringify(value)) &&
    !model.get("metrics")?.length; // a figure without metrics has no such list
}
