/**
 * What every live figure shares: setting what Python says has changed, moving about with the arrow keys.
 * Nothing here knows what a route is.
 */

/**
 * Puts a figure into its place, with the caption that only a notebook lacks, and gives what its module works with:
 * finding parts, listening to them, and the list of what is to be undone at the end.
 */
export function mount(model, el) {
  const alone = !el.closest("figure"); // in a notebook; on a page the figure is around it already
  el.classList.toggle("netlearn-figure", alone);
  el.innerHTML = model.get("body");
  if (alone && model.get("caption")) {
    el.append(Object.assign(document.createElement("p"), { className: "nl-caption", textContent: model.get("caption") }));
  }
  const undo = [];
  const listen = (part, event, act) => {
    part.addEventListener(event, act);
    undo.push(() => part.removeEventListener(event, act));
  };
  return { undo, listen, find: (selector) => el.querySelector(selector), every: (selector) => [...el.querySelectorAll(selector)] };
}

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

/**
 * Sets the attributes and texts that a view names, and puts back what an earlier view had changed and this one does not.
 * @param {HTMLElement} root
 * @returns {(view: Record<string, Record<string, string | null>>) => void}
 */
export function patcher(root) {
  const parts = new Map([...root.querySelectorAll("[data-key]")].map((part) => [part.dataset.key, part]));
  /** What stood there before any view: key, then attribute, then value. */
  const drawn = new Map();
  const read = (part, name) => (name === "text" ? part.textContent : part.getAttribute(name));
  const write = (part, name, value) => {
    if (read(part, name) === value) return;
    if (name === "text") part.textContent = value;
    else if (value === null) part.removeAttribute(name);
    else part.setAttribute(name, value);
  };
  return (view) => {
    for (const [key, names] of drawn) {
      for (const [name, value] of names) if (!(view[key] && name in view[key])) write(parts.get(key), name, value);
    }
    for (const [key, names] of Object.entries(view)) {
      const part = parts.get(key);
      if (!part) continue;
      if (!drawn.has(key)) drawn.set(key, new Map());
      for (const [name, value] of Object.entries(names)) {
        if (!drawn.get(key).has(name)) drawn.get(key).set(name, read(part, name));
        write(part, name, value);
      }
    }
    // An input shows its value, which its attribute only begins. Where the reader is typing, the answer to an earlier
    // change must not take the digits away.
    for (const part of parts.values()) {
      if (!(part instanceof HTMLInputElement) || part === document.activeElement) continue;
      if (part.value !== part.getAttribute("value")) part.value = part.getAttribute("value");
    }
  };
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
  let best = -1, least = Infinity;
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
    const goal = event.key === "Home" ? parts[0] : event.key === "End" ? parts.at(-1) : next(event.currentTarget, event.key);
    if (!goal) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has shortcuts of its own
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

/**
 * The corners of a way, from its path data (M, L and Q with absolute numbers, as Python draws them), with how far along
 * each of them is. Asking the browser for a path's length would make it lay out the page first.
 * @param {string} data
 */
export function corners(data) {
  const places = [];
  const add = (x, y) => {
    const last = places.at(-1);
    places.push({ x, y, far: last ? last.far + Math.hypot(x - last.x, y - last.y) : 0 });
  };
  for (const [, kind, numbers] of data.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const [x, y, toX, toY] = numbers.trim().split(/[ ,]+/).map(Number);
    if (kind !== "Q") add(x, y);
    else {
      const from = places.at(-1);
      for (let step = 1; step <= 8; step++) {
        const part = step / 8, rest = 1 - part;
        add(rest * rest * from.x + 2 * rest * part * x + part * part * toX, rest * rest * from.y + 2 * rest * part * y + part * part * toY);
      }
    }
  }
  return places;
}

/** The place so far along a way. @param {{x: number, y: number, far: number}[]} way */
export function placeAt(way, far) {
  const next = Math.max(1, way.findIndex((place) => place.far >= far));
  const [a, b] = [way[next - 1], way[next] ?? way.at(-1)];
  const part = b.far > a.far ? (far - a.far) / (b.far - a.far) : 0;
  return { x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) };
}

/**
 * Moves a dot along a path once, and leaves it where it stands; without motion it just stands there.
 * @param {SVGPathElement} path
 * @param {SVGCircleElement} dot
 */
export function travel(path, dot) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || path.classList.contains("nl-hidden")) return () => {};
  const way = corners(path.getAttribute("d")), rest = { x: dot.getAttribute("cx"), y: dot.getAttribute("cy") };
  const took = Math.min(2400, Math.max(900, way.at(-1).far * 2.2));
  let begun, frame = requestAnimationFrame(function step(now) {
    begun ??= now;
    const part = Math.min(1, (now - begun) / took), at = placeAt(way, part * way.at(-1).far);
    if (part < 1) {
      dot.setAttribute("transform", `translate(${at.x - rest.x} ${at.y - rest.y})`);
      frame = requestAnimationFrame(step);
    } else dot.removeAttribute("transform");
  });
  return () => {
    cancelAnimationFrame(frame);
    dot.removeAttribute("transform");
  };
}

/** The parts of a word that Python's `key_of` has joined. */
export function partsOf(joined, by) {
  return joined.split(by).map(decodeURIComponent);
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
