/**
 * A figure's state in an address, behind the figure's own name: `#figure-c03=1.q1Y…`. It is JSON, deflated, in letters
 * that an address may have; the number tells the format, and old ones are read for ever. Whoever sends a link may have
 * written anything into it: what comes out of here is plain data that may still be no state of the figure.
 */

/** @typedef {Record<string, unknown>} State  what the reader set, by name, where it differs from how the figure was at first */
/** @typedef {{fits: (value: unknown) => boolean}} Beside  what belongs to a state beside what Python is told */

const LONGEST = 4000; // letters: some programs cut longer addresses
const LARGEST = 100_000; // bytes of JSON: a few letters can be unpacked into as much as one likes
const DAMAGED = "This link is damaged: a part of it is missing, or was changed on its way.";

/** @type {Record<string, (text: string) => Promise<unknown>>} */
const VERSIONS = { 1: inflated }; // how each is read

/**
 * The figure that an address names and what is said of its state, if anything is.
 * @param {string} hash
 */
export function inAddress(hash) {
  const [, id, text] = /^#([^=]+)=(.*)$/s.exec(hash) ?? [];
  return id === undefined || text === undefined ? null : { id, text };
}

/**
 * The end of an address that opens a figure in this state. Throws an error for the reader if the state is too large.
 * @param {string} id
 * @param {State} state
 */
export async function written(id, state) {
  if (!Object.keys(state).length) return `#${id}`;
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(JSON.stringify(state)));
  const letters = btoa(String.fromCharCode(...bytes));
  const text = `1.${letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
  if (text.length > LONGEST) throw new Error("There is more in this figure than a link can hold.");
  return `#${id}=${text}`;
}

/**
 * The state that a link tells. Throws an error for the reader if it is none.
 * @param {string} text  what stands behind the figure's name
 * @returns {Promise<State>}
 */
export async function read(text) {
  if (text.length > LONGEST) throw new Error(`This link is longer than ${LONGEST} letters, and none of ours is.`);
  const [, version = "", rest = ""] = /^(\d{1,3})\.([\w-]+)$/.exec(text) ?? [];
  if (!version) throw new Error(DAMAGED);
  const reads = Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined;
  if (!reads)
    throw new Error(
      `This link is of version ${version}, which this page does not know. Load the page again to renew it.`,
    );
  const found = await reads(rest).catch(() => null);
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new Error(DAMAGED);
  return { ...found };
}

/**
 * Why this is no state of a figure that was so at first, or nothing. What a name stands for only Python knows.
 * @param {State} state
 * @param {State} first
 * @param {Map<string, Beside>} [beside]
 */
export function refusal(state, first, beside = new Map()) {
  for (const [name, value] of Object.entries(state)) {
    const its = beside.get(name);
    if (!its && !Object.hasOwn(first, name))
      return `This link is not for this figure, in which nothing is called “${name.slice(0, 40)}”.`;
    if (its ? !its.fits(value) : !isAlike(value, first[name]))
      return `This link gives “${name}” a value that it cannot have.`;
  }
}

/**
 * Whether a value could stand where another one does: a word, a number from 0, yes or no, a list of words or of rows.
 * @param {unknown} value
 * @param {unknown} other
 */
function isAlike(value, other) {
  if (!Array.isArray(other)) return typeof value === typeof other && (typeof value !== "number" || isWhole(value));
  if (!Array.isArray(value)) return false;
  /** @param {unknown} each */
  const isRow = (each) => Array.isArray(each) && each.every((part) => typeof part === "string" || isWhole(part));
  return value.every((each) => typeof each === "string") || value.every(isRow);
}

/** @param {unknown} value */
function isWhole(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** @param {string} text */
async function inflated(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const whole = await through(new DecompressionStream("deflate-raw"), bytes);
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(whole));
}

/**
 * What a stream makes of some bytes, as long as that is not too much.
 * @param {CompressionStream | DecompressionStream} stream
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > LARGEST) throw new Error("too much");
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
