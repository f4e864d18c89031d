/** A question before looking, with buttons for its answers. What the reader said stays in the reader's browser. */
import { kept } from "./kept.js";
import { skippable } from "./stage.js";

/**
 * The prediction: kept in the reader's browser only, compared once the asked failure is on the screen, or once
 * `isThere` says so where what is asked about is no failure.
 * @returns {() => void} looks whether it is time to compare
 */
export function prediction(part, model, listen, isThere = asked(part, model)) {
  if (!part) return () => {};
  const mine = kept(part.dataset.prediction);
  const ahead = part.dataset.ahead ?? "Now make it happen and compare.";
  const options = [...part.querySelectorAll("[data-option]")];
  const verdict = part.querySelector(".nl-verdict");
  const named = (said) => options.find((option) => option.dataset.option === said);
  let chosen = named(mine.get(named));
  let compared = false; // once the asked failure was seen, what there is to say of it stays
  const judge = () => {
    for (const option of options) option.setAttribute("aria-pressed", String(option === chosen));
    compared ||= isThere();
    const words = !chosen ? "" : compared ? chosen.dataset.feedback : `You say: ${chosen.dataset.option}. ${ahead}`;
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  for (const option of options) {
    listen(option, "click", () => {
      chosen = option;
      mine.set(option.dataset.option);
      judge();
    });
  }
  skippable(part, listen);
  return judge;
}

/** Whether what the question asks about, and nothing else, is what the reader set. */
function asked(part, model) {
  const wanted = Object.entries(JSON.parse(part?.dataset.case ?? "{}"));
  const same = ([name, value]) => JSON.stringify(model.get(name)) === JSON.stringify(value);
  return () => wanted.every(same) && !model.get("metrics")?.length;
}
