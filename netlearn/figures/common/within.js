/** Finding the parts that Python drew, and writing into them. */
/** @import { Kind, Part } from "./types.d.ts" */

/**
 * What finds parts inside another one. A part that must be there and is not, or is of another kind, is an error that
 * says so, here and not where it is used.
 * @param {Element} root
 */
export function within(root) {
  /**
   * The part, or null where a figure may do without it.
   * @template {Part} [T=Part]
   * @param {string} selector
   * @param {Kind<T>} [kind]
   * @returns {NoInfer<T> | null}
   */
  const seek = (selector, kind) => {
    const found = root.querySelector(selector);
    if (found && !isOf(found, kind)) throw new Error(`${selector} is a ${found.tagName} and not a ${kind?.name}`);
    return found;
  };
  /**
   * The part, which is there.
   * @template {Part} [T=Part]
   * @param {string} selector
   * @param {Kind<T>} [kind]
   * @returns {NoInfer<T>}
   */
  const find = (selector, kind) => {
    const found = seek(selector, kind);
    if (!found) throw new Error(`no ${selector} in this figure`);
    return found;
  };
  /**
   * All such parts.
   * @template {Part} [T=Part]
   * @param {string} selector
   * @param {Kind<T>} [kind]
   * @returns {NoInfer<T>[]}
   */
  const every = (selector, kind) => [...root.querySelectorAll(selector)].filter((found) => isOf(found, kind));
  return { seek, find, every };
}

/**
 * @template {Part} T
 * @param {Element} found
 * @param {Kind<T>} [kind]
 * @returns {found is T}
 */
function isOf(found, kind) {
  return !kind || found instanceof kind;
}

/**
 * What Python wrote at a part as `data-<name>`.
 * @param {Part} part
 * @param {string} name  as JavaScript spells it: `spfDelay` for `data-spf-delay`
 */
export function dataOf(part, name) {
  const text = part.dataset[name];
  if (text === undefined) throw new Error(`${part.tagName} has no data of the name ${name}`);
  return text;
}

/**
 * Gives an attribute its value, or takes it away for null, where it has another: to set it again would make the browser
 * lay out, paint and tell anew what is the same.
 * @param {Element} part
 * @param {string} name
 * @param {unknown} value
 */
export function write(part, name, value) {
  if (value === null) return part.removeAttribute(name);
  const text = String(value);
  if (part.getAttribute(name) !== text) part.setAttribute(name, text);
}
