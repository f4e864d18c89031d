/**
 * A run that Python has computed, at the reader's own pace: play, steps, scrubber. With it go the lanes, the run in words,
 * news and flows under way. What else a figure shows of a moment, it sets itself.
 */
import { within } from "../common/within.js";
import { timeline } from "./lanes.js";
import { sentences } from "./list.js";
import { movers, SOON } from "./moving.js";
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
const LONGEST_MS = 100; // between two pictures: a page that was busy does not leap

/**
 * The player of a run inside `root`, which has the deck, the lanes and the list that Python drew.
 * @param {Part} root
 * @param {Listen} listen
 * @param {(() => void)[]} undo  takes what is to be undone at the end
 * @param {(view: View, at: number, last: boolean) => void} turn  shows another moment
 * @param {() => void} moved  comes after the reader has gone to another time, or the run has stopped at one
 */
export function player(root, listen, undo, turn, moved) {
  const { find } = within(root);
  const scrub = find("[data-do=scrub]", HTMLInputElement);
  const play = find("[data-do=play]", HTMLButtonElement);
  const speed = find("[data-do=speed]", HTMLSelectElement);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const time = timeline(root, undo);
  const moving = movers(root);
  const words = sentences(find("[data-part=events]"), undo, (index) => {
    stop();
    moment(index);
    moved();
  });

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
   * Another run, shown at the true time that was on the screen, or at a moment. What befalls the network befalls it at time
   * 0: whoever changes it earlier sees the change at once.
   * @param {Run} given
   * @param {number} [moment]
   */
  const load = (given, moment) => {
    const before = run && moment === undefined ? placeAt(given, Math.max(now(run), 0)) : placeOf(given, moment ?? 0);
    run = given;
    views = [];
    // Frames tell only what changes; whoever jumps into the middle needs all that has changed until then.
    let all = copy(run.parts);
    for (const frame of run.frames) {
      all = merged(all, frame);
      views.push(all);
    }
    words.list(run);
    place = before;
    at = momentAt(run, place);
    paint(true);
  };
  /** No run any more. */
  const unload = () => {
    stop();
    run = null;
  };

  // Where we are: a place on the axis from 0 to 1000, and the moment that it lies in. The axis is not to
  // scale, so that a wait of 40 s leaves room for one of 1 ms: playing moves the place, and the true time follows from it.

  /** @type {(run: Run, moment: number) => number} */
  const placeOf = ({ places }, moment) => places[moment] ?? 1000;
  /** @type {(run: Run, place: number) => number} */
  const momentAt = ({ places }, place) => places.findLastIndex((each) => each <= place + SOON);
  /** @type {(run: Run, time: number) => number} */
  const placeAt = ({ times, places }, time) => {
    const last = times.findLastIndex((each) => each <= time);
    const [from = 0, to = time] = times.slice(Math.max(last, 0));
    const [begin = 0, end = begin] = places.slice(Math.max(last, 0));
    return to > from ? begin + (Math.max(0, time - from) / (to - from)) * (end - begin) : begin;
  };
  /** @param {number} to */
  const go = (to) => {
    if (!run) return;
    place = Math.max(0, Math.min(1000, to));
    const before = at;
    at = momentAt(run, place);
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
      words.mark(at);
      time.lay();
      moving.stand();
      if (playing && !still.matches) moving.go(0); // under way on the way that there is now
    }
    time.show(place, now(run));
    // A scrubber in the reader's hand is left alone where it shows this place already.
    const step = String(Math.round(place));
    if (scrub !== document.activeElement || scrub.value !== step) scrub.value = step;
    moving.fly(run.moves, now(run));
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

  // Playing, stepping, scrubbing.

  let tick = 0;
  let timer = 0;
  const stop = () => {
    if (!playing) return;
    playing = false;
    cancelAnimationFrame(tick);
    clearTimeout(timer);
    play.textContent = "▶ Play";
    play.setAttribute("aria-label", "Play");
    moved();
  };
  undo.push(stop);
  const start = () => {
    if (locked || !run) return;
    if (place >= 999.9) go(0);
    playing = true;
    moving.stand();
    play.textContent = "❚❚ Pause";
    play.setAttribute("aria-label", "Pause");
    if (still.matches) {
      wait();
      return;
    }
    let last = 0;
    /** @param {number} time */
    const step = (time) => {
      const passed = last ? Math.min(time - last, LONGEST_MS) : 0;
      last = time;
      go(place + (passed / UNIT_MS) * Number(speed.value));
      moving.go(passed);
      if (place < 1000) tick = requestAnimationFrame(step);
      else {
        stop();
        moving.stand();
      }
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
    moved();
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
  listen(scrub, "change", () => moved());
  listen(scrub, "keydown", (event) => {
    const act = keys[event.key];
    if (!run || !act) return;
    act();
    event.preventDefault();
  });

  listen(time.svg, "click", (event) => {
    if (locked || !run) return;
    stop();
    go(time.pointed(event));
    moved();
  });

  // Motion is for who looks at it: out of sight it stops, and goes on when the reader says so.

  const away = new IntersectionObserver((entries) => {
    if (entries.at(-1)?.isIntersecting === false) stop();
  });
  const hidden = () => {
    if (document.hidden) stop();
  };
  away.observe(root);
  document.addEventListener("visibilitychange", hidden);
  still.addEventListener("change", stop);
  undo.push(() => {
    away.disconnect();
    document.removeEventListener("visibilitychange", hidden);
    still.removeEventListener("change", stop);
  });

  /**
   * Whether the reader may play; what is not to be seen yet stands still.
   * @param {boolean} on
   */
  const lock = (on) => {
    locked = on;
    for (const part of [scrub, ...buttons]) part.disabled = on;
  };
  /** The true time on the screen, in microseconds, as a part of the figure's state; not before the reader may play. */
  const at_us = {
    get: () => (run && !locked && place > SOON ? Math.round(now(run)) : undefined),
    /** @param {unknown} time */
    put: (time) => {
      stop();
      if (run && !locked) go(typeof time === "number" ? placeAt(run, time) : 0);
    },
    fits: Number.isSafeInteger,
  };
  return { load, unload, paint, moment, stop, lock, play, at_us };
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
