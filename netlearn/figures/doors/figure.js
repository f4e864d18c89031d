/**
 * The doors' hands and eyes: it shows those that the reader asks for, unfolds what Python wrote about the chosen one, and
 * asks for another look. The same module runs in JupyterLab and on the static site. A widget's state may be stored with
 * its notebook, so it has the recorded doors alone; those of the kernel's machine come as a message, and are kept nowhere.
 */
import { memory } from "../common/history.js";
import { mount } from "../common/stage.js";
import { dataOf, within, write } from "../common/within.js";
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
  /** @param {{body?: string}} [told] */
  const draw = (told) => {
    end();
    const stage = mount(model, el, told?.body);
    end = stage.end;
    house(stage, chosen);
  };
  model.on("msg:custom", draw);
  draw();
  model.send?.({ show: "body" });
  return () => {
    model.off("msg:custom", draw);
    end();
  };
}

/**
 * The house as it was drawn last.
 * @param {Stage<Own>} stage
 * @param {Chosen} chosen
 */
function house(stage, chosen) {
  const { model, find, seek, every, listen } = stage;
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
    for (const each of doors) write(each.button, "tabindex", each === door ? 0 : -1);
  };
  /** @type {(door: Door, open: boolean) => void} */
  const unfold = ({ button, told }, open) => {
    write(button, "aria-expanded", open);
    if (told.hidden === open) told.hidden = !open;
  };
  const filter = () => {
    const { words = "", ...named } = chosen.filters;
    const asked = words.trim().toLowerCase().split(/\s+/);
    for (const { row } of doors) {
      const fits = Object.entries(named).every(([name, value]) => !value || row.dataset[name] === value);
      const isLeft = fits && asked.every((word) => dataOf(row, "words").includes(word));
      if (row.hidden === isLeft) row.hidden = !isLeft;
    }
    for (const group of every(".nl-rooms section", HTMLElement))
      group.hidden = !group.querySelector(".nl-door:not([hidden])");
    const left = shown();
    const all = `${doors.length === 1 ? "1 door" : `${doors.length} doors`} shown`;
    const said = left.length === doors.length ? all : `${left.length || "None"} of ${all}`;
    if (count.textContent !== said) count.textContent = said;
    none.hidden = left.length > 0 || !doors.length;
    if (left.length && !left.some(({ button }) => button.tabIndex === 0)) stop(left[0]);
  };

  // What the reader asked for, as a state that can be taken back, kept and sent.

  const controls = every("[data-filter]").filter(
    (part) => part instanceof HTMLInputElement || part instanceof HTMLSelectElement,
  );
  /** Puts the house as the reader had it. */
  const restore = () => {
    for (const control of controls) {
      const name = dataOf(control, "filter");
      control.value = chosen.filters[name] ?? "";
      if (control instanceof HTMLSelectElement && control.selectedIndex === -1) control.value = ""; // the last door of that kind has closed
      chosen.filters[name] = control.value;
    }
    filter();
    for (const door of doors) unfold(door, door.row.dataset.name === chosen.open);
    past.answered();
    was = past.now();
  };
  const past = memory(stage, {
    first: { ...Object.fromEntries(controls.map((control) => [dataOf(control, "filter"), ""])), open: "" },
    get: (name) => (name === "open" ? (chosen.open ?? "") : (chosen.filters[name] ?? "")),
    change: ({ open, ...filters }) => {
      chosen.open = doors.some(({ row }) => row.dataset.name === open) ? String(open) : null;
      for (const [name, value] of Object.entries(filters)) chosen.filters[name] = String(value);
      restore();
    },
  });
  let was = past.now();
  const changed = () => {
    past.note(was);
    was = past.now();
  };
  for (const control of controls) {
    listen(control, "input", () => {
      chosen.filters[dataOf(control, "filter")] = control.value;
      filter();
    });
    listen(control, "change", changed); // a word is one step, not each of its letters
  }
  for (const door of doors) {
    const { row, button } = door;
    listen(button, "click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      for (const other of doors) if (other !== door) unfold(other, false);
      unfold(door, open);
      chosen.open = open ? dataOf(row, "name") : null;
      changed();
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
  restore();
  rooms.scrollTop = chosen.top;
  if (chosen.looking) look?.focus();
  chosen.looking = false;
}

export default { render };
