/** Moving about with the arrow keys, and acting. Nothing here knows what a route is. */
import { write } from "./within.js";
/** @import { Listen, Part, Place } from "./types.d.ts" */

/**
 * A click, Enter or Space acts: the buttons are parts of a drawing, of which the browser does not know it.
 * @param {Part[]} buttons
 * @param {Listen} listen
 * @param {(button: Part) => void} act
 */
export function pressed(buttons, listen, act) {
  for (const button of buttons) {
    listen(button, "click", () => act(button));
    listen(button, "keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // Space would move the page
      event.stopPropagation();
      act(button);
    });
  }
}

/**
 * Turns a button on or off. One that is off stays where the focus may be, says that it is off, and does nothing: the
 * stage keeps clicks from it.
 * @param {Part} button
 * @param {boolean} isOff
 */
export function off(button, isOff) {
  write(button, "aria-disabled", isOff);
}

/**
 * The middle of an element on the screen.
 * @param {Element} part
 * @returns {Place}
 */
export function middle(part) {
  const box = part.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * Where each arrow key leads on the screen, whose y grows downwards.
 * @type {Record<string, [number, number]>}
 */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The nearest of the places that lies in a direction, or -1: what lies straight ahead counts as nearer.
 * @param {Place} from
 * @param {Place[]} places
 * @param {string} key  ArrowLeft, ArrowRight, ArrowUp or ArrowDown
 */
export function towards(from, places, key) {
  const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
  let best = -1;
  let least = Infinity;
  places.forEach((place, index) => {
    // Along the direction and across it: one of dx and dy is 0, so each sum has one term.
    const ahead = (place.x - from.x) * dx + (place.y - from.y) * dy;
    const aside = Math.abs((place.x - from.x) * dy) + Math.abs((place.y - from.y) * dx);
    const far = ahead + 2.5 * aside; // or a part at the side would be reached before one almost straight ahead
    if (ahead > 1 && far < least) [best, least] = [index, far]; // a place is not ahead of itself, however it is rounded
  });
  return best;
}

/**
 * Makes a group of elements one tab stop, in which the arrow keys move the focus. Gives what undoes it.
 * @template {Part} T
 * @param {T[]} parts
 * @param {(from: T, key: string) => T | undefined} next
 */
export function rove(parts, next) {
  parts[0]?.setAttribute("tabindex", "0");
  const undo = parts.map((part) => {
    const focused = () => {
      for (const each of parts) write(each, "tabindex", each === part ? 0 : -1);
    };
    /** @param {Event} event */
    const keyed = (event) => {
      if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
      const goal = event.key === "Home" ? parts[0] : event.key === "End" ? parts.at(-1) : next(part, event.key);
      if (!goal) return;
      event.preventDefault();
      goal.focus();
    };
    part.addEventListener("focus", focused);
    part.addEventListener("keydown", keyed);
    return () => {
      part.removeEventListener("focus", focused);
      part.removeEventListener("keydown", keyed);
    };
  });
  return () => {
    for (const take of undo) take();
  };
}
