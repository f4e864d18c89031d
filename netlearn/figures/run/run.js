/**
 * A run that Python has computed, at the reader's own pace: play, steps, scrubber, lanes, the run in words, news and
 * flows under way. What else a figure shows of a moment, it sets itself.
 */
import { rove } from "../common/keys.js";
import { corners, lengthOf, placeAt } from "../common/ways.js";
import { dataOf, within } from "../common/within.js";
/** @import { Listen, Part, View } from "../common/types.d.ts" */

/**
 * A run, as Python tells it (`netlearn/figures/run/controls.py`). Moments are counted from 0.
 * @typedef {object} Run
 * @property {View} parts  what is shown at the first moment
 * @property {View[]} frames  for each moment what changes there
 * @property {number[]} places  where each moment is on the axis, from 0 to 1000
 * @property {number[]} times  when each is, in microseconds
 * @property {[string, number, number][]} moves  news on its way: its key, when it leaves and when it arrives
 * @property {[number, string, string, string][]} told  in words: the moment, the kind of event, its time, the sentence
 * @property {number[]} turns  the moments at which a way changes
 */

const UNIT_MS = 22; // of playing at normal speed for a thousandth of the axis
const STILL_MS = 1400; // between two moments where nothing is to move
const ROUND_MS = 2200; // for a message to go its way once
const SOON = 1e-6; // what is nearer than this is here: places and times went through division

/**
 * The player of a run inside `root`, which has the deck, the lanes and the list that Python drew.
 * @param {Part} root
 * @param {Listen} listen
 * @param {(() => void)[]} undo  takes what is to be undone at the end
 * @param {(view: View, at: number, last: boolean) => void} turn  shows another moment
 */
export function player(root, listen, undo, turn) {
  const { find, every } = within(root);
  const scrub = find("[data-do=scrub]", HTMLInputElement);
  const play = find("[data-do=play]", HTMLButtonElement);
  const speed = find("[data-do=speed]", HTMLSelectElement);
  const lanes = find(".nl-lanes", SVGSVGElement);
  const aside = lanes.parentElement ?? root; // on a narrow screen the lanes move sideways in it
  const present = find(".nl-present");
  const curtain = find(".nl-curtain");
  const left = Number(dataOf(lanes, "left"));
  const right = Number(dataOf(lanes, "right"));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const diamonds = every("[data-lsa]").map((part) => ({
    part,
    key: dataOf(part, "lsa"),
    way: corners(dataOf(part, "way")),
  }));
  const runners = every("[data-dot]").map((part) => ({
    part,
    body: part.parentElement ?? part,
    way: find(`[data-key="way:${part.dataset.dot}"]`),
  }));
  const tell = find("[data-part=events]");

  /**
   * The run: what Python said, and for each moment everything that differs from the beginning.
   * @type {Run | null}
   */
  let run = null;
  /** @type {View[]} */
  let views = [];
  let at = 0;
  let place = 0;
  let playing = false;
  let locked = false;

  /**
   * Another run, shown at the moment with the same number as before, or at the given one.
   * @param {Run} given
   * @param {number} [moment]
   */
  const load = (given, moment = at) => {
    run = given;
    views = [];
    // Frames tell only what changes; whoever jumps into the middle needs all that has changed until then.
    let all = copy(run.parts);
    for (const frame of run.frames) {
      all = merged(all, frame);
      views.push(all);
    }
    list(run);
    at = Math.min(moment, views.length - 1);
    place = placeOf(run, at);
    paint(true);
  };
  /** No run any more. */
  const unload = () => {
    stop();
    cancelAnimationFrame(frame);
    run = null;
  };

  // Where we are: a place on the axis from 0 to 1000, and the moment that it lies in. The axis is not to
  // scale, so that a wait of 40 s leaves room for one of 1 ms: playing moves the place, and the true time follows from it.

  /** @type {(run: Run, moment: number) => number} */
  const placeOf = ({ places }, moment) => places[moment] ?? 1000;
  /** @param {number} to */
  const go = (to) => {
    if (!run) return;
    place = Math.max(0, Math.min(1000, to));
    const before = at;
    at = run.places.findLastIndex((each) => each <= place + SOON);
    paint(before !== at);
  };
  const paint = (turned = true) => {
    const view = views[at];
    if (!run || !view) return;
    if (turned) {
      root.dataset.moment = String(at);
      turn(view, at, at === views.length - 1);
      scrub.setAttribute(
        "aria-valuetext",
        `${find("[data-key=when]").textContent}: ${find("[data-key=say]").textContent}`,
      );
      for (const item of within(tell).every("[data-moment]"))
        item.classList.toggle("nl-now", Number(item.dataset.moment) === at);
      send();
    }
    const x = left + (place / 1000) * (right - left);
    present.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    curtain.setAttribute("x", x.toFixed(1));
    curtain.setAttribute("width", (right + 14 - x).toFixed(1));
    if (aside.scrollWidth > aside.clientWidth)
      aside.scrollLeft = (x / lanes.viewBox.baseVal.width) * aside.scrollWidth - aside.clientWidth / 2;
    // A scrubber in the reader's hand is left alone where it shows this place already.
    const step = String(Math.round(place));
    if (scrub !== document.activeElement || scrub.value !== step) scrub.value = step;
    fly(run);
  };
  /**
   * The true time of the place.
   * @param {Run} run
   */
  const now = ({ times, places }) => {
    const [from = 0, to] = times.slice(at, at + 2);
    const [begin = 0, end] = places.slice(at, at + 2);
    if (to === undefined || end === undefined) return from; // the last moment
    return from + ((place - begin) / (end - begin)) * (to - from);
  };
  /**
   * News on its way: an LSA is drawn on its link from when it leaves until it arrives.
   * @param {Run} run
   */
  const fly = (run) => {
    const time = now(run);
    const flying = new Map();
    for (const [key, from, to] of run.moves)
      if (from <= time + SOON && time < to - SOON) flying.set(key, (time - from) / (to - from));
    for (const { part, key, way } of diamonds) {
      const far = flying.get(key);
      part.classList.toggle("nl-flying", far !== undefined && !locked);
      if (far === undefined) continue;
      const { x, y } = placeAt(way, lengthOf(way) * (0.2 + 0.6 * far)); // at its ends a link is under its routers
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
      .map(({ part, body, way }) => {
        const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(body.getAttribute("transform") ?? "") ?? [];
        return { dot: part, body, way: corners(way.getAttribute("d") ?? ""), end: { x: Number(x), y: Number(y) } };
      });
    for (const { part } of runners) part.removeAttribute("transform");
    if (still.matches || locked) return;
    begun = 0;
    /** @param {number} time */
    const step = (time) => {
      begun ||= time;
      for (const [index, { dot, body, way, end }] of moving.entries()) {
        // One after the other, so that they do not cover each other; each rests a while before it goes again.
        const part = ((time - begun + ROUND_MS * (1.35 - 0.13 * index)) % (ROUND_MS * 1.35)) / ROUND_MS;
        const there = part < 1 ? placeAt(way, part * lengthOf(way)) : end;
        const gap = Math.hypot(there.x - end.x, there.y - end.y);
        const lost = body.classList.contains("nl-lost"); // it is gone once it comes near its cross
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
  };
  undo.push(stop);
  const start = () => {
    if (locked || !run) return;
    if (place >= 999.9) go(0);
    playing = true;
    play.textContent = "❚❚ Pause";
    play.setAttribute("aria-label", "Pause");
    if (still.matches) {
      wait();
      return;
    }
    let last = 0;
    /** @param {number} time */
    const step = (time) => {
      if (last) go(place + ((time - last) / UNIT_MS) * Number(speed.value));
      last = time;
      if (place >= 1000) stop();
      else tick = requestAnimationFrame(step);
    };
    tick = requestAnimationFrame(step);
  };
  /** Without motion playing goes from moment to moment. */
  const wait = () => {
    timer = setTimeout(hop, STILL_MS / Number(speed.value));
  };
  const hop = () => {
    move(1);
    if (at === views.length - 1) stop();
    else wait();
  };
  /** @param {number} index */
  const moment = (index) => {
    if (run) go(placeOf(run, Math.max(0, Math.min(views.length - 1, index))));
  };
  /**
   * To the next moment, or back to the one before: from between two moments back to the earlier of them.
   * @param {-1 | 1} by
   */
  const move = (by) => {
    if (run) moment(by < 0 && place > placeOf(run, at) + SOON ? at : at + by);
  };
  /** @param {() => void} [act] */
  const stopped = (act) => () => {
    stop();
    act?.();
  };
  /** @type {Record<string, () => void>} */
  const deck = {
    play: () => (playing ? stop() : start()),
    back: stopped(() => move(-1)),
    forward: stopped(() => move(1)),
    jump: stopped(() => moment(run?.turns.find((turn) => turn > at) ?? views.length - 1)),
  };
  const buttons = Object.entries(deck).map(([name, act]) => {
    const button = find(`[data-do=${name}]`, HTMLButtonElement);
    listen(button, "click", () => {
      if (run && !locked) act();
    });
    return button;
  });
  listen(scrub, "input", () => {
    if (!run) return;
    stop();
    go(Number(scrub.value));
  });
  // The scrubber's own keys would go by thousandths of the axis; a reader wants the moments.
  /** @type {Record<string, (() => void) | undefined>} */
  const keys = {
    " ": deck.play,
    Home: stopped(() => moment(0)),
    End: stopped(() => moment(views.length - 1)),
    ArrowLeft: deck.back,
    ArrowDown: deck.back,
    ArrowRight: deck.forward,
    ArrowUp: deck.forward,
  };
  listen(scrub, "keydown", (event) => {
    const act = keys[event.key];
    if (!run || !act) return;
    act();
    event.preventDefault();
  });

  // On a narrow screen the lanes move sideways, and their names stay.

  const names = every(".nl-lane-name");
  listen(aside, "scroll", () => {
    const moved = ((aside.scrollLeft / aside.scrollWidth) * lanes.viewBox.baseVal.width).toFixed(1);
    for (const name of names) name.setAttribute("transform", `translate(${moved} 0)`);
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
  /** @param {Run} run */
  const list = (run) => {
    unrove();
    const sentences = run.told.map(([index, kind, time, words]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const when = document.createElement("span");
      item.className = `nl-told-${kind}`;
      item.dataset.moment = String(index);
      Object.assign(button, { type: "button", className: "nl-quiet", tabIndex: -1 });
      when.className = "nl-time-of";
      when.textContent = time;
      button.append(when, " ", words);
      button.addEventListener(
        "click",
        stopped(() => moment(index)),
      );
      item.append(button);
      return { item, button };
    });
    tell.replaceChildren(...sentences.map(({ item }) => item));
    const told = sentences.map(({ button }) => button);
    unrove = rove(told, (from, key) => {
      const by = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : NaN;
      return told[told.indexOf(from) + by];
    });
  };
  undo.push(() => unrove());

  /**
   * Whether the reader may play; what is not to be seen yet stands still.
   * @param {boolean} on
   */
  const lock = (on) => {
    locked = on;
    for (const part of [scrub, ...buttons]) part.disabled = on;
  };
  return { load, unload, paint, moment, stop, lock, play };
}

/** @type {(view: View) => View} */
const copy = (view) => Object.fromEntries(Object.entries(view).map(([key, names]) => [key, { ...names }]));

/**
 * Both views together, the later one's attributes over the earlier's.
 * @param {View} earlier
 * @param {View} later
 */
export function merged(earlier, later) {
  const both = { ...earlier };
  for (const [key, names] of Object.entries(later)) both[key] = { ...both[key], ...names };
  return both;
}
