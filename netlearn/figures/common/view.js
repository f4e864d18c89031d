/** What Python says of a figure: for each key the attributes and texts that differ from the beginning. */
import { write } from "./within.js";
/** @import { Part, View } from "./types.d.ts" */

const ALOUD = "[aria-live], [role=status], [role=alert]"; // what a screen reader tells by itself when it changes

/**
 * Sets the attributes and texts that a view names, and puts back what an earlier view had changed and this one does not.
 * @param {Element} root
 * @returns {(view: View) => void}
 */
export function patcher(root) {
  /** @type {NodeListOf<Part>} */
  const keyed = root.querySelectorAll("[data-key]");
  const parts = new Map([...keyed].map((part) => [part.dataset.key, part]));
  /**
   * What stood there before any view: key, then attribute, then value. It is read when a view first names it, because
   * only then is it known what can change.
   * @type {Map<string, Map<string, string | null>>}
   */
  const drawn = new Map();
  /** @type {(part: Part, name: string) => string | null} */
  const read = (part, name) => (name === "text" ? part.textContent : part.getAttribute(name));
  /** @type {(part: Part, name: string, value: string | null) => void} */
  const put = (part, name, value) => {
    if (name !== "text") return write(part, name, value);
    if (part.textContent === value) return; // set again it would be read out again
    const { firstChild: words } = part;
    // A text that is changed is laid out sooner than one that is put in; but what is read out is to be heard as a whole.
    if (value && words instanceof Text && !words.nextSibling && !part.closest(ALOUD)) words.data = value;
    else part.textContent = value;
  };
  return (view) => {
    // A view tells what differs from the beginning, not from the view before it: what it leaves out goes back.
    for (const [key, names] of drawn) {
      const part = parts.get(key);
      if (part) for (const [name, value] of names) if (!(view[key] && name in view[key])) put(part, name, value);
    }
    for (const [key, names] of Object.entries(view)) {
      const part = parts.get(key);
      if (!part) continue;
      const before = drawn.get(key) ?? new Map();
      drawn.set(key, before);
      for (const [name, value] of Object.entries(names)) {
        if (!before.has(name)) before.set(name, read(part, name));
        put(part, name, value);
      }
    }
  };
}

/**
 * The parts of a word that Python's `key_of` has joined.
 * @param {string} joined
 * @param {string} by
 */
export function partsOf(joined, by) {
  return joined.split(by).map(decodeURIComponent);
}
