/** A question before looking, with buttons for its answers. What the reader said stays in the reader's browser. */

/**
 * The prediction: kept in the reader's browser only, compared once the asked failure is on the screen, or once
 * `isThere` says so where what is asked about is no failure.
 * @returns {() => void} looks whether it is time to compare
 */
export function prediction(part, model, listen, isThere = asked(part, model)) {
  if (!part) return () => {};
  const name = `netlearn:${part.dataset.prediction}`, ahead = part.dataset.ahead ?? "Now make it happen and compare.";
  const options = [...part.querySelectorAll("[data-option]")], verdict = part.querySelector(".nl-verdict");
  let chosen = null;
  let compared = false; // once the asked failure was seen, what there is to say of it stays
  try {
    chosen = localStorage.getItem(name);
  } catch {} // a browser may keep nothing
  const judge = () => {
    for (const option of options) option.setAttribute("aria-pressed", String(option.dataset.option === chosen));
    compared ||= isThere();
    const option = options.find((each) => each.dataset.option === chosen);
    const words = !option ? "" : compared ? option.dataset.feedback : `You say: ${chosen}. ${ahead}`;
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  for (const option of options) {
    listen(option, "click", () => {
      chosen = option.dataset.option;
      try {
        localStorage.setItem(name, chosen);
      } catch {}
      judge();
    });
  }
  listen(part.querySelector("[data-do=skip]"), "click", () => {
    part.hidden = true;
    part.nextElementSibling?.setAttribute("tabindex", "-1");
    part.nextElementSibling?.focus();
  });
  return judge;
}

/** Whether what the question asks about, and nothing else, is what the reader set. */
function asked(part, model) {
  const wanted = Object.entries(JSON.parse(part?.dataset.case ?? "{}"));
  const same = ([name, value]) => JSON.stringify(model.get(name)) === JSON.stringify(value);
  return () => wanted.every(same) && !model.get("metrics")?.length;
}
