/**
 * The doors' hands and eyes: it shows those that the reader asks for, unfolds what Python wrote about the chosen one, and
 * asks for another look. The same module runs in JupyterLab and on the static site.
 */
import { mount } from "../common/stage.js";

function render({ model, el }) {
  /** What the reader chose, which outlives another look at the machine. */
  const chosen = { protocol: "", scope: "", words: "", open: null, top: 0, focus: "" };
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

function house({ model, find, every, listen }, chosen) {
  const rooms = find("[data-part=rooms]");
  const look = find("[data-do=look]");
  const rows = every(".nl-door");
  const button = (row) => row.querySelector("button");
  const shown = () => rows.filter((row) => !row.hidden);

  const stop = (row) => {
    for (const each of rows) button(each).tabIndex = each === row ? 0 : -1;
  };
  const unfold = (row, open) => {
    button(row).setAttribute("aria-expanded", String(open));
    row.querySelector(".nl-told").hidden = !open;
  };
  const filter = () => {
    const asked = chosen.words.trim().toLowerCase().split(/\s+/);
    for (const row of rows) {
      const fits = (name) => !chosen[name] || row.dataset[name] === chosen[name];
      row.hidden = !(fits("protocol") && fits("scope") && asked.every((word) => row.dataset.words.includes(word)));
    }
    for (const group of every(".nl-rooms section")) group.hidden = !group.querySelector(".nl-door:not([hidden])");
    const left = shown();
    const words =
      left.length === rows.length
        ? `${rows.length} ${rows.length === 1 ? "door" : "doors"} shown`
        : `${left.length} of ${rows.length} doors shown`;
    if (find("[data-part=count]").textContent !== words) find("[data-part=count]").textContent = words;
    find("[data-part=none]").hidden = left.length > 0 || !rows.length;
    if (left.length && !left.some((row) => button(row).tabIndex === 0)) stop(left[0]);
  };

  for (const control of every("[data-filter]")) {
    control.value = chosen[control.dataset.filter];
    if (control.selectedIndex === -1) control.value = ""; // the last door of that kind has closed
    listen(control, "input", () => {
      chosen[control.dataset.filter] = control.value;
      filter();
    });
    chosen[control.dataset.filter] = control.value;
  }
  for (const row of rows) {
    listen(button(row), "click", () => {
      const open = button(row).getAttribute("aria-expanded") !== "true";
      for (const other of rows) if (other !== row) unfold(other, false);
      unfold(row, open);
      chosen.open = open ? row.dataset.name : null;
    });
    listen(button(row), "focus", () => stop(row));
    listen(button(row), "keydown", (event) => {
      const left = shown();
      const at = left.indexOf(row);
      const goal = { ArrowDown: left[at + 1], ArrowUp: left[at - 1], Home: left[0], End: left.at(-1) }[event.key];
      if (!goal || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      button(goal).focus();
    });
  }
  listen(rooms, "scroll", () => (chosen.top = rooms.scrollTop));
  if (look) {
    listen(look, "click", () => {
      chosen.focus = "look";
      find("[data-part=news]").textContent = "Looking …";
      model.set("looks", model.get("looks") + 1);
      model.save_changes();
    });
  }

  filter();
  const again = rows.find((row) => row.dataset.name === chosen.open);
  if (again) unfold(again, true);
  rooms.scrollTop = chosen.top;
  if (chosen.focus && look) look.focus();
  chosen.focus = "";
}

export default { render };
