/**
 * The doors' hands and eyes: it shows those that the reader asks for, unfolds what Python wrote about the chosen one, and
 * asks for another look. The same module runs in JupyterLab and on the static site.
 */
import { mount } from "../common/stage.js";
import { dataOf, within } from "../common/within.js";
/** @import { Stage } from "../common/stage.js" */
/** @import { Context } from "../common/types.d.ts" */

/** @typedef {{looks: number}} Own  how often the machine was looked at */

/**
 * What the reader chose, which outlives another look at the machine.
 * @typedef {object} Chosen
 * @property {Record<string, string>} filters  by their names; "" for all
 * @property {string | null} open  the door that is unfolded
 * @property {number} top  how far the house is scrolled
 * @property {boolean} looking  whether another look was asked for
 */

/** @param {Context<Own>} context */
function render({ model, el }) {
  /** @type {Chosen} */
  const chosen = { filters: {}, open: null, top: 0, looking: false };
  let end = () => {};
  const draw = () => {
    end();
    const stage = mount(model, el);
    end = stage.end;
    house(stage, chosen);
  };
  model.on("change:body", draw);
  draw();
  return () => {
    model.off("change:body", draw);
    end();
  };
}

/**
 * The house as it was drawn last.
 * @param {Stage<Own>} stage
 * @param {Chosen} chosen
 */
function house({ model, find, seek, every, listen }, chosen) {
  const rooms = find("[data-part=rooms]");
  const count = find("[data-part=count]");
  const none = find("[data-part=none]", HTMLElement);
  const look = seek("[data-do=look]");
  const doors = every(".nl-door", HTMLElement).map((row) => {
    const parts = within(row);
    return { row, button: parts.find("button"), told: parts.find(".nl-told", HTMLElement) };
  });
  /** @typedef {typeof doors[number]} Door */
  const shown = () => doors.filter(({ row }) => !row.hidden);

  /** @param {Door | undefined} door  the one door at which Tab stops */
  const stop = (door) => {
    for (const each of doors) each.button.tabIndex = each === door ? 0 : -1;
  };
  /** @type {(door: Door, open: boolean) => void} */
  const unfold = ({ button, told }, open) => {
    button.setAttribute("aria-expanded", String(open));
    told.hidden = !open;
  };
  const filter = () => {
    const { words = "", ...named } = chosen.filters;
    const asked = words.trim().toLowerCase().split(/\s+/);
    for (const { row } of doors) {
      const fits = Object.entries(named).every(([name, value]) => !value || row.dataset[name] === value);
      row.hidden = !(fits && asked.every((word) => dataOf(row, "words").includes(word)));
    }
    for (const group of every(".nl-rooms section", HTMLElement))
      group.hidden = !group.querySelector(".nl-door:not([hidden])");
    const left = shown();
    const all = `${doors.length} ${doors.length === 1 ? "door" : "doors"} shown`;
    const said = left.length === doors.length ? all : `${left.length} of ${doors.length} doors shown`;
    if (count.textContent !== said) count.textContent = said;
    none.hidden = left.length > 0 || !doors.length;
    if (left.length && !left.some(({ button }) => button.tabIndex === 0)) stop(left[0]);
  };

  for (const control of every("[data-filter]")) {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) continue;
    const name = dataOf(control, "filter");
    control.value = chosen.filters[name] ?? "";
    if (control instanceof HTMLSelectElement && control.selectedIndex === -1) control.value = ""; // the last door of that kind has closed
    listen(control, "input", () => {
      chosen.filters[name] = control.value;
      filter();
    });
    chosen.filters[name] = control.value;
  }
  for (const door of doors) {
    const { row, button } = door;
    listen(button, "click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      for (const other of doors) if (other !== door) unfold(other, false);
      unfold(door, open);
      chosen.open = open ? dataOf(row, "name") : null;
    });
    listen(button, "focus", () => stop(door));
    listen(button, "keydown", (event) => {
      const left = shown();
      const at = left.indexOf(door);
      /** @type {Record<string, Door | undefined>} */
      const goals = { ArrowDown: left[at + 1], ArrowUp: left[at - 1], Home: left[0], End: left.at(-1) };
      const goal = goals[event.key];
      if (!goal || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      goal.button.focus();
    });
  }
  listen(rooms, "scroll", () => {
    chosen.top = rooms.scrollTop;
  });
  if (look) {
    listen(look, "click", () => {
      chosen.looking = true;
      find("[data-part=news]").textContent = "Looking …";
      model.set("looks", model.get("looks") + 1);
      model.save_changes();
    });
  }

  // The house was drawn anew: it is put as the reader had it, and the focus goes back to the button that asked.
  filter();
  const again = doors.find(({ row }) => row.dataset.name === chosen.open);
  if (again) unfold(again, true);
  rooms.scrollTop = chosen.top;
  if (chosen.looking) look?.focus();
  chosen.looking = false;
}

export default { render };
