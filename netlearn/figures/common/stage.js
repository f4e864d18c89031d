/** What every live figure shares: its place, its parts, and the end of it. */

/**
 * What a figure's module works with: finding parts, listening to them, and the list of what is to be undone at the end.
 * @typedef {ReturnType<typeof mount>} Stage
 */

/** Puts a figure into its place, with the caption that only a notebook lacks. */
export function mount(model, el) {
  const alone = !el.closest("figure"); // in a notebook; on a page the figure is around it already
  el.classList.toggle("netlearn-figure", alone);
  el.innerHTML = model.get("body");
  if (alone && model.get("caption")) {
    el.append(
      Object.assign(document.createElement("p"), { className: "nl-caption", textContent: model.get("caption") }),
    );
  }
  const undo = [];
  const listen = (part, event, act) => {
    part.addEventListener(event, act);
    undo.push(() => part.removeEventListener(event, act));
  };
  listen(el, "keydown", guard);
  const end = () => undo.forEach((take) => take());
  /** Draws what Python answers, now and whenever it answers again. Gives what ends the figure. */
  const follow = (draw) => {
    model.on("change:view", draw);
    undo.push(() => model.off("change:view", draw));
    draw();
    return end;
  };
  const every = (selector) => [...el.querySelectorAll(selector)];
  return { model, undo, listen, follow, end, every, find: (selector) => el.querySelector(selector) };
}

/** JupyterLab has shortcuts of its own: a letter or an arrow would edit or leave the cell. */
function guard(event) {
  const isTyped = event.target.matches("input, select");
  if (isTyped || !(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
}

/** A question can be skipped; the focus goes to what comes after it. */
export function skippable(part, listen) {
  listen(part.querySelector("[data-do=skip]"), "click", () => {
    part.hidden = true;
    part.nextElementSibling?.setAttribute("tabindex", "-1");
    part.nextElementSibling?.focus();
  });
}
