/** What Python says of a figure: for each key the attributes and texts that differ from the beginning. */

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
  };
}

/** The parts of a word that Python's `key_of` has joined. */
export function partsOf(joined, by) {
  return joined.split(by).map(decodeURIComponent);
}
