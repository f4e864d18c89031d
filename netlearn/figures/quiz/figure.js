/**
 * The quiz's hands and memory: it shows what Python wrote about the chosen answers, counts, and remembers in this
 * browser. The same module runs in JupyterLab and on the static site.
 */
import { kept } from "../common/kept.js";
import { mount } from "../common/stage.js";
import { dataOf, within } from "../common/within.js";
/** @import { Context, Part } from "../common/types.d.ts" */

/** @param {Context<unknown>} context */
function render({ model, el }) {
  const { find, every, listen, end } = mount(model, el);
  const count = find("[data-part=count]");
  const forms = every("[data-item]", HTMLFormElement);
  const tell = () => {
    const right = forms.filter((form) => form.dataset.answered === "right").length;
    const words = `${right} of ${forms.length} answered rightly`;
    if (count.textContent !== words) count.textContent = words;
  };
  for (const form of forms) {
    listen(form, "submit", (event) => {
      event.preventDefault();
      const chosen = options(form).filter((option) => option.checked);
      if (!chosen.length) return say(form, ["nothing"]);
      shelf(form).set(chosen.map((option) => option.value));
      judge(form);
      tell();
    });
    // What was said is about another choice than the one that stands there now.
    listen(form, "change", () => say(form, []));
    recall(form);
  }
  listen(find("[data-do=forget]"), "click", () => {
    for (const form of forms) {
      shelf(form).forget();
      form.reset();
      delete form.dataset.answered;
      say(form, []);
    }
    tell();
  });
  tell();
  return end;
}

/** @param {HTMLFormElement} form */
function options(form) {
  return within(form).every("input", HTMLInputElement);
}

/**
 * Says whether the chosen options are the right ones, and what there is to say of each of them.
 * @param {HTMLFormElement} form
 */
function judge(form) {
  /** @param {Part} option */
  const isRight = (option) => option.dataset.right !== undefined;
  const all = options(form);
  const chosen = all.filter((option) => option.checked);
  const verdict = !chosen.every(isRight)
    ? "wrong"
    : all.every((option) => option.checked === isRight(option))
      ? "right"
      : "missing";
  const several = all[0]?.type === "checkbox";
  say(form, [...(several ? [verdict] : []), ...chosen.map((option) => dataOf(option, "say"))]);
  form.dataset.answered = form.dataset.verdict = verdict;
}

/**
 * Puts what Python wrote under these names into the place that is read out.
 * @param {HTMLFormElement} form
 * @param {string[]} names
 */
function say(form, names) {
  const { find } = within(form);
  const place = find(".nl-verdict");
  const written = names.map((name) =>
    find(`template[data-say="${name}"]`, HTMLTemplateElement).content.cloneNode(true),
  );
  delete form.dataset.verdict;
  if (names.length || place.firstChild) place.replaceChildren(...written);
}

/**
 * Where the browser keeps the words of the chosen options.
 * @param {HTMLFormElement} form
 */
function shelf(form) {
  return kept(`quiz:${dataOf(form, "item")}`);
}

/**
 * Chooses again what was kept. An answer that the question no longer offers is as good as none.
 * @param {HTMLFormElement} form
 */
function recall(form) {
  const values = shelf(form).get((said) => Array.isArray(said)) ?? [];
  const chosen = options(form).filter((option) => values.includes(option.value));
  if (!chosen.length || chosen.length !== values.length) return;
  for (const option of chosen) option.checked = true;
  judge(form);
}

export default { render };
