/**
 * The hands and eyes of "name the box, not the cable": it reports which cables the reader cut and how, whose view and
 * which address is looked at, and shows what Python answers. The same module runs in JupyterLab and on the static site.
 */
import { changed } from "../common/changed.js";
import { controls } from "../common/controls.js";
import { network } from "../common/network.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { traveller } from "../common/ways.js";
import { dataOf } from "../common/within.js";
/** @import { Context, Pressed, View } from "../common/types.d.ts" */

/** @type {("cut" | "silent")[]} */
const KINDS = ["cut", "silent"];

/** @param {Context<{view: View, silent: string[]}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { undo, find, seek, every, listen } = stage;

  const show = patcher(el);
  const rows = every("[data-look]", HTMLInputElement);
  const packet = traveller(undo);
  let tool = "cut";
  let look = rows[0]?.dataset.look ?? "";
  /** Of the ways to all addresses, the one to the address that is looked at. */
  const point = () => {
    for (const part of every("[data-way], [data-dot], [data-was]"))
      part.classList.toggle("nl-shown", (part.dataset.way ?? part.dataset.dot ?? part.dataset.was) === look);
    for (const part of every("[data-port]")) part.classList.toggle("nl-chosen", part.dataset.port === look);
    const named = CSS.escape(look);
    packet.follow(find(`[data-way="${named}"]`, SVGPathElement), find(`[data-dot="${named}"]`, SVGGElement));
  };
  /**
   * A cable that is cut is mended, however it was cut; one that works is cut as the tool says.
   * @param {Pressed} what
   */
  const act = ({ link, node }) => {
    if (node !== undefined) return toggle("down", node);
    toggle(KINDS.find((name) => model.get(name).includes(link)) ?? tool, link);
  };
  const press = () => {
    for (const row of rows) row.checked = row.dataset.look === look;
  };
  const reader = controls(stage, model.get("first"), { press });
  const { toggle } = network(stage, reader, act, KINDS);
  const mark = changed(stage, reader);
  reader.oneOf(
    "tool",
    () => tool,
    (chosen) => {
      tool = chosen;
    },
  );
  for (const row of rows) {
    listen(row, "change", () => {
      look = dataOf(row, "look");
      point();
    });
  }
  const own = look;
  reader.also("look", {
    get: () => (look === own ? undefined : look),
    put: (value) => {
      look = String(value ?? own);
      reader.press();
      point();
    },
    fits: (value) => rows.some((row) => row.dataset.look === value),
  });

  const judge = prediction(seek("[data-prediction]", HTMLElement), model, listen);
  return stage.follow(() => {
    packet.halt();
    show(model.get("view"));
    mark();
    reader.show();
    point();
    judge();
  });
}

export default { render };
