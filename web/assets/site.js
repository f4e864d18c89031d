// The page's own script: the colour theme, and wide boxes that the keyboard can scroll. All else works without scripts.
// It runs in the head and before anything is painted, so that a dark page never flashes light.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  /** @type {Record<string, string>} */
  const names = { auto: "as the system", light: "light", dark: "dark" };
  const modes = Object.keys(names);

  /** The reader's choice; storage may be forbidden, then it lasts for this page. */
  const stored = () => {
    try {
      return localStorage.getItem("mode") ?? "auto";
    } catch {
      return "auto";
    }
  };
  let mode = modes.includes(stored()) ? stored() : "auto"; // what is kept need not be ours

  const apply = () => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
  };
  const next = () => modes[(modes.indexOf(mode) + 1) % modes.length] ?? "auto";

  apply();
  system.addEventListener("change", apply);

  /** A box that scrolls sideways must be reachable by keyboard; one that does not scroll must not be a stop. */
  const scrollers = () => {
    /** @type {NodeListOf<HTMLElement>} */
    const boxes = document.querySelectorAll("pre, .pst-scrollable-table-container, .cell_output .output, .math-block");
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    /** @type {HTMLButtonElement | null} */
    const button = document.querySelector("button.theme");
    if (!button) throw new Error("the layout has a button for the theme");
    const say = () => {
      button.setAttribute("aria-label", `Colours: ${names[mode]}`);
      button.title = `Colours: ${names[mode]} (click: ${names[next()]})`;
    };
    button.hidden = false;
    say();
    button.addEventListener("click", () => {
      mode = next();
      try {
        localStorage.setItem("mode", mode);
      } catch {
        // Not kept; the choice still holds for this page.
      }
      apply();
      say();
    });
    scrollers();
    addEventListener("resize", scrollers);
    /** @type {HTMLInputElement | null} */
    const asked = document.querySelector(".search-form input"); // the search page's own field
    asked?.focus();
  });
})();
