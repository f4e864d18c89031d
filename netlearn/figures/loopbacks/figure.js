/**
 * The three loopbacks' hands and eyes: it reports the step, who asks and what the reader broke, compares a prediction
 * with what Python answers, and shows that answer. The same module runs in JupyterLab and on the static site.
 */
import { byCodePoint, middle, mount, patcher, pressed, rove, towards } from "../common/stage.js";

function render({ model, el }) {
  const { undo, find, every, listen } = mount(model, el);

  const show = patcher(el), root = find(".nl-loopbacks"), buttons = every(".nl-net [role=button]");
  const steps = every("[data-step]"), asker = find("[data-set=asker]");
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
    press();
  };
  const toggle = (name, member) => {
    const members = new Set(model.get(name));
    if (!members.delete(member)) members.add(member);
    set({ [name]: [...members].sort(byCodePoint) });
  };
  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => {
    const cut = new Set(model.get("cut")), down = new Set(model.get("down")), step = model.get("step");
    for (const button of buttons) {
      const { link, node } = button.dataset;
      button.setAttribute("aria-pressed", String(link === undefined ? down.has(node) : cut.has(link)));
    }
    for (const button of steps) button.setAttribute("aria-pressed", String(button.dataset.step === step));
    asker.value = model.get("asker");
    root.dataset.showing = step;
  };
  const draw = () => {
    show(model.get("view"));
    press();
    judge();
  };

  // Links and routers: one tab stop, arrow keys between them, Enter, Space or a click acts.
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  const act = ({ dataset }) => (dataset.link ? toggle("cut", dataset.link) : toggle("down", dataset.node));
  pressed(buttons, listen, act);

  // The steps: buttons, of which the arrow keys choose one, too.
  for (const button of steps) listen(button, "click", () => set({ step: button.dataset.step }));
  listen(find("[data-do=next]"), "click", () => {
    const place = steps.findIndex((button) => button.dataset.step === model.get("step"));
    const next = steps[Math.min(place + 1, steps.length - 1)];
    set({ step: next.dataset.step });
    if (next === steps.at(-1)) next.focus(); // the button that was pressed is off now
  });
  listen(asker, "change", () => set({ asker: asker.value }));
  listen(find("[data-do=reset]"), "click", () => set({ cut: [], down: [] }));
  // JupyterLab has shortcuts of its own: a letter would edit or leave the cell.
  listen(root, "keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });

  const judge = prediction(find(".nl-trials"), { find, model, set, listen });
  model.on("change:view", draw);
  undo.push(() => model.off("change:view", draw));
  draw();
  return () => undo.forEach((take) => take());
}

/**
 * A failure, and what the reader ticked for it: compared with the answer once it is there.
 * @returns {() => void} looks whether there is something to compare
 */
function prediction(part, { find, model, set, listen }) {
  const trial = part.querySelector("[data-do=trial]"), ticks = [...part.querySelectorAll("[data-tick]")];
  const verdict = part.querySelector("[data-part=verdict]");
  let asked = null, said = [];
  const judge = () => {
    const answers = find("[data-part=answers]").dataset;
    if (asked === null || answers.for !== asked) return;
    asked = null;
    verdict.replaceChildren(...ticks.map((tick, place) => {
      const right = said[place] === (answers.answers[place] === "1"), line = document.createElement("li");
      const name = tick.nextElementSibling.textContent, kind = ["lo", "plate", "shared"][place];
      const mark = Object.assign(document.createElement("strong"), { textContent: right ? "✓ As you said." : "✗ Look again." });
      line.append(mark, ` ${name}: ${find(`[data-key="now:${kind}"]`).textContent}`);
      return line;
    }));
  };
  const forget = () => {
    asked = null;
    verdict.replaceChildren();
  };
  listen(trial, "change", () => {
    forget();
    for (const tick of ticks) tick.checked = false;
    set({ cut: [], down: [] });
  });
  for (const tick of ticks) listen(tick, "change", forget);
  listen(part.querySelector("[data-do=see]"), "click", () => {
    asked = trial.selectedOptions[0].dataset.for;
    said = ticks.map((tick) => tick.checked);
    const [cut, down] = JSON.parse(asked);
    set({ cut, down });
    judge(); // it may be on the screen already
  });
  listen(part.querySelector("[data-do=skip]"), "click", () => {
    part.hidden = true;
    part.nextElementSibling.setAttribute("tabindex", "-1");
    part.nextElementSibling.focus();
  });
  return judge;
}

export default { render };
