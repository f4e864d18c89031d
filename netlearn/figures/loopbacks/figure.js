/**
 * The three loopbacks' hands and eyes: it reports the step, who asks and what the reader broke, compares a prediction
 * with what Python answers, and shows that answer. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { network } from "../common/network.js";
import { EMPTY } from "../common/asking.js";
import { mount, skippable } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { dataOf, within } from "../common/within.js";
/** @import { Stage } from "../common/stage.js" */
/** @import { Context, View } from "../common/types.d.ts" */

/** @typedef {{step: string, view: View}} Own */

/** @param {Context<Own>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { find, every, listen } = stage;
  const show = patcher(el);
  const root = find(".nl-loopbacks");
  const steps = every("[data-step]");
  const step = () => model.get("step");
  const press = () => {
    root.classList.toggle("nl-breaking", step() === "break");
  };
  const reader = controls(stage, model.get("first"), { press });

  network(stage, reader);
  reader.oneOf("step", step, (chosen) => reader.set({ step: chosen }));
  listen(find("[data-do=next]"), "click", () => {
    const place = steps.findIndex((button) => button.dataset.step === step());
    const next = steps[Math.min(place + 1, steps.length - 1)];
    if (!next) return;
    reader.set({ step: dataOf(next, "step") });
    if (next === steps.at(-1)) next.focus(); // the button that was pressed is off now
  });

  listen(find("[data-do=mend]"), "click", () => reader.set({ cut: [], down: [] }));
  const judge = trials(find(".nl-trials", HTMLElement), stage, reader.set);
  return stage.follow(() => {
    show(model.get("view"));
    reader.show();
    judge();
  });
}

/**
 * A failure, and what the reader ticked for it: compared with the answer once it is there.
 * @param {HTMLElement} part
 * @param {Stage<Own>} stage
 * @param {(values: {cut: string[], down: string[]}) => void} set
 * @returns {() => void} looks whether there is something to compare
 */
function trials(part, { find, listen }, set) {
  const own = within(part);
  const trial = own.find("[data-do=trial]", HTMLSelectElement);
  const ticks = own.every("[data-tick]", HTMLInputElement);
  const verdict = own.find("[data-part=verdict]");
  /** @type {Map<string, boolean[]>} */
  const ticked = new Map(); // for each failure; another one does not take them away
  /** @type {string | null} */
  let asked = null; // the failure, until what was said of it is compared
  /** @type {string | null} */
  let compared = null; // the failure that the verdict is about

  /** @param {Element[]} lines */
  const say = (...lines) => {
    if (lines.length || verdict.firstChild) verdict.replaceChildren(...lines);
  };
  /** @param {string} text */
  const item = (text) => Object.assign(document.createElement("li"), { textContent: text });
  const forget = () => {
    asked = compared = null;
    say();
  };
  const judge = () => {
    const { for: shown, answers = "" } = find("[data-part=answers]").dataset;
    if (compared !== null && shown !== compared) forget(); // it is about what is there no more
    if (asked === null || shown !== asked) return; // the picture still shows an earlier answer
    compared = asked;
    asked = null;
    say(
      ...ticks.map((tick, place) => {
        const isRight = tick.checked === (answers[place] === "1");
        const line = document.createElement("li");
        const name = tick.nextElementSibling?.textContent;
        const kind = ["lo", "plate", "shared"][place];
        const mark = Object.assign(document.createElement("strong"), {
          textContent: isRight ? "✓ As you said." : "✗ Look again.",
        });
        line.append(mark, ` ${name}: ${find(`[data-key="now:${kind}"]`).textContent}`);
        return line;
      }),
    );
  };
  listen(trial, "change", () => {
    forget();
    const before = ticked.get(trial.value) ?? [];
    ticks.forEach((tick, place) => {
      tick.checked = before[place] === true;
    });
    set({ cut: [], down: [] });
  });
  for (const tick of ticks) {
    listen(tick, "change", () => {
      forget();
      ticked.set(
        trial.value,
        ticks.map((each) => each.checked),
      );
    });
  }
  listen(own.find("[data-do=see]"), "click", () => {
    const option = trial.selectedOptions[0];
    if (!option) return;
    forget();
    if (!ticks.some((tick) => tick.checked)) return say(item(EMPTY)); // lo always answers
    asked = dataOf(option, "for");
    const [cut, down] = JSON.parse(asked);
    set({ cut, down });
    judge(); // it may be on the screen already
  });
  skippable(part, listen);
  return judge;
}

export default { render };
