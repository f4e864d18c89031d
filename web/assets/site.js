// The page's own script: the colour theme, and wide boxes that the keyboard can scroll. All else works without scripts.
// It runs in the head and before anything is painted, so that a dark page never flashes light.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const modes = ["auto", "light", "dark"];
  const names = { auto: "as the system", light: "light", dark: "dark" };

  /** The reader's choice; storage may be forbidden, then it lasts for this page. */
  const stored = () => {
    try {
      return localStorage.getItem("mode");
    } catch {
      return null;
    }
  };
  let mode = modes.includes(stored()) ? stored() : "auto";

  const apply = () => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
  };
  const next = () => modes[(modes.indexOf(mode) + 1) % modes.length];

  apply();
  system.addEventListener("change", apply);

  /** A box that scrolls sideways must be reachable by keyboard; one that does not scroll must not be a stop. */
  const scrollers = () => {
    for (const box of document.querySelectorAll(
      "pre, .pst-scrollable-table-container, .cell_output .output, .math-block",
    )) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
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
    if (document.querySelector(".search-form")) document.querySelector(".search-form input").focus();
  });
})();
