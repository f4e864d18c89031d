/**
 * The convergence player's hands and eyes: what each router believes at the moment of the run, and what the reader
 * changes. The same module runs in JupyterLab and on the static site.
 */
import { byCodePoint, byName, middle, mount, partsOf, patcher, rove, towards } from "../common/stage.js";
import { merged, player } from "../run/run.js";

function render({ model, el }) {
  const { undo, find, every, listen } = mount(model, el);

  const root = find(".nl-player"), show = patcher(el), problem = find("[data-part=problem]");
  let focus = root.dataset.focus, locked = false;
  const deck = player(root, listen, undo, (view, at, last) => {
    const believed = (deck.run().beliefs[focus] ?? []).findLast(([from]) => from <= at)?.[1] ?? {};
    show(merged(view, believed));
    for (const node of nodes) node.classList.toggle("nl-focus", node.dataset.node === focus);
    press();
    if (last) judge(true);
  });
  const load = () => {
    const run = model.get("view");
    if (run?.frames) deck.load(run);
  };

  // Links and nodes: one tab stop, arrow keys between them; a link is cut or mended, a node shows what it believes.

  const buttons = every(".nl-net [role=button], .nl-net [data-node]"), nodes = every("[data-node]");
  undo.push(rove(buttons, (from, key) => buttons[towards(middle(from), buttons.map(middle), key)]));
  const set = (values) => {
    problem.textContent = "";
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const toggle = (name, member) => {
    const members = new Set(model.get(name));
    if (!members.delete(member)) members.add(member);
    deck.stop();
    set({ [name]: [...members].sort(byCodePoint) });
    press();
  };
  const look = (node) => {
    focus = node;
    deck.paint();
  };
  const act = ({ dataset: { link, node } }) => {
    if (locked && node !== undefined) guess.add(node);
    else if (locked) return;
    else if (link !== undefined) toggle("cut", link);
    else look(node);
  };
  for (const button of buttons) {
    listen(button, "click", () => act(button));
    listen(button, "focus", () => button.dataset.node !== undefined && !locked && look(button.dataset.node));
    listen(button, "keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act(button);
    });
  }
  /** What the reader did is seen at once, what follows from it when the answer is there. */
  const press = () => {
    const cut = new Set(model.get("cut")), down = new Set(model.get("down"));
    for (const button of buttons) {
      const { link, node } = button.dataset;
      if (link !== undefined) button.setAttribute("aria-pressed", String(cut.has(link)));
      else if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(down.has(node)));
    }
    for (const box of every("[data-down]")) box.checked = down.has(box.dataset.down);
  };

  // Settings.

  const metrics = every("[data-metric]"), delays = every("[data-delay]"), choices = every("[data-set]");
  const initial = Object.fromEntries(["cut", "down", "detect", "timers", "lfa", "planned", "spf_delay", "metrics"].map((name) => [name, model.get(name)]));
  undo.push(rove(metrics, (from, key) => metrics[metrics.indexOf(from) + ({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? NaN)]));
  for (const part of [...metrics, ...delays, ...choices]) listen(part, "keydown", (event) => event.stopPropagation());
  const whole = (input) => {
    const value = Number(input.value), fits = /^\d+$/.test(input.value) && value >= +input.min && value <= +input.max;
    input.setAttribute("aria-invalid", String(!fits));
    problem.textContent = fits ? "" : `${input.getAttribute("aria-label")}: a whole number from ${input.min} to ${input.max}, not “${input.value}”.`;
    return fits ? value : undefined;
  };
  const replaced = (name, same, entry) => {
    const all = [...model.get(name).filter((each) => !same(each)), ...(entry ? [entry] : [])];
    deck.stop();
    set({ [name]: all.sort(byName) });
  };
  for (const input of metrics) {
    const { metric, from: end } = input.dataset, given = initial.metrics.some(([link, from]) => link === metric && from === end);
    input.defaultMetric = given ? "" : input.getAttribute("value"); // one that the chapter changed is always said
    listen(input, "change", () => {
      const value = whole(input), { metric: link, from } = input.dataset;
      if (value === undefined) return;
      replaced("metrics", ([name, start]) => name === link && start === from, value === +input.defaultMetric ? null : [link, from, value]);
    });
  }
  for (const input of delays) {
    listen(input, "change", () => {
      const router = input.dataset.delay, empty = input.value === "" && input.validity.valid;
      const value = empty ? null : whole(input);
      if (empty) input.setAttribute("aria-invalid", "false");
      if (value !== undefined) replaced("spf_delay", ([name]) => name === router, value === null ? null : [router, value]);
    });
  }
  for (const box of every("[data-down]")) listen(box, "change", () => toggle("down", box.dataset.down));
  for (const part of choices) {
    listen(part, "change", () => {
      deck.stop();
      set({ [part.dataset.set]: part.type === "checkbox" ? part.checked : part.value });
    });
  }
  /** The settings as the model has them. */
  const fill = () => {
    const waits = new Map(model.get("spf_delay")), changed = new Map(model.get("metrics").map(([link, from, value]) => [JSON.stringify([link, from]), value]));
    for (const part of choices) {
      if (part.type === "checkbox") part.checked = model.get(part.dataset.set);
      else part.value = model.get(part.dataset.set);
    }
    for (const input of delays) if (input !== document.activeElement) input.value = waits.get(input.dataset.delay) ?? "";
    for (const input of metrics) {
      if (input !== document.activeElement) input.value = changed.get(JSON.stringify([input.dataset.metric, input.dataset.from])) ?? input.defaultMetric;
    }
    press();
  };
  listen(find("[data-do=reset]"), "click", () => {
    for (const input of [...metrics, ...delays]) input.setAttribute("aria-invalid", "false");
    deck.stop();
    set(initial);
    fill();
  });

  // The prediction, and what comes of it.

  const guess = prediction(find("[data-prediction]"), { model, el, listen, run: deck.run, lock: (...given) => lock(...given) });
  const judge = (seen) => guess.judge(seen);
  const lock = (on, focused = false) => {
    locked = on;
    root.classList.toggle("nl-locked", on);
    deck.lock(on);
    if (deck.run()) deck.moment(on ? 1 : 0);
    deck.paint();
    if (focused) deck.play.focus();
  };
  const changed = () => {
    load();
    fill();
  };
  model.on("change:view", changed);
  undo.push(() => model.off("change:view", changed));
  load();
  fill();
  judge(false); // what was said before the page was opened again
  if (guess.asks()) lock(true);
  return () => undo.forEach((take) => take());
}

/**
 * Predict, then watch: the reader clicks the way that they expect, router by router. It is kept in the reader's browser
 * only, and stands beside the simulation's answer once the end has been seen.
 */
function prediction(part, { model, el, listen, run, lock }) {
  const nothing = { add() {}, judge() {}, asks: () => false };
  if (!part) return nothing;
  const name = `netlearn:${part.dataset.prediction}`, given = JSON.parse(part.dataset.case), feedback = new Map(Object.entries(JSON.parse(part.dataset.feedback)));
  const { start, goal, hops } = given;
  const written = (nodes) => nodes.join(" → ");
  const find = (selector) => part.querySelector(selector), verdict = find(".nl-verdict"), sofar = find("[data-part=sofar]");
  const links = [...el.querySelectorAll("[data-ends]")].map(({ dataset }) => ({ name: dataset.link, ends: partsOf(dataset.ends, " ") }));
  const between = (a, b) => links.find(({ name, ends }) => ends.includes(a) && ends.includes(b) && !given.cut.includes(name));
  const done = (way) => (hops ? way.length > hops : way.at(-1) === goal);
  /** Whether this is a way that the reader can have clicked: as it was asked for, over cables that work. */
  const possible = (way) =>
    Array.isArray(way) && way[0] === start && done(way) && new Set(way).size === way.length && way.length <= (hops ?? Infinity) + 1 &&
    way.every((node, index) => !given.down.includes(node) && (index === 0 || between(way[index - 1], node)));
  let way = [start], fixed = false, skipped = false, seen = false;
  const keep = () => {
    try {
      fixed ? localStorage.setItem(name, JSON.stringify({ way, seen })) : localStorage.removeItem(name);
    } catch {} // a browser may keep nothing
  };
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null");
    if (possible(kept?.way)) [way, fixed, seen] = [kept.way, true, kept.seen === true];
  } catch {} // nor what it keeps need be ours
  const draw = () => {
    const taken = way.slice(1).map((node, index) => between(way[index], node)?.name);
    for (const line of el.querySelectorAll("[data-guess]")) line.classList.toggle("nl-guessed", taken.includes(line.dataset.guess));
    sofar.textContent = fixed ? "" : way.length > 1 ? `Your way so far: ${written(way)}` : `Your way begins at ${start}.`;
    part.classList.toggle("nl-fixed", fixed);
    find("[data-do=again]").hidden = way.length < 2;
    find("[data-do=skip]").hidden = fixed;
  };
  const add = (node) => {
    if (fixed) return;
    const last = way.at(-1), known = way.indexOf(node);
    verdict.textContent = "";
    if (known >= 0) way = way.slice(0, known + 1);
    else if (given.down.includes(node)) verdict.textContent = `${node} is down. Nothing passes there.`;
    else if (!between(last, node)) verdict.textContent = `No cable that works leads from ${last} to ${node}.`;
    else way = [...way, node];
    if (done(way)) {
      fixed = true;
      keep();
      draw();
      judge(false);
      lock(false, true);
    } else draw();
  };
  /** Whether the reader's settings are those that were asked about. */
  const asked = () =>
    ["cut", "down", "metrics"].every((each) => JSON.stringify(model.get(each)) === JSON.stringify(given[each]));
  const judge = (ended) => {
    if (!fixed || !run()) return;
    if (ended && asked() && !seen) {
      seen = true;
      keep();
    }
    const mine = written(way);
    if (!seen) return void (verdict.textContent = `You expect ${mine}. Now play it, and compare.`);
    if (!asked()) return; // what there is to say of it stays
    const found = hops ? run().ends[start].map((hop) => [start, hop]) : run().ways;
    const right = found.some((each) => JSON.stringify(each) === JSON.stringify(way));
    const more = feedback.get(mine) ?? feedback.get(right ? "right" : "") ?? "";
    verdict.replaceChildren();
    for (const [label, words] of [
      ["You said: ", mine],
      ["The routers: ", found.length ? found.map(written).join(", or ") : "no way is left"],
      [right ? (found.length > 1 ? "Yes, that is one of them. " : "Yes. ") : "Not this time. ", more],
    ]) {
      const line = document.createElement("span"), strong = document.createElement("strong");
      strong.textContent = label;
      line.append(strong, words);
      verdict.append(line);
    }
  };
  listen(find("[data-do=again]"), "click", () => {
    [way, fixed, seen] = [[start], false, false];
    keep();
    verdict.textContent = "";
    draw();
    lock(true);
  });
  listen(find("[data-do=skip]"), "click", () => {
    skipped = true;
    part.hidden = true;
    way = [start];
    draw();
    lock(false, true);
  });
  draw();
  judge(false);
  return { add, judge, asks: () => !fixed && !skipped };
}

export default { render };
