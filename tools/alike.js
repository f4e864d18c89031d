/**
 * Which parts of code axe need not be asked about, since they look as others do whose contrast it tells.
 *
 * A page of the reference has thousands of them in some ten looks, and each costs the rule `color-contrast` a
 * millisecond. So the first of each look stays in each of the first `ASKED` boxes of code, as one may be covered, and
 * the others are left out of this rule alone. A look is all that the contrast depends on: the letters' colour, shadow,
 * size and weight, and every ground and opacity from the root to the part. A box that lies on others is like no other.
 */
(() => {
  const ASKED = 3;
  const MARK = "data-looks-alike";
  const BOX = "pre, code, dt.sig";
  const PLAIN = "rgba(0, 0, 0, 0) none 1 0";

  /** @type {Map<Element, string>} */
  const grounds = new Map();
  /** @type {(part: Element | null) => string} */
  const ground = (part) => {
    if (!part) return "";
    const known = grounds.get(part);
    if (known !== undefined) return known;
    const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(part);
    const alone = /absolute|fixed|sticky/.test(position) ? grounds.size + 1 : 0;
    const own = `${backgroundColor} ${backgroundImage} ${opacity} ${alone}`;
    const whole = ground(part.parentElement) + (own === PLAIN ? "" : `; ${own}`);
    grounds.set(part, whole);
    return whole;
  };
  /** @type {(part: Element) => string} */
  const words = (part) => [...part.childNodes].map((each) => (each.nodeType === 3 ? each.nodeValue : "")).join("");
  /** @type {(part: Element) => string} */
  const look = (part) => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(part);
    const isWord = /\w.*\w/.test(words(part)); // of a single sign axe does not say that it cannot be read
    return [color, fontSize, fontWeight, textShadow, isWord, ground(part)].join("; ");
  };

  /** @type {Map<string, Set<Element | null>>} */
  const met = new Map();
  for (const part of document.querySelectorAll(`:is(${BOX}), :is(${BOX}) *`)) {
    const isSeen = words(part).trim() && part.checkVisibility({ visibilityProperty: true });
    const own = isSeen ? look(part) : "";
    const boxes = met.get(own) ?? new Set();
    const box = part.closest(BOX);
    part.toggleAttribute(MARK, Boolean(isSeen && (boxes.size >= ASKED || boxes.has(box))));
    if (isSeen) met.set(own, boxes.add(box));
  }
  /** @type {any} */ (window).axe.configure({ rules: [{ id: "color-contrast", selector: `:not([${MARK}])` }] });
})();
