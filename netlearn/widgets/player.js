/**
 * The convergence player's hands and eyes: it moves through a run that Python has computed, moment by moment or in
 * time, and reports what the reader changes. The same module runs in JupyterLab and on the static site.
 */
import { byCodePoint, corners, middle, patcher, placeAt, rove, towards } from "./stage.js";

const UNIT_MS = 22; // of playing at normal speed for a thousandth of the axis
const STILL_MS = 1400; // between two moments where nothing is to move
const ROUND_MS = 2200; // for a message to go its way once

function render({ model, el }) {
  const alone = !el.closest("figure"); // in a notebook; on a page the figure is around it already
  el.classList.toggle("netlearn-figure", alone);
  el.innerHTML = model.get("body");
  const undo = [];
  const find = (selector) => el.querySelector(selector);
  const every = (selector) => [...el.querySelectorAll(selector)];
  const listen = (part, event, act) => {
    part.addEventListener(event, act);
    undo.push(() => part.removeEventListener(event, act));
  };
  if (alone && model.get("caption")) {
    el.append(Object.assign(document.createElement("p"), { className: "nl-caption", textContent: model.get("caption") }));
  }

  const root = find(".nl-player"), show = patcher(el), problem = find("[data-part=problem]");
  const scrub = find("[data-do=scrub]"), play = find("[data-do=play]"), speed = find("[data-do=speed]");
  const lanes = find(".nl-lanes"), present = find(".nl-present"), curtain = find(".nl-curtain");
  const left = +lanes.dataset.left, right = +lanes.dataset.right;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const diamonds = new Map(every("[data-lsa]").map((part) => [part.dataset.lsa, { part, way: corners(part.dataset.way) }]));
  const runners = every("[data-dot]").map((part) => ({ part, body: part.parentElement, way: find(`[data-key="way:${part.dataset.dot}"]`) }));
  const tell = find("[data-part=events]");

  /** The run: what Python said, and for each moment everything that differs from the beginning. */
  let run = null, views = [], at = 0, place = 0, focus = root.dataset.focus, playing = false, locked = false;

  const load = () => {
    run = model.get("view");
    if (!run?.frames) return;
    views = [];
    let all = copy(run.parts);
    for (const frame of run.frames) {
      all = merged(all, frame);
      views.push(all);
    }
    list();
    delete root.dataset.shown;
    at = Math.min(at, views.length - 1);
    go(run.places[at]);
  };

  // Where we are: a place on the axis from 0 to 1000, and the moment that it lies in.

  const go = (to) => {
    place = Math.max(0, Math.min(1000, to));
    const before = at;
    at = run.places.findLastIndex((each) => each <= place + 1e-6);
    paint(before !== at);
  };
  const paint = (turned = true) => {
    if (turned || root.dataset.shown !== `${at} ${focus}`) {
      root.dataset.shown = `${at} ${focus}`;
      root.dataset.moment = at;
      const believed = (run.beliefs[focus] ?? []).findLast(([from]) => from <= at)?.[1] ?? {};
      show(merged(views[at], believed));
      scrub.setAttribute("aria-valuetext", `${find("[data-key=when]").textContent}: ${find("[data-key=say]").textContent}`);
      for (const item of tell.children) item.classList.toggle("nl-now", +item.dataset.moment === at);
      for (const node of nodes) node.classList.toggle("nl-focus", node.dataset.node === focus);
      send();
      press();
      if (at === views.length - 1) judge(true);
    }
    const x = left + (place / 1000) * (right - left);
    present.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    curtain.setAttribute("x", x.toFixed(1));
    curtain.setAttribute("width", (right + 14 - x).toFixed(1));
    const aside = lanes.parentElement; // on a narrow screen the lanes move along with the present
    if (aside.scrollWidth > aside.clientWidth) aside.scrollLeft = (x / lanes.viewBox.baseVal.width) * aside.scrollWidth - aside.clientWidth / 2;
    if (scrub !== document.activeElement || +scrub.value !== Math.round(place)) scrub.value = Math.round(place);
    fly();
  };
  /** The true time of the place. */
  const now = () => {
    const { times, places } = run;
    if (at >= times.length - 1) return times.at(-1);
    const part = (place - places[at]) / (places[at + 1] - places[at]);
    return times[at] + part * (times[at + 1] - times[at]);
  };
  /** News on its way: an LSA is drawn on its link from when it leaves until it arrives. */
  const fly = () => {
    const time = now(), flying = new Map();
    for (const [key, from, to] of run.moves) if (from <= time + 1e-6 && time < to - 1e-6) flying.set(key, (time - from) / (to - from));
    for (const [key, { part, way }] of diamonds) {
      const far = flying.get(key);
      part.classList.toggle("nl-flying", far !== undefined && !locked);
      if (far === undefined) continue;
      const { x, y } = placeAt(way, way.at(-1).far * (0.2 + 0.6 * far));
      part.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    }
  };

  // The followed flows: each goes its present way again and again, in the reader's time and not in the network's.

  let frame = 0, begun = 0;
  const send = () => {
    cancelAnimationFrame(frame);
    const moving = runners.filter(({ way }) => !way.classList.contains("nl-hidden")).map((runner) => {
      const way = corners(runner.way.getAttribute("d"));
      const rest = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(runner.body.getAttribute("transform"));
      return { ...runner, way, rest: { x: +rest[1], y: +rest[2] } };
    });
    for (const { part } of runners) part.removeAttribute("transform");
    if (still.matches || locked) return;
    begun = 0;
    const step = (time) => {
      begun ||= time;
      for (const [index, { part: dot, way, rest }] of moving.entries()) {
        // One after the other, so that they do not cover each other.
        const part = ((time - begun + ROUND_MS * (1.35 - 0.13 * index)) % (ROUND_MS * 1.35)) / ROUND_MS;
        const end = { ...rest }, total = way.at(-1).far;
        const there = part < 1 ? placeAt(way, part * total) : end;
        const gap = Math.hypot(there.x - end.x, there.y - end.y);
        const lost = dot.parentElement.classList.contains("nl-lost");
        if (part >= 1 || (lost && part > 0.6 && gap < 14)) dot.removeAttribute("transform");
        else dot.setAttribute("transform", `translate(${(there.x - end.x).toFixed(1)} ${(there.y - end.y).toFixed(1)})`);
        dot.classList.toggle("nl-moving", part < 1);
      }
      frame = requestAnimationFrame(step);
    };
    if (moving.length) frame = requestAnimationFrame(step);
  };
  undo.push(() => cancelAnimationFrame(frame));

  // On a narrow screen the lanes move sideways, and their names stay.

  const names = every(".nl-lane-name");
  listen(lanes.parentElement, "scroll", () => {
    const { scrollLeft, scrollWidth } = lanes.parentElement;
    const aside = ((scrollLeft / scrollWidth) * lanes.viewBox.baseVal.width).toFixed(1);
    for (const name of names) name.setAttribute("transform", `translate(${aside} 0)`);
  });

  // Playing, stepping, scrubbing.

  let tick = 0, timer = 0;
  const stop = () => {
    playing = false;
    cancelAnimationFrame(tick);
    clearTimeout(timer);
    play.textContent = "▶ Play";
    play.setAttribute("aria-label", "Play");
    root.classList.remove("nl-playing");
  };
  undo.push(stop);
  const start = () => {
    if (locked || !run) return;
    if (place >= 999.9) go(0);
    playing = true;
    play.textContent = "❚❚ Pause";
    play.setAttribute("aria-label", "Pause");
    root.classList.add("nl-playing");
    if (still.matches) return void (timer = setTimeout(hop, STILL_MS / +speed.value));
    let last = 0;
    const step = (time) => {
      if (last) go(place + ((time - last) / UNIT_MS) * +speed.value);
      last = time;
      if (place >= 1000) stop();
      else tick = requestAnimationFrame(step);
    };
    tick = requestAnimationFrame(step);
  };
  const hop = () => {
    move(1);
    if (at === views.length - 1) stop();
    else timer = setTimeout(hop, STILL_MS / +speed.value);
  };
  const moment = (index) => go(run.places[Math.max(0, Math.min(views.length - 1, index))]);
  /** To the next moment, or back to the one before: from between two moments back to the earlier of them. */
  const move = (by) => moment(by < 0 && place > run.places[at] + 1e-6 ? at : at + by);
  const deck = {
    play: () => (playing ? stop() : start()),
    back: () => (stop(), move(-1)),
    forward: () => (stop(), move(1)),
    jump: () => (stop(), moment(run.turns.find((turn) => turn > at) ?? views.length - 1)),
  };
  for (const [name, act] of Object.entries(deck)) listen(find(`[data-do=${name}]`), "click", () => run && !locked && act());
  listen(scrub, "input", () => {
    stop();
    go(+scrub.value);
  });
  listen(scrub, "keydown", (event) => {
    event.stopPropagation(); // JupyterLab has shortcuts of its own
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (event.key === " ") deck.play();
    else if (event.key === "Home") stop(), moment(0);
    else if (event.key === "End") stop(), moment(views.length - 1);
    else if (by) stop(), move(by);
    else return;
    event.preventDefault();
  });
  listen(lanes, "click", (event) => {
    if (locked) return;
    const box = lanes.getBoundingClientRect(), x = ((event.clientX - box.x) / box.width) * lanes.viewBox.baseVal.width;
    stop();
    go((1000 * (x - left)) / (right - left));
  });

  // The run in words: one tab stop, arrow keys from sentence to sentence, each leads to its moment.

  let unrove = () => {};
  const list = () => {
    unrove();
    tell.replaceChildren(
      ...run.told.map(([index, kind, time, words]) => {
        const item = document.createElement("li"), button = document.createElement("button"), when = document.createElement("span");
        item.className = `nl-told-${kind}`;
        item.dataset.moment = index;
        Object.assign(button, { type: "button", className: "nl-quiet", tabIndex: -1 });
        when.className = "nl-time-of";
        when.textContent = time;
        button.append(when, " ", words);
        button.addEventListener("click", () => (stop(), moment(index)));
        item.append(button);
        return item;
      }),
    );
    const buttons = [...tell.querySelectorAll("button")];
    unrove = rove(buttons, (from, key) => buttons[buttons.indexOf(from) + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? NaN)]);
  };
  undo.push(() => unrove());

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
    stop();
    set({ [name]: [...members].sort(byCodePoint) });
    press();
  };
  const look = (node) => {
    focus = node;
    if (run) paint(true);
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
  for (const part of [...metrics, ...delays, ...choices, speed]) listen(part, "keydown", (event) => event.stopPropagation());
  const whole = (input) => {
    const value = Number(input.value), fits = /^\d+$/.test(input.value) && value >= +input.min && value <= +input.max;
    input.setAttribute("aria-invalid", String(!fits));
    problem.textContent = fits ? "" : `${input.getAttribute("aria-label")}: a whole number from ${input.min} to ${input.max}, not “${input.value}”.`;
    return fits ? value : undefined;
  };
  const replaced = (name, same, entry) => {
    const all = [...model.get(name).filter((each) => !same(each)), ...(entry ? [entry] : [])];
    stop();
    set({ [name]: all.sort((a, b) => byCodePoint(`${a[0]} ${a[1]}`, `${b[0]} ${b[1]}`)) });
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
      stop();
      set({ [part.dataset.set]: part.type === "checkbox" ? part.checked : part.value });
    });
  }
  /** The settings as the model has them. */
  const fill = () => {
    const waits = new Map(model.get("spf_delay")), changed = new Map(model.get("metrics").map(([link, from, value]) => [`${link} ${from}`, value]));
    for (const part of choices) {
      if (part.type === "checkbox") part.checked = model.get(part.dataset.set);
      else part.value = model.get(part.dataset.set);
    }
    for (const input of delays) if (input !== document.activeElement) input.value = waits.get(input.dataset.delay) ?? "";
    for (const input of metrics) {
      if (input !== document.activeElement) input.value = changed.get(`${input.dataset.metric} ${input.dataset.from}`) ?? input.defaultMetric;
    }
    press();
  };
  listen(find("[data-do=reset]"), "click", () => {
    for (const input of [...metrics, ...delays]) input.setAttribute("aria-invalid", "false");
    stop();
    set(initial);
    fill();
  });

  // The prediction, and what comes of it.

  const guess = prediction(find("[data-prediction]"), { model, el, listen, run: () => run, lock: (...given) => lock(...given) });
  const judge = (seen) => guess.judge(seen);
  const lock = (on, focused = false) => {
    locked = on;
    root.classList.toggle("nl-locked", on);
    for (const part of [scrub, play, ...Object.keys(deck).map((name) => find(`[data-do=${name}]`))]) part.disabled = on;
    if (run) on ? moment(1) : moment(0);
    if (run) paint(true);
    if (focused) play.focus();
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
  const name = `netlearn:${part.dataset.prediction}`, given = JSON.parse(part.dataset.case), feedback = JSON.parse(part.dataset.feedback);
  const { start, goal, hops } = given;
  const find = (selector) => part.querySelector(selector), verdict = find(".nl-verdict"), sofar = find("[data-part=sofar]");
  const links = [...el.querySelectorAll("[data-ends]")].map(({ dataset }) => ({ name: dataset.link, ends: dataset.ends.split(" ") }));
  const between = (a, b) => links.find(({ name, ends }) => ends.includes(a) && ends.includes(b) && !given.cut.includes(name));
  let way = [start], fixed = false, skipped = false, seen = false;
  const keep = () => {
    try {
      fixed ? localStorage.setItem(name, JSON.stringify({ way, seen })) : localStorage.removeItem(name);
    } catch {} // a browser may keep nothing
  };
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null");
    if (Array.isArray(kept?.way) && kept.way[0] === start) [way, fixed, seen] = [kept.way, true, Boolean(kept.seen)];
  } catch {}
  const draw = () => {
    const taken = way.slice(1).map((node, index) => between(way[index], node)?.name);
    for (const line of el.querySelectorAll("[data-guess]")) line.classList.toggle("nl-guessed", taken.includes(line.dataset.guess));
    sofar.textContent = fixed ? "" : way.length > 1 ? `Your way so far: ${way.join(" → ")}` : `Your way begins at ${start}.`;
    part.classList.toggle("nl-fixed", fixed);
    find("[data-do=again]").hidden = way.length < 2;
    find("[data-do=skip]").hidden = fixed;
  };
  const done = () => (hops ? way.length > hops : way.at(-1) === goal);
  const add = (node) => {
    if (fixed) return;
    const last = way.at(-1), known = way.indexOf(node);
    verdict.textContent = "";
    if (known >= 0) way = way.slice(0, known + 1);
    else if (given.down.includes(node)) verdict.textContent = `${node} is down. Nothing passes there.`;
    else if (!between(last, node)) verdict.textContent = `No cable that works leads from ${last} to ${node}.`;
    else way = [...way, node];
    if (done()) {
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
    const mine = way.join(" → ");
    if (!seen) return void (verdict.textContent = `You expect ${mine}. Now play it, and compare.`);
    if (!asked()) return; // what there is to say of it stays
    const found = hops ? run().ends[start].map((hop) => `${start} → ${hop}`) : run().ways.map((each) => each.join(" → "));
    const right = found.includes(mine);
    const more = feedback[mine] ?? feedback[right ? "right" : ""] ?? "";
    verdict.replaceChildren();
    for (const [label, words] of [
      ["You said: ", mine],
      ["The routers: ", found.length ? found.join(", or ") : "no way is left"],
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

const copy = (view) => Object.fromEntries(Object.entries(view).map(([key, names]) => [key, { ...names }]));

/** Both views together, the later one's attributes over the earlier's. */
function merged(earlier, later) {
  const both = { ...earlier };
  for (const [key, names] of Object.entries(later)) both[key] = { ...both[key], ...names };
  return both;
}

export default { render };
