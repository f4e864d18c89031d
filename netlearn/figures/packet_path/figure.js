/**
 * The packet's path: it reports what the reader sets, and shows the way that Python found, step by step or whole.
 * The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { off } from "../common/keys.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { traveller } from "../common/ways.js";
import { dataOf } from "../common/within.js";
/** @import { Context, Part, View } from "../common/types.d.ts" */

/** @param {Context<{view: View}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, seek, every, listen } = stage;
  const show = patcher(el);
  const root = find(".nl-packet-path");
  const now = find("[data-part=now]");
  const trace = find("[data-part=trace]");
  const back = find("[data-do=back]");
  const next = find("[data-do=next]");
  const whole = find("[data-do=whole]");
  const way = find("[data-key=way]", SVGPathElement);
  const dot = find("[data-key=dot]", SVGCircleElement);
  const claim = find("[data-key=title]");
  const before = find("[data-part=before]");
  const changes = find("[data-part=changes]");
  const lines = every(".nl-way-steps li", HTMLElement);
  const steps = () => lines.filter((line) => line.dataset.way);
  const reader = controls(stage, model.get("first"));
  const packet = traveller(undo);
  /** @type {number | null} */
  let at = 0; // the step that is shown; null for the whole way

  // A question is compared once what it asks about is what the reader set.
  const question = seek("[data-prediction]", HTMLElement);
  const wanted = Object.entries(JSON.parse(question?.dataset.case ?? "{}")).filter(([name]) =>
    seek(`[data-set="${name}"]`),
  );
  const judge = prediction(question, model, listen, () => wanted.every(([name, value]) => model.get(name) === value));
  /** @param {Part} line */
  const placeOf = (line) => {
    const [x, y] = dataOf(line, "at").split(" ").map(Number);
    return { x: x ?? 0, y: y ?? 0 };
  };
  /**
   * What comes is told to whoever has reached it, or wanted the whole way; and has answered the question, if there is one.
   * @param {boolean} isAhead
   */
  const tell = (isAhead) => {
    judge(); // which knows of the question alone
    if (isAhead) root.classList.add("nl-asking");
    else if (!question) root.classList.remove("nl-asking");
  };
  const draw = () => {
    const all = steps();
    const last = all.length - 1;
    const reached = at ?? last;
    root.classList.toggle("nl-stepping", at !== null);
    whole.setAttribute("aria-pressed", String(at === null));
    lines.forEach((line, place) => {
      line.hidden = place > reached; // what is ahead is not told
      if (place === at) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    });
    off(back, at === 0);
    off(next, at === last);
    const line = all[reached];
    if (!line) return; // a way has a step at least
    let words = "";
    if (at !== null) {
      trace.setAttribute("d", dataOf(line, "way"));
      trace.classList.toggle("nl-way-back", line.dataset.leg === "back");
      const { x, y } = placeOf(line);
      dot.setAttribute("transform", `translate(${x - dot.cx.baseVal.value} ${y - dot.cy.baseVal.value})`);
      words = `Step ${at + 1} of ${all.length}. ${line.textContent}`;
    }
    if (now.textContent !== words) now.textContent = words;
    tell(reached < last);
  };
  /** @param {number | null} step */
  const go = (step) => {
    packet.halt();
    at = step;
    if (step === null) {
      dot.removeAttribute("transform");
      packet.send(way, dot);
    }
    draw();
  };
  listen(next, "click", () => go(at === null ? 0 : Math.min(at + 1, steps().length - 1)));
  listen(back, "click", () => go(at === null ? steps().length - 1 : Math.max(at - 1, 0)));
  listen(whole, "click", () => go(null));
  if (question) listen(question, "click", draw);
  reader.also("step", {
    get: () => (at === 0 ? undefined : (at ?? -1)),
    put: (step) => go(step === -1 ? null : typeof step === "number" && step < steps().length ? step : 0),
    fits: (step) => Number.isInteger(step) && Number(step) >= -1,
  });
  /** Where the whole way is shown, the one before it stays to be seen until the next change, and words say it. */
  const compare = (/** @type {string | null} */ data, /** @type {string} */ words) => {
    const isOther = at === null && data !== way.getAttribute("d");
    before.setAttribute("d", isOther && data ? data : "M0 0");
    const isNews = at === null && words !== claim.textContent;
    changes.textContent = isNews ? `Before: ${words}.${isOther ? " Pale dashes: that way." : ""}` : "";
  };
  return stage.follow(() => {
    packet.halt();
    dot.removeAttribute("transform");
    const [data, words] = [way.getAttribute("d"), claim.textContent ?? ""];
    show(model.get("view"));
    compare(data, words);
    reader.show();
    if (at !== null) at = 0; // another packet sets out, or is shown whole as the one before
    draw();
    if (at === null) packet.send(way, dot);
  });
}

export default { render };
