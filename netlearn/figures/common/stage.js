/** What every live figure shares: its place, its parts, and the end of it. */
import { within } from "./within.js";
/** @import { Listen, Model, Part } from "./types.d.ts" */

/**
 * What a figure's module works with: finding parts, listening to them, and the list of what is to be undone at the end.
 * @template [Own=unknown]
 * @typedef {ReturnType<typeof mount<Own>>} Stage
 */

/**
 * Puts a figure into its place, with the caption that a notebook lacks.
 * @template Own
 * @param {Model<Own>} model
 * @param {HTMLElement} el
 * @param {string} [body]  what is shown in place of what the model holds
 */
export function mount(model, el, body = model.get("body")) {
  const alone = !el.closest("figure"); // in a notebook; on a page the figure is around it already
  el.classList.toggle("netlearn-figure", alone);
  el.innerHTML = body; // our own markup, in which Python has escaped every name
  // A page has a caption here only if it tells something: below a question, inside what knows whether that is open.
  const caption = model.get("caption");
  if (caption)
    (el.firstElementChild ?? el).append(
      Object.assign(document.createElement("p"), { className: "nl-caption nl-tells", textContent: caption }),
    );
  // Jupyter draws a figure anew in the same page, again and again: what is not undone would add up.
  /** @type {(() => void)[]} */
  const undo = [];
  /** @type {Listen} */
  const listen = (part, event, act) => {
    const heard = /** @type {EventListener} */ (act); // `Listen` ties the event's name to its type
    part.addEventListener(event, heard);
    undo.push(() => part.removeEventListener(event, heard));
  };
  el.dataset.lmSuppressShortcuts = "true"; // by which JupyterLab knows that keys in here are not for the notebook
  listen(el, "keydown", guard);
  el.addEventListener("click", refuse, true); // before whatever listens inside
  undo.push(() => el.removeEventListener("click", refuse, true));
  undo.push(keepFocus(el, listen));
  const end = () => {
    for (const take of undo) take();
  };
  /**
   * Draws what Python answers, now and whenever it answers again. Gives what ends the figure.
   * @param {() => void} draw
   */
  const follow = (draw) => {
    model.on("change:view", draw);
    undo.push(() => model.off("change:view", draw));
    draw();
    return end;
  };
  return { model, root: el, undo, listen, follow, end, ...within(el) };
}

/**
 * A button that is off (`off` of `keys.js`) hears no click.
 * @param {Event} event
 */
function refuse(event) {
  if (event.target instanceof Element && event.target.closest("[aria-disabled=true]")) event.stopImmediatePropagation();
}

/**
 * What hides or goes off while it has the focus hands it to the next control that is left, or to the one before: else
 * the page would have it, and the reader would begin anew. Gives what ends that.
 * @param {HTMLElement} el
 * @param {Listen} listen
 */
function keepFocus(el, listen) {
  const GONE = ":disabled, [hidden], [hidden] *";
  /** @type {Element | null} */
  let held = null;
  listen(el, "focusin", ({ target }) => {
    held = target instanceof Element ? target : null;
  });
  listen(el, "focusout", () => {
    if (!held?.matches(GONE)) held = null; // the reader went elsewhere
  });
  const hand = new MutationObserver(() => {
    if (!held?.matches(GONE) || ![null, document.body, held].includes(document.activeElement)) return;
    const gone = held;
    const left = within(el)
      .every("button, input, select, summary, [tabindex='0']")
      .filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.matches(":disabled"));
    const isAfter = (/** @type {Part} */ part) =>
      Boolean(gone.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING);
    (left.find(isAfter) ?? left.at(-1))?.focus();
  });
  hand.observe(el, { subtree: true, attributeFilter: ["hidden", "disabled"] });
  return () => hand.disconnect();
}

/**
 * JupyterLab has shortcuts of its own: a letter or an arrow would edit or leave the cell.
 * @param {KeyboardEvent} event
 */
function guard(event) {
  const isTyped = event.target instanceof Element && event.target.matches("input, select");
  if (isTyped || !(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
}

/**
 * A question can be skipped; the focus goes to what comes after it.
 * @param {HTMLElement} part
 * @param {Listen} listen
 */
export function skippable(part, listen) {
  listen(within(part).find("[data-do=skip]"), "click", () => {
    const bar = part.nextElementSibling; // what can be done with the figure is not what there is to see in it
    const next = bar?.matches(".nl-bar") ? bar.nextElementSibling : bar;
    const before = next?.getBoundingClientRect().top ?? 0;
    part.hidden = true;
    if (!(next instanceof HTMLElement)) return;
    scrollBy(0, next.getBoundingClientRect().top - before); // what the reader looks at stays where it is
    next.setAttribute("tabindex", "-1"); // what is no control takes the focus only then
    next.focus({ preventScroll: true });
  });
}
