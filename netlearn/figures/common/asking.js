/** Whether the question above a figure is still open, and so what of it is seen. */
/** @import { Part } from "./types.d.ts" */

/** What is said to whoever answers with nothing. */
export const EMPTY = "Choose an answer first.";

/**
 * Whether the question above a figure is still open: as long as it is, what tells (`nl-tells`) is not seen, and what asks
 * (`nl-asks`) is.
 * @param {Part} part  the question, or anything else just below the figure's root
 * @param {boolean} open
 */
export function asking(part, open) {
  part.parentElement?.classList.toggle("nl-asking", open);
}
