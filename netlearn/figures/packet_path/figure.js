/**
 * The packet's path: it reports what the reader sets, and shows the way that Python found, whole or step by step.
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
  const lines = every(".nl-way-steps li", HTMLElement);
  const steps = () => lines.filter((line) => !line.hidden);
  const reader = controls(stage);
  const packet = traveller(undo, way.getAttribute("d"));
  /** @type {number | null} */
  let at = null; // the step that is shown; null for the whole way

  const picture = find(".nl-scroll");
  const wide = find(".nl-path-net", SVGSVGElement).viewBox.baseVal.width;
  /**
   * On a narrow screen the picture moves to where something happens.
   * @param {number} x  in the picture's own units
   */
  const lookAt = (x) => {
    picture.scrollLeft = (x / wide) * picture.scrollWidth - picture.clientWidth / 2;
  };
  /** @param {Part} line */
  const placeOf = (line) => {
    const [x, y] = dataOf(line, "at").split(" ").map(Number);
    return { x: x ?? 0, y: y ?? 0 };
  };

  const draw = () => {
    const all = steps();
    root.classList.toggle("nl-stepping", at !== null);
    whole.setAttribute("aria-pressed", String(at === null));
    for (const line of lines) line.removeAttribute("aria-current");
    off(back, at === 0);
    off(next, at === all.length - 1);
    const line = all[at ?? 0];
    if (!line) return; // a way has a step at least
    if (at === null) {
      now.textContent = "";
      lookAt(placeOf(line).x);
      return;
    }
    line.setAttribute("aria-current", "step");
    trace.setAttribute("d", dataOf(line, "way"));
    trace.classList.toggle("nl-way-back", line.dataset.leg === "back");
    const { x, y } = placeOf(line);
    dot.setAttribute("transform", `translate(${x - dot.cx.baseVal.value} ${y - dot.cy.baseVal.value})`);
    lookAt(x);
    const words = `Step ${at + 1} of ${all.length}. ${line.textContent}`;
    if (now.textContent !== words) now.textContent = words;
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
  // A question is compared once what it asks about is what the reader set.
  const question = seek("[data-prediction]", HTMLElement);
  const wanted = Object.entries(JSON.parse(question?.dataset.case ?? "{}")).filter(([name]) =>
    seek(`[data-set="${name}"]`),
  );
  const judge = prediction(question, model, listen, () => wanted.every(([name, value]) => model.get(name) === value));
  /** @param {number | null} step */
  const turn = (step) => {
    go(step);
    reader.moved();
  };
  listen(next, "click", () => turn(at === null ? 0 : at + 1));
  listen(back, "click", () => turn(at === null ? steps().length - 1 : at - 1));
  listen(whole, "click", () => turn(null));
  reader.also("step", {
    get: () => at ?? undefined,
    put: (step) => {
      if (step !== undefined || at !== null) go(typeof step === "number" && step < steps().length ? step : null);
    },
    fits: (step) => Number.isInteger(step) && Number(step) >= 0,
  });
  return stage.follow(() => {
    packet.halt();
    dot.removeAttribute("transform");
    show(model.get("view"));
    reader.show();
    at = null;
    draw();
    judge();
    packet.follow(way, dot);
  });
}

export default { render };
