/**
 * The anycast figure's hands and eyes: it reports where the reader puts the address and what the reader breaks, shows
 * what Python answers, and moves through the run. The same module runs in JupyterLab and on the static site.
 */
import { byCodePoint, byName, middle, mount, patcher, pressed, rove, towards } from "../common/stage.js";
import { prediction } from "../common/predict.js";
import { player } from "../run/run.js";

const LISTS = ["at", "added", "cut", "down", "sick", "withdrawn"];

function render({ model, el }) {
  const { undo, find, every, listen } = mount(model, el);

  const root = find(".nl-anycast"), show = patcher(el), problem = find("[data-part=problem]");
  const watch = find("[data-do=watch]"), detect = find("[data-set=detect]");
  const buttons = every(".nl-net [role=button]"), tools = every("[data-tool]"), boxes = every("[data-switch]"), metrics = every("[data-metric]");
  const initial = Object.fromEntries([...LISTS, "metrics", "detect", "time"].map((name) => [name, model.get(name)]));
  let tool = "at", going = false; // whether a run is on the screen

  const deck = player(root, listen, undo, (view) => {
    show(view);
    press();
  });
  /** Where it ends, or the run; a run begins at its beginning unless one was on the screen. */
  const draw = () => {
    const view = model.get("view"), before = going;
    going = Boolean(view?.frames);
    root.dataset.showing = going ? "time" : "settled";
    if (going) deck.load(view, before ? undefined : 0);
    else {
      deck.unload();
      show(view?.parts ?? {});
    }
    if (going && !before && document.activeElement === watch) deck.play.focus();
    for (const input of metrics) if (input !== document.activeElement) input.setAttribute("aria-invalid", "false");
    press();
    judge();
  };
  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => {
    const members = Object.fromEntries(LISTS.map((name) => [name, new Set(model.get(name))]));
    for (const button of buttons) {
      const { link, node } = button.dataset;
      button.setAttribute("aria-pressed", String(link === undefined ? members.down.has(node) : members.cut.has(link)));
    }
    for (const box of boxes) {
      box.checked = members[box.dataset.switch].has(box.dataset.of);
      const has = members.at.has(box.dataset.of) || members.added.has(box.dataset.of);
      if (["sick", "withdrawn"].includes(box.dataset.switch)) box.disabled = !has;
    }
    for (const button of tools) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    const timed = model.get("time");
    watch.textContent = timed ? "Back to where it ends" : "▶ Watch how it comes about";
    detect.value = model.get("detect");
  };
  const set = (values) => {
    problem.textContent = "";
    deck.stop();
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
    press();
  };
  const toggle = (name, member) => {
    const placed = ["at", "added"], other = placed.find((list) => list !== name);
    if (["sick", "withdrawn"].includes(name) && !placed.some((list) => model.get(list).includes(member))) {
      problem.textContent = `${member} does not have the address. Place it there first.`;
      return;
    }
    const members = new Set(model.get(name));
    if (!members.delete(member)) members.add(member);
    const values = { [name]: [...members].sort(byCodePoint) };
    if (placed.includes(name)) {
      // It is there from the beginning or comes as a change, not both; with it goes what was said of it.
      values[other] = model.get(other).filter((router) => router !== member);
      if (!members.has(member)) for (const list of ["sick", "withdrawn"]) values[list] = model.get(list).filter((router) => router !== member);
    }
    set(values);
  };

  // Links and routers: one tab stop, arrow keys between them, Enter, Space or a click acts.
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  const act = ({ dataset: { link, node } }) => (link === undefined ? toggle(tool, node) : toggle("cut", link));
  pressed(buttons, listen, act);

  // What a click does, the switches, the metrics.
  for (const button of tools) {
    listen(button, "click", () => {
      tool = button.dataset.tool;
      press();
    });
  }
  for (const box of boxes) {
    listen(box, "change", () => {
      toggle(box.dataset.switch, box.dataset.of);
      press();
    });
  }
  undo.push(rove(metrics, (from, key) => metrics[metrics.indexOf(from) + ({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? NaN)]));
  for (const input of metrics) {
    input.defaultMetric = input.getAttribute("value");
    listen(input, "change", () => {
      const value = Number(input.value), fits = /^\d+$/.test(input.value) && value >= +input.min && value <= +input.max;
      input.setAttribute("aria-invalid", String(!fits));
      problem.textContent = fits ? "" : `${input.getAttribute("aria-label")}: a whole number from ${input.min} to ${input.max}, not “${input.value}”.`;
      if (!fits) return;
      const { metric: link, from } = input.dataset;
      const others = model.get("metrics").filter(([name, start]) => name !== link || start !== from);
      const changed = value === +input.defaultMetric ? others : [...others, [link, from, value]];
      set({ metrics: changed.sort(byName) });
    });
  }
  for (const input of [...metrics, ...boxes, detect]) listen(input, "keydown", (event) => event.stopPropagation());
  listen(detect, "change", () => set({ detect: detect.value }));
  listen(watch, "click", () => set({ time: !model.get("time") }));
  listen(find("[data-do=reset]"), "click", () => {
    for (const input of metrics) input.setAttribute("aria-invalid", "false");
    set(initial);
  });

  const judge = prediction(find("[data-prediction]"), model, listen);
  model.on("change:view", draw);
  undo.push(() => model.off("change:view", draw));
  draw();
  return () => undo.forEach((take) => take());
}

export default { render };
