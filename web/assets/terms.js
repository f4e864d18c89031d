// What a word means, shown beside it: while the mouse rests on it, while it has the focus, or after a tap. Each such word
// is a link to the glossary, and stays one: a click or Enter follows it, and so does a second tap.
(() => {
  if (!("popover" in HTMLElement.prototype)) return;
  const GAP = 6; // between the word and its meaning, in px
  const EDGE = 8; // at least so far from the window's edges
  const PATIENCE_MS = 250; // until the mouse that has left is gone, and not on its way to the meaning

  /** @type {HTMLAnchorElement | null} */
  let shown = null;
  let leaving = 0;

  /** @param {HTMLAnchorElement} word */
  const meaningOf = (word) => {
    const meaning = document.getElementById(word.getAttribute("aria-describedby") ?? "");
    if (!meaning) throw new Error("each word was given its meaning");
    return meaning;
  };

  const hide = () => {
    clearTimeout(leaving);
    if (shown) meaningOf(shown).hidePopover();
    shown = null;
  };

  /** Below the word, or above it where there is more room: never on it, though it may lie on two lines.
   * @param {HTMLAnchorElement} word @param {HTMLElement} meaning @param {number} [at] */
  const place = (word, meaning, at) => {
    const lines = [...word.getClientRects()];
    const line = lines.find((each) => at !== undefined && each.left <= at && at <= each.right) ?? lines[0];
    if (!line) return;
    const all = word.getBoundingClientRect();
    const { width, height } = meaning.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - EDGE;
    meaning.style.left = `${Math.max(EDGE, Math.min(line.left, room))}px`;
    const below = all.bottom + GAP;
    const above = all.top - GAP - height;
    meaning.style.top = `${below + height > innerHeight - EDGE && above >= EDGE ? above : below}px`;
  };

  /** @param {HTMLAnchorElement} word @param {number} [at] */
  const show = (word, at) => {
    clearTimeout(leaving);
    if (shown === word) return;
    hide();
    const meaning = meaningOf(word);
    meaning.showPopover();
    place(word, meaning, at);
    shown = word;
  };

  /** The meaning stays with its word, and goes when the word is out of sight. */
  const follow = () => {
    if (!shown) return;
    const { top, bottom } = shown.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) hide();
    else place(shown, meaningOf(shown));
  };

  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => shown !== document.activeElement && hide(), PATIENCE_MS);
  };

  document.addEventListener("DOMContentLoaded", () => {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const words = document.querySelectorAll("a.nl-term");
    for (const [number, word] of words.entries()) {
      const meaning = document.createElement("div");
      meaning.id = `meaning-${number}`;
      meaning.className = "nl-meaning";
      meaning.setAttribute("role", "tooltip");
      meaning.popover = "manual";
      meaning.textContent = word.dataset.means ?? "";
      document.body.append(meaning);
      word.setAttribute("aria-describedby", meaning.id);

      let tapped = false;
      word.addEventListener("pointerdown", (event) => {
        tapped = event.pointerType === "touch" && shown !== word;
      });
      word.addEventListener("click", (event) => {
        if (tapped) event.preventDefault();
        if (tapped) show(word, event.clientX);
        tapped = false;
      });
      word.addEventListener("focus", () => {
        if (!tapped) show(word);
      });
      word.addEventListener("blur", hide);
      for (const part of /** @type {HTMLElement[]} */ ([word, meaning])) {
        part.addEventListener("pointerenter", (event) => {
          if (event.pointerType !== "touch") show(word, event.clientX);
        });
        part.addEventListener("pointerleave", (event) => {
          if (event.pointerType !== "touch") leave();
        });
      }
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
    });
    document.addEventListener("pointerdown", (event) => {
      const on = /** @type {Node} */ (event.target);
      if (shown && !shown.contains(on) && !meaningOf(shown).contains(on)) hide();
    });
    addEventListener("scroll", follow, { passive: true, capture: true });
    addEventListener("resize", follow);
  });
})();
