/** Ways in a drawing, and dots that travel along them. */

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
        const part = step / 8;
        const rest = 1 - part;
        add(
          rest * rest * from.x + 2 * rest * part * x + part * part * toX,
          rest * rest * from.y + 2 * rest * part * y + part * part * toY,
        );
      }
    }
  }
  return places;
}

/** The place so far along a way. @param {{x: number, y: number, far: number}[]} way */
export function placeAt(way, far) {
  const next = Math.max(
    1,
    way.findIndex((place) => place.far >= far),
  );
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
  const way = corners(path.getAttribute("d"));
  const rest = { x: dot.getAttribute("cx"), y: dot.getAttribute("cy") };
  const took = Math.min(2400, Math.max(900, way.at(-1).far * 2.2));
  let begun;
  let frame = requestAnimationFrame(function step(now) {
    begun ??= now;
    const part = Math.min(1, (now - begun) / took);
    const at = placeAt(way, part * way.at(-1).far);
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

/**
 * A dot that goes its way whenever that has become another.
 * @param {(() => void)[]} undo  takes what is to be undone at the end
 * @param {string | null} [last]  the way that it has gone already
 */
export function traveller(undo, last) {
  let stop = () => {};
  const halt = () => stop();
  undo.push(halt);
  const send = (way, dot) => {
    stop();
    stop = travel(way, dot);
  };
  const follow = (way, dot) => {
    stop();
    if (way.getAttribute("d") !== last) send(way, dot);
    last = way.getAttribute("d");
  };
  return { halt, send, follow };
}
