/**
 * The packet's path: it reports what the reader sets, and shows the way that Python found, whole or step by step.
 * The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { traveller } from "../common/ways.js";

function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, every, listen } = stage;
  const show = patcher(el);
  const root = find(".nl-packet-path");
  const now = find("[data-part=now]");
  const trace = find("[data-part=trace]");
  const whole = find("[data-do=whole]");
  const way = find("[data-key=way]");
  const dot = find("[data-key=dot]");
  const lines = every(".nl-way-steps li");
  const steps = () => lines.filter((line) => !line.hidden);
  const reader = controls(stage);
  const packet = traveller(undo, way.getAttribute("d"));
  let at = null; // the step that is shown; null for the whole way

  const picture = find(".nl-scroll");
  const wide = find(".nl-path-net").viewBox.baseVal.width;
  /** On a narrow screen the picture moves to where something happens. */
  const lookAt = (x) => (picture.scrollLeft = (x / wide) * picture.scrollWidth - picture.clientWidth / 2);

  const draw = () => {
    const all = steps();
    root.classList.toggle("nl-stepping", at !== null);
    whole.setAttribute("aria-pressed", String(at === null));
    for (const line of lines) line.removeAttribute("aria-current");
    find("[data-do=back]").disabled = at === 0;
    find("[data-do=next]").disabled = at === all.length - 1;
    if (at === null) {
      now.textContent = "";
      lookAt(Number(all[0].dataset.at.split(" ")[0]));
      return;
    }
    const line = all[at];
    line.setAttribute("aria-current", "step");
    trace.setAttribute("d", line.dataset.way);
    trace.classList.toggle("nl-way-back", line.dataset.leg === "back");
    const [x, y] = line.dataset.at.split(" ").map(Number);
    dot.setAttribute("transform", `translate(${x - dot.getAttribute("cx")} ${y - dot.getAttribute("cy")})`);
    lookAt(x);
    const words = `Step ${at + 1} of ${all.length}. ${line.textContent}`;
    if (now.textContent !== words) now.textContent = words;
  };
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
  const question = find("[data-prediction]");
  const wanted = Object.entries(JSON.parse(question?.dataset.case ?? "{}")).filter(([name]) =>
    find(`[data-set="${name}"]`),
  );
  const judge = prediction(question, model, listen, () => wanted.every(([name, value]) => model.get(name) === value));
  listen(find("[data-do=next]"), "click", () => go(at === null ? 0 : Math.min(at + 1, steps().length - 1)));
  listen(find("[data-do=back]"), "click", () => go(at === null ? steps().length - 1 : Math.max(at - 1, 0)));
  listen(whole, "click", () => go(null));
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
