/** The pieces of the figure that Python draws anew. */
import { within, write } from "../common/within.js";
import { renew } from "./renew.js";
/** @import { View } from "../common/types.d.ts" */
/** @import { Stage } from "../common/stage.js" */
/** @import { Run } from "../run/run.js" */
/** @import { Drawn } from "./rows.js" */

/**
 * What Python says: the pieces, or of those that stood there first what differs; and the network that was asked for.
 * @typedef {object} Shown
 * @property {Record<string, string>} [pieces]
 * @property {View} [changed]
 * @property {Drawn} [opened]
 * @property {[ask: string, words: string][]} [keys]  what asks for that network with other metrics, and what these are
 * @property {string} [verdict]
 * @property {Run} [run]  whose first moment the pieces show
 * @property {[name: string, type: string, text: string]} [saved]  a file
 */

/**
 * Shows pieces, those as they were at first where nothing else is said.
 * @param {Pick<Stage, "every">} stage
 */
export function pieces({ every }) {
  const all = every("[data-piece]").map((part) => ({ part, name: part.dataset.piece ?? "", first: part.innerHTML }));
  const now = new Map(all.map(({ part, first }) => [part, first]));
  /** @param {Shown} shown */
  const show = ({ pieces: said = {}, changed = {} }) => {
    const differs = Object.entries(changed);
    for (const { part, name, first } of all) {
      const markup = said[name] ?? first;
      if (now.get(part) !== markup) renew(part, markup);
      now.set(part, markup);
    }
    for (const [key, names] of differs)
      for (const { part } of all) {
        const its = within(part).seek(`[data-key="${CSS.escape(key)}"]`);
        if (!its) continue;
        now.delete(part); // it is not what its markup says any more
        for (const [name, value] of Object.entries(names)) {
          if (name !== "text") write(its, name, value);
          else if (its.textContent !== value) its.textContent = value;
        }
      }
  };
  /** Somebody else changes them as well: they are not what their markup says any more. */
  const touched = () => now.clear();
  return { show, touched };
}
