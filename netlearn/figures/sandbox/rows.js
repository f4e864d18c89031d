/**
 * What the reader does to the rows that a network is. Each function gives the rows that change; whether they can be a
 * network Python says.
 */
import { byCodePoint } from "../common/network.js";
/** @import { Place } from "../common/types.d.ts" */

/** @typedef {[name: string, kind: string, x: number, y: number]} NodeRow */
/** @typedef {[name: string, a: string, b: string, there: number, back: number]} LinkRow */
/**
 * @typedef {object} Drawn
 * @property {NodeRow[]} nodes
 * @property {LinkRow[]} links
 * @property {string[]} cut
 * @property {string[]} down
 * @property {string[]} anycast
 * @property {string} source
 * @property {string} destination
 */

/** @type {Record<string, string>} */
const PREFIXES = { router: "R", host: "H", lan: "LAN" };
const GAPS = [140, 110, 90]; // units between two nodes: as many as there are, so that a cable between them has room for words
const CLEAR = 38; // from the middle of a router to a cable that is not its own
/** @type {Record<string, number>} */
const WIDER = { host: 14, lan: 18 }; // so much farther, of what is a box
const STEP = 10;

/**
 * A name that no node has.
 * @param {NodeRow[]} nodes
 * @param {string} kind
 */
function freeName(nodes, kind) {
  const taken = new Set(nodes.map(([name]) => name));
  let number = 1;
  while (taken.has(`${PREFIXES[kind]}${number}`)) number += 1;
  return `${PREFIXES[kind]}${number}`;
}

/**
 * A new node, with a name or else with one that is free.
 * @param {Drawn} drawn
 * @param {string} kind
 * @param {Place} place
 * @param {string} [asked]
 */
export function added({ nodes }, kind, place, asked) {
  const name = asked || freeName(nodes, kind);
  return { name, nodes: [...nodes, /** @type {NodeRow} */ ([name, kind, place.x, place.y])] };
}

/**
 * A cable between two nodes; of several each has a name of its own. Out of a LAN its metric is 0.
 * @param {Pick<Drawn, "nodes" | "links">} drawn
 * @param {string} a
 * @param {string} b
 */
export function joined({ nodes, links }, a, b) {
  const taken = new Set(links.map(([name]) => name));
  const isParallel = links.some(([, ...ends]) => ends.includes(a) && ends.includes(b));
  let name = `${a}-${b}`;
  for (let number = 2; taken.has(name) || (isParallel && number === 2); number += 1) name = `${a}-${b}#${number}`;
  /** @param {string} end */
  const metric = (end) => (nodes.some(([node, kind]) => node === end && kind === "lan") ? 0 : 1);
  return { links: [...links, /** @type {LinkRow} */ ([name, a, b, metric(a), metric(b)])] };
}

/**
 * The network without a node and the cables at it.
 * @param {Drawn} drawn
 * @param {string} gone
 */
export function withoutNode({ nodes, links, cut, down, anycast, source, destination }, gone) {
  const left = links.filter(([, a, b]) => a !== gone && b !== gone);
  const names = new Set(left.map(([name]) => name));
  return {
    nodes: nodes.filter(([name]) => name !== gone),
    links: left,
    cut: cut.filter((name) => names.has(name)),
    down: down.filter((name) => name !== gone),
    anycast: anycast.filter((name) => name !== gone),
    source: source === gone ? "" : source,
    destination: destination === gone ? "" : destination,
  };
}

/**
 * The network without a cable.
 * @param {Drawn} drawn
 * @param {string} gone
 */
export function withoutLink({ links, cut }, gone) {
  return { links: links.filter(([name]) => name !== gone), cut: cut.filter((name) => name !== gone) };
}

/**
 * The network in which a node has another name, and the cables that are called by it have theirs.
 * @param {Drawn} drawn
 * @param {string} old
 * @param {string} name
 */
export function renamed({ nodes, links, cut, down, anycast, source, destination }, old, name) {
  /** @param {string} end */
  const now = (end) => (end === old ? name : end);
  /** @type {Map<string, string>} */
  const called = new Map();
  const joining = links.map(([link, a, b, ...metrics]) => {
    const own = link.startsWith(`${a}-${b}`) ? `${now(a)}-${now(b)}${link.slice(`${a}-${b}`.length)}` : link;
    called.set(link, own);
    return /** @type {LinkRow} */ ([own, now(a), now(b), ...metrics]);
  });
  return {
    nodes: nodes.map(([node, ...rest]) => /** @type {NodeRow} */ ([now(node), ...rest])),
    links: joining,
    cut: cut.map((link) => called.get(link) ?? link).sort(byCodePoint),
    down: down.map(now).sort(byCodePoint),
    anycast: anycast.map(now).sort(byCodePoint),
    source: now(source),
    destination: now(destination),
  };
}

/**
 * The nodes, of which one stands elsewhere.
 * @param {NodeRow[]} nodes
 * @param {string} moved
 * @param {Place} place
 */
export function placed(nodes, moved, { x, y }) {
  return nodes.map((row) => (row[0] === moved ? /** @type {NodeRow} */ ([moved, row[1], x, y]) : row));
}

/**
 * Places along the cables that are drawn, as they bow.
 * @param {SVGPathElement[]} lines
 * @returns {Place[]}
 */
export function alongCables(lines) {
  return lines.flatMap((line) => {
    const length = line.getTotalLength();
    return Array.from({ length: Math.ceil(length / STEP) }, (_, at) => line.getPointAtLength(at * STEP));
  });
}

/**
 * A free place on the sheet, as near as there is one to where it is wanted: away from nodes, and from cables. Where none is
 * free it is the one farthest from all.
 * @param {NodeRow[]} nodes
 * @param {Place[]} ink  where cables are
 * @param {{width: number, height: number}} size
 * @param {Place} near
 * @param {string} kind  of what is to stand there
 * @param {string} [joins]  the node to which a cable will lead, past all others
 * @returns {Place}
 */
export function freePlace(nodes, ink, { width, height }, near, kind, joins) {
  const at = new Map(nodes.map(([name, , x, y]) => [name, { x, y }]));
  const from = at.get(joins ?? "");
  const others = from ? [...at].filter(([name]) => name !== joins).map(([, node]) => node) : [];
  const need = CLEAR + (WIDER[kind] ?? 0);
  const places = [];
  for (let x = 70; x <= width - 70; x += 2 * STEP)
    for (let y = 58; y <= height - 58; y += STEP) {
      const far = Math.min(...nodes.map(([, , right, down]) => Math.hypot(right - x, down - y)));
      let clear = need;
      for (const cable of ink) clear = Math.min(clear, Math.hypot(cable.x - x, cable.y - y));
      const past = Math.min(CLEAR, ...others.map((node) => aside(node, { from: from ?? node, to: { x, y } })));
      // What comes next stands to the right, as one writes.
      const off = Math.hypot(x - near.x, y - near.y) + (x < near.x ? 60 : 0) + Math.abs(y - near.y) / 4;
      places.push({ x, y, far, clear, past, off });
    }
  places.sort((a, b) => a.off - b.off);
  for (const least of [CLEAR, 0])
    for (const apart of GAPS) {
      const best = places.find(({ far, clear, past }) => far >= apart && clear >= need && past >= least);
      if (best) return { x: best.x, y: best.y };
    }
  const [freest = near] = places.sort((a, b) => Math.min(b.far / 2, b.clear) - Math.min(a.far / 2, a.clear));
  return { x: freest.x, y: freest.y };
}

/**
 * How far a place is from a cable.
 * @param {Place} place
 * @param {{from: Place, to: Place}} cable
 */
function aside({ x, y }, { from, to }) {
  const [right, down] = [to.x - from.x, to.y - from.y];
  const part = ((x - from.x) * right + (y - from.y) * down) / (right * right + down * down || 1);
  const along = Math.min(1, Math.max(0, part));
  return Math.hypot(from.x + along * right - x, from.y + along * down - y);
}
