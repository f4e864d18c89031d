// The page's own script: what the reader chose (colours, code), where the reader is, and wide boxes that the keyboard can
// scroll. All else works without scripts.
// It runs in the head and before anything is painted, so that a dark page never flashes light.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  /** @type {Record<string, string>} */
  const names = { auto: "as the system", light: "light", dark: "dark" };
  const modes = Object.keys(names);

  /** The reader's choice; storage may be forbidden, then it lasts for this page. @param {string} name */
  const stored = (name) => {
    try {
      return localStorage.getItem(name) ?? "";
    } catch {
      return "";
    }
  };
  /** @param {string} name @param {string} value */
  const keep = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Not kept; the choice still holds for this page.
    }
  };
  let mode = modes.includes(stored("mode")) ? stored("mode") : "auto"; // what is kept need not be ours

  const apply = () => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
  };
  const next = () => modes[(modes.indexOf(mode) + 1) % modes.length] ?? "auto";

  apply();
  system.addEventListener("change", apply);
  root.toggleAttribute("data-code", stored("code") === "shown");

  /** The code behind figures and outputs, on this page and all others. The style sheet does the rest. */
  const codeSwitch = () => {
    /** @type {HTMLInputElement | null} */
    const box = document.querySelector("input#code");
    if (!box) return; // nothing is hidden here
    box.checked = root.hasAttribute("data-code");
    box.addEventListener("change", () => {
      root.toggleAttribute("data-code", box.checked);
      keep("code", box.checked ? "shown" : "hidden");
      scrollers();
    });
  };

  /** The current chapter stands in sight in the list, which scrolls by itself: the page stays where it is. */
  const chapterInSight = () => {
    /** @type {HTMLElement | null} */
    const list = document.querySelector("#chapters");
    const here = list?.querySelector("a[aria-current]")?.getBoundingClientRect();
    if (!list || !here?.height) return; // the list is closed, as on a narrow screen, or the page is in none
    const frame = list.getBoundingClientRect();
    if (here.top >= frame.top && here.bottom <= frame.bottom) return;
    list.scrollTop += here.top - frame.top - (frame.height - here.height) / 2;
  };

  /** In the contents of the page the section is marked that the reader is in: the last one whose heading went by. */
  const sectionMarked = () => {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll(".sections a");
    const headings = [...document.querySelectorAll("article :is(h2, h3, h4)")];
    const passed = new Set();
    const footer = document.querySelector("footer");
    const mark = () => {
      const seen = passed.has(footer)
        ? (/** @type {Element} */ one) => one.getBoundingClientRect().top < innerHeight
        : null;
      const last = headings.findLast((one) => (seen ? seen(one) : passed.has(one)));
      const id = last?.closest("section")?.id;
      for (const link of links) {
        if (id && decodeURIComponent(link.hash) === `#${id}`) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    };
    /** @param {IntersectionObserverEntry[]} entries */
    const note = (entries) => {
      for (const { target, isIntersecting } of entries) passed[isIntersecting ? "add" : "delete"](target);
      mark();
    };
    // Everything above counts as in view, so that a leap over many headings is noticed as well.
    const reader = new IntersectionObserver(note, { rootMargin: "1000000px 0px -70% 0px" });
    if (links.length) for (const heading of headings) reader.observe(heading);
    if (links.length && footer) new IntersectionObserver(note, { threshold: 0.9 }).observe(footer);
  };

  /** A box that scrolls sideways must be reachable by keyboard; one that does not scroll must not be a stop. */
  const scrollers = () => {
    /** @type {NodeListOf<HTMLElement>} */
    const boxes = document.querySelectorAll("pre, .pst-scrollable-table-container, .cell_output .output, .math-block");
    const wide = [...boxes].map((box) => box.scrollWidth > box.clientWidth + 1); // all are measured before one is changed
    boxes.forEach((box, place) => {
      if (wide[place]) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    /** @type {HTMLButtonElement | null} */
    const button = document.querySelector("button.theme");
    if (!button) throw new Error("the layout has a button for the theme");
    const say = () => {
      button.setAttribute("aria-label", `Colours: ${names[mode]}`);
      button.title = `Colours: ${names[mode]} (press: ${names[next()]})`;
    };
    button.hidden = false;
    say();
    button.addEventListener("click", () => {
      mode = next();
      keep("mode", mode);
      apply();
      say();
    });
    codeSwitch();
    requestAnimationFrame(chapterInSight); // just before the page is painted, when it is measured anyway
    document.querySelector("#chapters")?.addEventListener("toggle", chapterInSight);
    sectionMarked();
    for (const when of ["load", "resize"]) addEventListener(when, scrollers); // loaded, boxes have their buttons, too
    document.addEventListener("toggle", scrollers, true); // what a fold hid had no width
    /** @type {HTMLInputElement | null} */
    const asked = document.querySelector(".search-form input"); // the search page's own field
    asked?.focus();
  });
})();
