/**
 * What a change has changed: the old way stays as a ghost until the next change, rows and notes that now say something
 * else are marked, and one sentence says it. All of it compares what Python drew before with what it draws now; what
 * follows from what is Python's alone.
 */
import { within } from "./within.js";
/** @import { Controls } from "./controls.js" */
/** @import { Stage } from "./stage.js" */

/**
 * What became of a row: whose it is, what is said of it, and how soon: 0 what its table is about, 2 what stands beside.
 * @typedef {{who: string, what: string, rank: number}} Change
 */

const NAMED = 3; // changes that a sentence tells, and rows that it names for one of them; the others are counted
const DRAWN = ".nl-net:not(.nl-lanes)"; // the picture, not its lanes of time

/**
 * Looks at a figure whose view has just been shown, and marks what differs from when it was last looked at. The first
 * look marks nothing, nor does one at what Reset led to.
 * @param {Pick<Stage, "model" | "every" | "seek" | "listen">} stage
 * @param {Pick<Controls, "first">} reader
 * @param {string[]} [aside]  what the reader sets and does not change the network: how it is looked at
 */
export function changed({ model, every, seek, listen }, { first }, aside = []) {
  const place = seek("[data-part=changes]");
  const hint = place?.textContent ?? ""; // what stands there until something has changed
  const parts = {
    links: every(`${DRAWN} .nl-link`, SVGElement),
    arrows: every(`${DRAWN} .nl-arrow`, SVGPathElement),
    ways: every(`${DRAWN} [data-ghost]`, SVGPathElement),
    notes: every(`${DRAWN} .nl-note`, SVGElement),
    rows: every("[data-said] tbody tr", HTMLTableRowElement).map((row) => ({ row, cells: cellsOf(row) })),
  };
  const counts = every("details").flatMap((fold) => {
    const { seek: seekIn, every: everyIn } = within(fold);
    const rows = everyIn("[data-said] tbody tr");
    const summary = seekIn("summary");
    if (!rows.length || !summary) return [];
    const count = Object.assign(document.createElement("span"), { className: "nl-count" });
    summary.append(count);
    return [{ rows, count }];
  });
  /** @type {Element[]} */
  let ghosts = [];
  /** @type {ReturnType<typeof look> | undefined} */
  let last;
  let seen = "";
  let isReset = false; // whether Reset was pressed since

  const look = () => ({
    links: new Set(parts.links.filter((link) => link.classList.contains("nl-path"))),
    arrows: new Set(parts.arrows.filter(isThere)),
    ways: new Map(parts.ways.map((way) => [way, isThere(way) ? (way.getAttribute("d") ?? "") : ""])),
    notes: new Map(parts.notes.map((note) => [note, isThere(note) ? note.textContent : ""])),
    rows: new Map(parts.rows.map((each) => [each, each.cells.map((its) => its.map((part) => part.textContent ?? ""))])),
  });
  /** @type {(from: SVGElement, data: string, kind: string) => void} */
  const haunt = (from, data, kind) => {
    const ghost = document.createElementNS("http://www.w3.org/2000/svg", "path");
    ghost.setAttribute("class", `nl-ghost ${kind}`);
    ghost.setAttribute("d", data);
    const turn = from.getAttribute("transform");
    if (turn) ghost.setAttribute("transform", turn);
    if (from.dataset.ghost !== undefined) ghost.dataset.was = from.dataset.ghost;
    from.before(ghost); // under it
    ghosts.push(ghost);
  };
  const clear = () => {
    for (const ghost of ghosts) ghost.remove();
    ghosts = [];
    for (const part of every("[data-changed]")) part.removeAttribute("data-changed");
    for (const { count } of counts) count.textContent = "";
    say(hint);
  };
  /** @param {string} words */
  const say = (words) => {
    if (place && place.textContent !== words) place.textContent = words;
  };
  const names = Object.keys(first).filter((name) => !aside.includes(name));
  const state = () => JSON.stringify(names.map((name) => model.get(name)));
  const start = JSON.stringify(names.map((name) => first[name]));

  const reset = seek("[data-do=reset]");
  if (reset)
    listen(reset, "click", () => {
      isReset = true; // for an answer that is still to come; another may have come already
      if (state() === start) clear();
    });
  return () => {
    if (last && seen === state()) return;
    const was = last;
    const now = look();
    last = now;
    seen = state();
    const isBack = isReset && seen === start;
    isReset = false;
    if (!was) return;
    clear();
    if (isBack) return;
    for (const link of was.links) {
      const line = now.links.has(link) ? null : within(link).seek(".nl-line", SVGPathElement);
      if (line) haunt(line, line.getAttribute("d") ?? "", "nl-ghost-link");
    }
    for (const [way, data] of was.ways) {
      const left = gone(data, now.ways.get(way) ?? "");
      if (left) haunt(way, left, "nl-ghost-way");
    }
    const ways = ghosts.length;
    for (const arrow of was.arrows)
      if (!now.arrows.has(arrow)) haunt(arrow, arrow.getAttribute("d") ?? "", "nl-ghost-arrow");
    for (const [note, words] of now.notes)
      note.toggleAttribute("data-changed", words !== "" && words !== was.notes.get(note));
    const changes = [...now.rows].flatMap(([each, texts]) => {
      const { row, cells } = each;
      const change = difference(row, cells, was.rows.get(each) ?? [], texts);
      row.toggleAttribute("data-changed", change !== null);
      return change ? [change] : [];
    });
    for (const { rows, count } of counts) {
      const many = rows.filter((row) => row.hasAttribute("data-changed")).length;
      count.textContent = many ? ` · ${many} ${many === 1 ? "row" : "rows"} changed` : "";
    }
    const signs = [ways && "dashes", ghosts.length > ways && "hollow arrows"].filter(Boolean).join(" and ");
    say(toldOf(changes, place?.dataset.nothing) + (signs && ` Pale ${signs}: the old way.`));
  };
}

/** @param {Element} part */
function isThere(part) {
  return !part.classList.contains("nl-hidden");
}

/**
 * A row's cells, each as the parts that may change; Python drew them once and for all.
 * @param {HTMLTableRowElement} row
 */
function cellsOf(row) {
  return [...row.querySelectorAll("td")].map(partsIn);
}

/** @param {HTMLTableCellElement} cell */
function partsIn(cell) {
  /** @type {NodeListOf<HTMLElement>} */
  const parts = cell.querySelectorAll("[data-key]");
  return parts.length ? [...parts] : [cell];
}

/**
 * Marks the cells of a row that have changed, and gives the change to tell: that of the column that its table is about,
 * else of another one, by its head.
 * @param {HTMLTableRowElement} row
 * @param {HTMLElement[][]} cells
 * @param {string[][]} before
 * @param {string[][]} now
 * @returns {Change | null}
 */
function difference(row, cells, before, now) {
  const isAsBefore = before.every((old, column) => old.every((text, place) => text === now[column]?.[place]));
  if (isAsBefore) return null; // the most are, and the marks of an earlier change are gone
  const table = row.closest("[data-said]");
  if (!(table instanceof HTMLElement)) return null;
  const about = Number(table.dataset.said);
  const states = JSON.parse(table.dataset.states ?? "{}");
  const who = row.dataset.about ?? row.querySelector("th")?.textContent?.trim() ?? "";
  /** @type {Change[]} */
  const changes = [];
  row.querySelectorAll("td").forEach((cell, column) => {
    const [old = [], parts = []] = [before[column], now[column]];
    const place = parts.findIndex((part, index) => part !== old[index]);
    cell.toggleAttribute("data-changed", place >= 0);
    if (place < 0) return;
    const brief = cells[column]?.[place]?.dataset.brief; // where the whole would be too long for a sentence
    const what = brief ?? became(bare(old[place]), bare(parts[place]), states);
    const head = table.querySelectorAll("thead th")[column + 1]?.textContent ?? "";
    const name = column === about ? "" : `${head.charAt(0).toLowerCase()}${head.slice(1)} `;
    changes.push({ who, what: name + what, rank: column !== about ? 2 : brief ? 1 : 0 });
  });
  return changes.reverse().sort((a, b) => a.rank - b.rank)[0] ?? null;
}

/** A text as it stands in a sentence. */
const bare = (text = "") => (text === "–" ? "none" : text.replace(/:$/, ""));

/**
 * `R2 becomes R2 and R3`; what is a state has words of its own, `now down`.
 * @param {string} before
 * @param {string} now
 * @param {Record<string, string>} states
 */
export function became(before, now, states = {}) {
  return (
    states[now] ??
    (before in states ? `now ${now}` : `${before} ${/, | and /.test(before) ? "become" : "becomes"} ${now}`)
  );
}

/**
 * The changes in a sentence, those together that are alike: `R1 and R3: R2 becomes R4; and 2 more.`
 * @param {Change[]} changes
 * @param {string} [nothing]  is said where there are none
 */
export function toldOf(changes, nothing = "Nothing changes for any router.") {
  if (!changes.length) return nothing;
  /** @type {Map<string, string[]>} */
  const alike = new Map();
  for (const { who, what } of [...changes].sort((a, b) => a.rank - b.rank))
    alike.set(what, [...(alike.get(what) ?? []), who]);
  const told = [...alike].slice(0, NAMED);
  const left = changes.length - told.reduce((sum, [, names]) => sum + names.length, 0);
  const said = told.map(([what, names]) => `${several(names)}: ${what}`);
  return `${[...said, ...(left ? [`and ${left} more`] : [])].join("; ")}.`;
}

/**
 * `R1`, `R1 and R2`, `R1, R2 and R3`, `R1, R2 and 3 more`.
 * @param {string[]} names
 */
function several(names) {
  const most = names.length > NAMED ? [...names.slice(0, NAMED - 1), `${names.length - NAMED + 1} more`] : names;
  return most.length > 1 ? `${most.slice(0, -1).join(", ")} and ${most.at(-1)}` : (most[0] ?? "");
}

/**
 * The pieces of a way that another one does not take, as path data (M, L and Q with absolute numbers, as Python draws
 * them); a piece is the same in both directions.
 * @param {string} before
 * @param {string} now
 */
export function gone(before, now) {
  const taken = new Set(pieces(now).flatMap(({ from, bend, to }) => [from + bend + to, to + bend + from]));
  return pieces(before)
    .filter(({ from, bend, to }) => !taken.has(from + bend + to))
    .map(({ from, bend, to }) => `M${from}${bend}${to}`)
    .join("");
}

/** @param {string} data */
function pieces(data) {
  let from = "";
  return [...data.matchAll(/([MLQ])([^MLQ]*)/g)].flatMap(([, kind, numbers = ""]) => {
    const places = numbers.trim().split(/[ ,]+/);
    const to = places.slice(-2).join(" ");
    const piece = { from, bend: kind === "Q" ? `Q${places.slice(0, 2).join(" ")} ` : "L", to };
    from = to;
    return kind === "M" ? [] : [piece];
  });
}
