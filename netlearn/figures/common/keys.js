/** Moving about with the arrow keys, and acting. Nothing here knows what a route is. */

/** A click, Enter or Space acts: the buttons are parts of a drawing, of which the browser does not know it. */
export function pressed(buttons, listen, act) {
  for (const button of buttons) {
    listen(button, "click", () => act(button));
    listen(button, "keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act(button);
    });
  }
}

/** The middle of an element on the screen. @param {Element} part */
export function middle(part) {
  const box = part.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * The nearest of the places that lies in a direction, or -1: what lies straight ahead counts as nearer.
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}[]} places
 * @param {string} key  ArrowLeft, ArrowRight, ArrowUp or ArrowDown
 */
export function towards(from, places, key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
  let best = -1;
  let least = Infinity;
  places.forEach((place, index) => {
    const ahead = (place.x - from.x) * dx + (place.y - from.y) * dy;
    const aside = Math.abs((place.x - from.x) * dy) + Math.abs((place.y - from.y) * dx);
    if (ahead > 1 && ahead + 2.5 * aside < least) [best, least] = [index, ahead + 2.5 * aside];
  });
  return best;
}

/**
 * Makes a group of elements one tab stop, in which the arrow keys move the focus.
 * @param {Element[]} parts
 * @param {(from: Element, key: string) => Element | undefined} next
 */
export function rove(parts, next) {
  if (parts.length) parts[0].setAttribute("tabindex", "0");
  const focused = (event) => {
    for (const part of parts) part.setAttribute("tabindex", part === event.currentTarget ? "0" : "-1");
  };
  const keyed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const goal =
      event.key === "Home" ? parts[0] : event.key === "End" ? parts.at(-1) : next(event.currentTarget, event.key);
    if (!goal) return;
    event.preventDefault();
    goal.focus();
  };
  for (const part of parts) {
    part.addEventListener("focus", focused);
    part.addEventListener("keydown", keyed);
  }
  return () => {
    for (const part of parts) {
      part.removeEventListener("focus", focused);
      part.removeEventListener("keydown", keyed);
    }
  };
}
