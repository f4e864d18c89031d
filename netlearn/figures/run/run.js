/**
 * A run that Python has computed, at the reader's own pace: play, steps, scrubber, lanes, the run in words, news and
 * flows under way. What else a figure shows of a moment, it sets itself.
 */
import { rove } from "../common/keys.js";
import { corners, placeAt } from "../common/ways.js";

const UNIT_MS = 22; // of playing at normal speed for a thousandth of the axis
const STILL_MS = 1400; // between two moments where nothing is to move
const ROUND_MS = 2200; // for a message to go its way once

/**
 * The player of a run inside `root`, which has the deck, the lanes and the list that Python drew.
 * @param {HTMLElement} root
 * @param {(part: EventTarget, event: string, act: Function) => void} listen
 * @param {(Function)[]} undo      takes what is to be undone at the end
 * @param {(view: object, at: number, last: boolean) => void} turn  shows another moment
 */
export function player(root, listen, undo, turn) {
  const find = (selector) => root.querySelector(selector);
  const every = (selector) => [...root.querySelectorAll(selector)];
  const scrub = find("[data-do=scrub]");
  const play = find("[data-do=play]");
  const speed = find("[data-do=speed]");
  const lanes = find(".nl-lanes");
  const present = find(".nl-present");
  const curtain = find(".nl-curtain");
  const left = +lanes.dataset.left;
  const right = +lanes.dataset.right;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const diamonds = new Map(
    every("[data-lsa]").map((part) => [part.dataset.lsa, { part, way: corners(part.dataset.way) }]),
  );
  const runners = every("[data-dot]").map((part) => ({
    part,
    body: part.parentElement,
    way: find(`[data-key="way:${part.dataset.dot}"]`),
  }));
  const tell = find("[data-part=events]");

  /** The run: what Python said, and for each moment everything that differs from the beginning. */
  let run = null;
  let views = [];
  let at = 0;
  let place = 0;
  let playing = false;
  let locked = false;

  /** Another run, shown at the moment with the same number as before, or at the given one. */
  const load = (given, moment = at) => {
    run = given;
    views = [];
    let all = copy(run.parts);
    for (const frame of run.frames) {
      all = merged(all, frame);
      views.push(all);
    }
    list();
    at = Math.min(moment, views.length - 1);
    place = run.places[at];
    paint(true);
  };
  /** No run any more. */
  const unload = () => {
    stop();
    cancelAnimationFrame(frame);
    run = null;
  };

  // Where we are: a place on the axis from 0 to 1000, and the moment that it lies in.

  const go = (to) => {
    place = Math.max(0, Math.min(1000, to));
    const before = at;
    at = run.places.findLastIndex((each) => each <= place + 1e-6);
    paint(before !== at);
  };
  const paint = (turned = true) => {
    if (!run) return;
    if (turned) {
      root.dataset.moment = at;
      turn(views[at], at, at === views.length - 1);
      scrub.setAttribute(
        "aria-valuetext",
        `${find("[data-key=when]").textContent}: ${find("[data-key=say]").textContent}`,
      );
      for (const item of tell.children) item.classList.toggle("nl-now", +item.dataset.moment === at);
      send();
    }
    const x = left + (place / 1000) * (right - left);
    present.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    curtain.setAttribute("x", x.toFixed(1));
    curtain.setAttribute("width", (right + 14 - x).toFixed(1));
    const aside = lanes.parentElement; // on a narrow screen the lanes move along with the present
    if (aside.scrollWidth > aside.clientWidth)
      aside.scrollLeft = (x / lanes.viewBox.baseVal.width) * aside.scrollWidth - aside.clientWidth / 2;
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
    const time = now();
    const flying = new Map();
    for (const [key, from, to] of run.moves)
      if (from <= time + 1e-6 && time < to - 1e-6) flying.set(key, (time - from) / (to - from));
    for (const [key, { part, way }] of diamonds) {
      const far = flying.get(key);
      part.classList.toggle("nl-flying", far !== undefined && !locked);
      if (far === undefined) continue;
      const { x, y } = placeAt(way, way.at(-1).far * (0.2 + 0.6 * far));
      part.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    }
  };

  // The followed flows: each goes its present way again and again, in the reader's time and not in the network's.

  let frame = 0;
  let begun = 0;
  const send = () => {
    cancelAnimationFrame(frame);
    const moving = runners
      .filter(({ way }) => !way.classList.contains("nl-hidden"))
      .map((runner) => {
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
        const end = { ...rest };
        const total = way.at(-1).far;
        const there = part < 1 ? placeAt(way, part * total) : end;
        const gap = Math.hypot(there.x - end.x, there.y - end.y);
        const lost = dot.parentElement.classList.contains("nl-lost");
        if (part >= 1 || (lost && part > 0.6 && gap < 14)) dot.removeAttribute("transform");
        else
          dot.setAttribute("transform", `translate(${(there.x - end.x).toFixed(1)} ${(there.y - end.y).toFixed(1)})`);
        dot.classList.toggle("nl-moving", part < 1);
      }
      frame = requestAnimationFrame(step);
    };
    if (moving.length) frame = requestAnimationFrame(step);
  };
  undo.push(() => cancelAnimationFrame(frame));

  // Playing, stepping, scrubbing.

  let tick = 0;
  let timer = 0;
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
  for (const [name, act] of Object.entries(deck))
    listen(find(`[data-do=${name}]`), "click", () => run && !locked && act());
  listen(scrub, "input", () => {
    if (!run) return;
    stop();
    go(+scrub.value);
  });
  listen(scrub, "keydown", (event) => {
    if (!run) return;
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (event.key === " ") deck.play();
    else if (event.key === "Home") stop(), moment(0);
    else if (event.key === "End") stop(), moment(views.length - 1);
    else if (by) stop(), move(by);
    else return;
    event.preventDefault();
  });

  // On a narrow screen the lanes move sideways, and their names stay.

  const names = every(".nl-lane-name");
  listen(lanes.parentElement, "scroll", () => {
    const { scrollLeft, scrollWidth } = lanes.parentElement;
    const aside = ((scrollLeft / scrollWidth) * lanes.viewBox.baseVal.width).toFixed(1);
    for (const name of names) name.setAttribute("transform", `translate(${aside} 0)`);
  });

  listen(lanes, "click", (event) => {
    if (locked || !run) return;
    const box = lanes.getBoundingClientRect();
    const x = ((event.clientX - box.x) / box.width) * lanes.viewBox.baseVal.width;
    stop();
    go((1000 * (x - left)) / (right - left));
  });

  // The run in words: one tab stop, arrow keys from sentence to sentence, each leads to its moment.

  let unrove = () => {};
  const list = () => {
    unrove();
    tell.replaceChildren(
      ...run.told.map(([index, kind, time, words]) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const when = document.createElement("span");
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

  /** Whether the reader may play; what is not to be seen yet stands still. */
  const lock = (on) => {
    locked = on;
    for (const part of [scrub, play, ...Object.keys(deck).map((name) => find(`[data-do=${name}]`))]) part.disabled = on;
  };
  return { load, unload, paint, moment, stop, lock, play, run: () => run };
}

const copy = (view) => Object.fromEntries(Object.entries(view).map(([key, names]) => [key, { ...names }]));

/** Both views together, the later one's attributes over the earlier's. */
export function merged(earlier, later) {
  const both = { ...earlier };
  for (const [key, names] of Object.entries(later)) both[key] = { ...both[key], ...names };
  return both;
}
