/**
 * The explorer's hands and eyes: it reports what the reader cut, took down or changed, and shows what Python answers.
 * The same module runs in JupyterLab and on the static site.
 */
import { prediction } from "../common/predict.js";
import { byCodePoint, byName, middle, mount, patcher, pressed, rove, towards, travel } from "../common/stage.js";

function render({ model, el }) {
  const { undo, find, every, listen } = mount(model, el);

  const show = patcher(el), buttons = every(".nl-net [role=button]");
  const problem = find("[data-part=problem]");
  let stop = () => {}, lastWay = find("[data-key=way]").getAttribute("d");
  const send = () => {
    stop();
    stop = travel(find("[data-key=way]"), find("[data-key=dot]"));
  };
  undo.push(() => stop());
  const draw = () => {
    stop();
    show(model.get("view"));
    const way = find("[data-key=way]").getAttribute("d");
    if (way !== lastWay) send();
    lastWay = way;
    for (const input of [flow, ...metrics]) if (input !== document.activeElement) input.setAttribute("aria-invalid", "false");
    press();
    judge();
  };
  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => {
    const cut = new Set(model.get("cut")), down = new Set(model.get("down"));
    for (const button of buttons) {
      const { link, node } = button.dataset;
      button.setAttribute("aria-pressed", String(link === undefined ? down.has(node) : cut.has(link)));
    }
  };
  const set = (values) => {
    problem.textContent = "";
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const toggle = (name, member) => {
    const members = new Set(model.get(name));
    if (!members.delete(member)) members.add(member);
    set({ [name]: [...members].sort(byCodePoint) });
  };

  // Links and routers: one tab stop, arrow keys between them, Enter, Space or a click acts.
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  const act = (button) => {
    if (button.dataset.link) toggle("cut", button.dataset.link);
    else toggle("down", button.dataset.node);
    press();
  };
  pressed(buttons, listen, act);

  // Numbers: a metric for each direction of each link, and which flow to follow.
  const metrics = every("[data-metric]");
  undo.push(rove(metrics, (from, key) => metrics[metrics.indexOf(from) + ({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? NaN)]));
  const whole = (input) => {
    const value = Number(input.value), fits = /^\d+$/.test(input.value) && value >= +input.min && value <= +input.max;
    input.setAttribute("aria-invalid", String(!fits));
    problem.textContent = fits ? "" : `${input.getAttribute("aria-label")}: a whole number from ${input.min} to ${input.max}, not “${input.value}”.`;
    return fits ? value : undefined;
  };
  for (const input of metrics) {
    listen(input, "change", () => {
      const value = whole(input);
      if (value === undefined) return;
      const { metric: link, from } = input.dataset;
      const others = model.get("metrics").filter(([name, start]) => name !== link || start !== from);
      const changed = value === +input.defaultMetric ? others : [...others, [link, from, value]];
      set({ metrics: changed.sort(byName) });
    });
    input.defaultMetric = input.getAttribute("value");
  }
  const flow = find("[data-set=flow]");
  listen(flow, "change", () => {
    const value = whole(flow);
    if (value !== undefined) set({ flow: value });
  });
  for (const input of [flow, ...metrics]) listen(input, "keydown", (event) => event.stopPropagation());
  listen(find("[data-do=send]"), "click", send);
  listen(find("[data-do=reset]"), "click", () => {
    for (const input of [flow, ...metrics]) input.setAttribute("aria-invalid", "false");
    set({ cut: [], down: [], metrics: [], flow: 1 });
  });

  const judge = prediction(find("[data-prediction]"), model, listen);
  model.on("change:view", draw);
  undo.push(() => model.off("change:view", draw));
  draw();
  return () => undo.forEach((take) => take());
}

export default { render };
