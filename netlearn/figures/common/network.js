/** What a reader does to the network in a figure: cut cables, take routers down, change metrics. */
import { middle, pressed, rove, towards } from "./keys.js";

/**
 * The cables and routers of a drawing, and the metrics beside it.
 * @param {import("./stage.js").Stage} stage
 * @param {import("./controls.js").Controls} reader
 * @param {(data: DOMStringMap) => void} [act]  what a click on a cable or a router does
 * @param {string[]} [cables]  the traits that list cables which are cut
 */
export function network({ model, every, listen, undo }, reader, act, cables = ["cut"]) {
  const toggle = (name, member) => reader.set({ [name]: flipped(model.get(name), member) });
  act ??= ({ link, node }) => (link === undefined ? toggle("down", node) : toggle("cut", link));

  // Cables and routers: one tab stop, arrow keys between them, Enter, Space or a click acts.
  const buttons = every(".nl-net [role=button]");
  const metrics = every("[data-metric]");
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  pressed(buttons, listen, (button) => act(button.dataset));
  reader.pressing.push(() => {
    const cut = new Set(cables.flatMap((name) => model.get(name)));
    const down = new Set(model.get("down"));
    for (const button of buttons) {
      const { link, node } = button.dataset;
      if (button.hasAttribute("aria-pressed"))
        button.setAttribute("aria-pressed", String(link === undefined ? down.has(node) : cut.has(link)));
    }
  });

  /** A field for the last entry of a row in a list, after its key. What stands there as it is drawn need not be said. */
  const row = (input, name, ...key) => {
    const isIts = (entry) => key.every((part, place) => entry[place] === part);
    const drawn = reader.first[name].some(isIts) ? "" : input.getAttribute("value"); // what the chapter changed is always said
    const take = (value) =>
      reader.set({ [name]: replaced(model.get(name), key, String(value) === drawn ? null : value) });
    reader.number(input, () => model.get(name).find(isIts)?.at(-1) ?? drawn, take);
  };
  for (const input of metrics) row(input, "metrics", input.dataset.metric, input.dataset.from);
  undo.push(
    rove(metrics, (from, key) => metrics[metrics.indexOf(from) + ({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? NaN)]),
  );
  return { toggle, row };
}

/** The list with this member, or without it if it was there. */
export function flipped(list, member) {
  const members = new Set(list);
  if (!members.delete(member)) members.add(member);
  return [...members].sort(byCodePoint);
}

/** The rows with this one, in the place of the one with the same key; without either if its value is null. */
export function replaced(rows, key, value) {
  const others = rows.filter((row) => key.some((part, place) => row[place] !== part));
  return (value === null ? others : [...others, [...key, value]]).sort(byName);
}

/** Sorts lists as Python does by their first two entries, of which the first is a name. */
export function byName(a, b) {
  return byCodePoint(a[0], b[0]) || byCodePoint(String(a[1]), String(b[1]));
}

/** Sorts as Python does: by code points, where JavaScript's own order goes by halves of them. */
export function byCodePoint(a, b) {
  const [first, second] = [[...a], [...b]].map((letters) => letters.map((letter) => letter.codePointAt(0)));
  const place = first.findIndex((point, index) => point !== second[index]);
  return place < 0 ? first.length - second.length : first[place] - (second[place] ?? -1);
}
