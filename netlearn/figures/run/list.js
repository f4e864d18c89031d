/** The run in words: one tab stop, arrow keys from sentence to sentence, each leads to its moment. */
import { rove } from "../common/keys.js";
import { within } from "../common/within.js";
/** @import { Part } from "../common/types.d.ts" */
/** @import { Run } from "./run.js" */

/**
 * @param {Part} part  the list that Python drew
 * @param {(() => void)[]} undo  takes what is to be undone at the end
 * @param {(moment: number) => void} lead  what a click on a sentence does
 */
export function sentences(part, undo, lead) {
  let unrove = () => {};
  undo.push(() => unrove());
  /** @param {Run} run */
  const list = (run) => {
    unrove();
    const told = run.told.map(([moment, kind, time, words]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const when = document.createElement("span");
      item.className = `nl-told-${kind}`;
      item.dataset.moment = String(moment);
      Object.assign(button, { type: "button", className: "nl-quiet", tabIndex: -1 });
      when.className = "nl-time-of";
      when.textContent = time;
      button.append(when, " ", words);
      button.addEventListener("click", () => lead(moment));
      item.append(button);
      return { item, button };
    });
    part.replaceChildren(...told.map(({ item }) => item));
    const buttons = told.map(({ button }) => button);
    unrove = rove(buttons, (from, key) => {
      const by = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : NaN;
      return buttons[buttons.indexOf(from) + by];
    });
  };
  /** @param {number} at */
  const mark = (at) => {
    for (const item of within(part).every("[data-moment]")) {
      const moment = Number(item.dataset.moment);
      item.classList.toggle("nl-now", moment === at);
      item.classList.toggle("nl-ahead", moment > at);
    }
  };
  return { list, mark };
}
