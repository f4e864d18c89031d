/** Making a part of the page what Python has drawn anew, without touching what is the same in it. */
import { write } from "../common/within.js";

const KEPT = new Set(["tabindex", "style"]); // the page's own: where the focus may be

/**
 * Makes what is inside a part what the markup says. What has a key stays the same element as long as the key is there:
 * so it keeps the focus, and what changes on it is seen to change.
 * @param {Element} part
 * @param {string} markup  of ours: Python has escaped every name in it
 */
export function renew(part, markup) {
  const made = document.createElement("template");
  made.innerHTML = markup;
  become(part, made.content);
}

/** @type {(node: Node | null) => string | null} */
const keyOf = (node) => (node instanceof Element ? node.getAttribute("data-key") : null);

/**
 * @param {Element} part
 * @param {Element | DocumentFragment} goal
 */
function become(part, goal) {
  const wanted = new Set([...goal.children].map(keyOf));
  /** @type {Map<string, Element>} */
  const there = new Map();
  for (const child of [...part.children]) {
    const key = keyOf(child);
    if (key === null) continue;
    if (wanted.has(key)) there.set(key, child);
    else child.remove();
  }
  let at = part.firstChild;
  for (const next of [...goal.childNodes]) {
    const key = keyOf(next);
    const its = key === null ? (keyOf(at) === null ? at : null) : (there.get(key) ?? null);
    if (!its || its.nodeName !== next.nodeName) {
      part.insertBefore(next, at);
      continue;
    }
    if (its === at) at = at.nextSibling;
    else part.insertBefore(its, at);
    if (its instanceof Element && next instanceof Element) {
      if (its.isEqualNode(next)) continue; // most are, and the browser sees that sooner
      for (const { name } of [...its.attributes])
        if (!next.hasAttribute(name) && !KEPT.has(name)) write(its, name, null);
      for (const { name, value } of next.attributes) if (name !== "tabindex") write(its, name, value);
      become(its, next);
    } else if (its.nodeValue !== next.nodeValue) its.nodeValue = next.nodeValue;
  }
  while (at) {
    const left = at;
    at = at.nextSibling;
    left.remove();
  }
}
