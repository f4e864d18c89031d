/**
 * The hands and eyes of "name the box, not the port": it reports which cables the reader cut and how, whose view and
 * which address is looked at, and shows what Python answers. The same module runs in JupyterLab and on the static site.
 */
import { byCodePoint, middle, mount, patcher, pressed, rove, towards, travel } from "../common/stage.js";
import { prediction } from "../common/predict.js";

const KINDS = ["cut", "silent"];

function render({ model, el }) {
  const { undo, find, every, listen } = mount(model, el);

  const root = find(".nl-box"), show = patcher(el);
  const buttons = every(".nl-net [role=button]"), tools = every("[data-tool]"), rows = every("[data-look]"), choices = every("[data-set]");
  const initial = Object.fromEntries([...KINDS, "down", "asker", "settled"].map((name) => [name, model.get(name)]));
  let tool = "cut", look = rows[0].dataset.look, stop = () => {}, last = "";
  undo.push(() => stop());
  /** Of the ways to all addresses, the one to the address that is looked at. */
  const point = () => {
    stop();
    for (const part of every("[data-way], [data-dot]")) part.classList.toggle("nl-shown", (part.dataset.way ?? part.dataset.dot) === look);
    for (const part of every("[data-port]")) part.classList.toggle("nl-chosen", part.dataset.port === look);
    const way = find(`[data-way="${CSS.escape(look)}"]`);
    if (way.getAttribute("d") !== last) stop = travel(way, find(`[data-dot="${CSS.escape(look)}"]`));
    last = way.getAttribute("d");
  };
  const draw = () => {
    stop();
    show(model.get("view"));
    press();
    point();
    judge();
  };
  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => {
    const gone = new Set(KINDS.flatMap((name) => model.get(name))), down = new Set(model.get("down"));
    for (const button of buttons) {
      const { link, node } = button.dataset;
      button.setAttribute("aria-pressed", String(link === undefined ? down.has(node) : gone.has(link)));
    }
    for (const button of tools) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    for (const row of rows) row.checked = row.dataset.look === look;
    for (const part of choices) part.value = String(model.get(part.dataset.set));
  };
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
    press();
  };
  const flipped = (name, member) => {
    const members = new Set(model.get(name));
    if (!members.delete(member)) members.add(member);
    return [...members].sort(byCodePoint);
  };
  /** A cable that is cut is mended, however it was cut; one that works is cut as the tool says. */
  const act = ({ dataset: { link, node } }) => {
    if (node !== undefined) return set({ down: flipped("down", node) });
    const how = KINDS.find((name) => model.get(name).includes(link)) ?? tool;
    set({ [how]: flipped(how, link) });
  };

  // Links and routers: one tab stop, arrow keys between them, Enter, Space or a click acts.
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  pressed(buttons, listen, act);
  for (const button of tools) {
    listen(button, "click", () => {
      tool = button.dataset.tool;
      press();
    });
  }
  for (const row of rows) listen(row, "change", () => {
    look = row.dataset.look;
    point();
  });
  for (const part of choices) listen(part, "change", () => set({ [part.dataset.set]: part.dataset.set === "settled" ? part.value === "true" : part.value }));
  listen(find("[data-do=reset]"), "click", () => set(initial));
  // JupyterLab has shortcuts of its own: a letter would edit or leave the cell.
  listen(root, "keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });

  const judge = prediction(find("[data-prediction]"), model, listen);
  model.on("change:view", draw);
  undo.push(() => model.off("change:view", draw));
  draw();
  return () => undo.forEach((take) => take());
}

export default { render };
