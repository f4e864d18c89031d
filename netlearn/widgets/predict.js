/** A question before looking, with buttons for its answers. What the reader said stays in the reader's browser. */

/**
 * The prediction: kept in the reader's browser only, compared once the asked failure is on the screen.
 * @returns {() => void} looks whether it is time to compare
 */
export function prediction(part, model, listen) {
  if (!part) return () => {};
  const name = `netlearn:${part.dataset.prediction}`, asked = JSON.parse(part.dataset.case);
  const options = [...part.querySelectorAll("[data-option]")], verdict = part.querySelector(".nl-verdict");
  let chosen = null;
  let compared = false; // once the asked failure was seen, what there is to say of it stays
  try {
    chosen = localStorage.getItem(name);
  } catch {} // a browser may keep nothing
  const judge = () => {
    for (const option of options) option.setAttribute("aria-pressed", String(option.dataset.option === chosen));
    const there = Object.entries(asked).every(([name, value]) => JSON.stringify(model.get(name)) === JSON.stringify(value));
    compared ||= there && !model.get("metrics")?.length;
    const option = options.find((each) => each.dataset.option === chosen);
    const words = !option ? "" : compared ? option.dataset.feedback : `You say: ${chosen}. Now make it happen and compare.`;
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
