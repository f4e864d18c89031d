/**
 * One address on two machines: it reports where they are and which moment the reader looks at, and shows what Python
 * answers. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { dataOf } from "../common/within.js";
/** @import { Context, View } from "../common/types.d.ts" */

/** @param {Context<{view: View, place: string, checks: boolean}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { find, seek, listen } = stage;
  const show = patcher(el);
  const root = find(".nl-same");
  const reader = controls(stage, model.get("first"), { along: { moment: 0 } });
  reader.oneOf(
    "place",
    () => model.get("place"),
    (place) => reader.set({ place, moment: 0 }),
  );

  /** The moment on the screen, which may be earlier than the one that was asked for last. */
  const at = () => Number(dataOf(find("[data-part=length]"), "at"));
  /** @param {number} moment */
  const go = (moment) => {
    const last = Number(dataOf(find("[data-part=length]"), "length")) - 1;
    reader.set({ moment: Math.max(0, Math.min(moment, last)) });
  };
  listen(find("[data-do=next]"), "click", () => go(at() + 1));
  listen(find("[data-do=back]"), "click", () => go(at() - 1));

  const question = seek("[data-prediction]", HTMLElement);
  const isSent = () => model.get("place") === "one" && !model.get("checks") && at() >= Number(question?.dataset.at);
  const judge = prediction(question, model, listen, isSent);
  const changes = find("[data-part=changes]");
  const told = ["belief", "card:A", "card:B"].map((key) => find(`[data-key="${key}"]`));
  const texts = () => told.map((part) => part.textContent ?? "");
  let story = "";
  /**
   * What one step has changed is marked, and said; another story begins anew.
   * @param {string[]} before
   */
  const compare = (before) => {
    const now = JSON.stringify(["place", "sooner", "checks"].map((name) => model.get(name)));
    const isOther = story !== now;
    story = now;
    const names = [find("[data-key=belief-title]").textContent, "Server A", "Server B"];
    const words = texts().flatMap((text, place) => {
      const isNew = !isOther && text !== before[place];
      told[place]?.parentElement?.toggleAttribute("data-changed", isNew);
      return isNew ? [`${names[place]}: ${before[place]} becomes ${text}.`] : [];
    });
    changes.textContent = words.join(" ");
  };
  return stage.follow(() => {
    const held = document.activeElement;
    const before = texts();
    show(model.get("view"));
    reader.show();
    compare(before);
    judge();
    // A button that has led to an end is off now; the focus goes to the one that leads away from it.
    if (held instanceof HTMLButtonElement && held.disabled && root.contains(held))
      find(held.dataset.do === "next" ? "[data-do=back]" : "[data-do=next]").focus();
  });
}

export default { render };
