/**
 * One address on two machines: it reports where they are and which moment the reader looks at, and shows what Python
 * answers. The same module runs in JupyterLab and on the static site.
 */
import { prediction } from "../common/predict.js";
import { mount, patcher } from "../common/stage.js";

function render({ model, el }) {
  const { undo, find, every, listen } = mount(model, el);

  const show = patcher(el), root = find(".nl-same");
  const places = every("[data-place]"), sooner = find("[data-set=sooner]"), checks = find("[data-set=checks]");
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const draw = () => {
    const held = document.activeElement;
    show(model.get("view"));
    for (const button of places) button.setAttribute("aria-pressed", String(button.dataset.place === model.get("place")));
    sooner.value = model.get("sooner");
    checks.checked = model.get("checks");
    // A button that has led to an end is off now; the focus goes to the one that leads away from it.
    if (held?.disabled && root.contains(held)) find(held.dataset.do === "next" ? "[data-do=back]" : "[data-do=next]").focus();
    judge();
  };
  /** The moment on the screen, which may be earlier than the one that was asked for last. */
  const at = () => Number(find("[data-part=length]").dataset.at);
  const go = (moment) => {
    const last = Number(find("[data-part=length]").dataset.length) - 1;
    set({ moment: Math.max(0, Math.min(moment, last)) });
  };
  listen(find("[data-do=next]"), "click", () => go(at() + 1));
  listen(find("[data-do=back]"), "click", () => go(at() - 1));
  for (const button of places) listen(button, "click", () => set({ place: button.dataset.place, moment: 0 }));
  listen(sooner, "change", () => set({ sooner: sooner.value, moment: 0 }));
  listen(checks, "change", () => set({ checks: checks.checked, moment: 0 }));
  // JupyterLab has shortcuts of its own: a letter would edit or leave the cell.
  listen(root, "keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });

  const question = find("[data-prediction]");
  const isSent = () => model.get("place") === "one" && !model.get("checks") && at() >= Number(question.dataset.at);
  const judge = prediction(question, model, listen, isSent);
  model.on("change:view", draw);
  undo.push(() => model.off("change:view", draw));
  draw();
  return () => undo.forEach((take) => take());
}

export default { render };
