/** A run on the sheet: the player of its moments, made anew for each run, whose lanes and list are other ones. */
import { patcher } from "../common/view.js";
import { player } from "../run/run.js";
/** @import { Stage } from "../common/stage.js" */
/** @import { Listen, Part } from "../common/types.d.ts" */
/** @import { Run } from "../run/run.js" */

/**
 * @param {Pick<Stage, "undo">} stage
 * @param {Part} figure
 * @param {() => void} turned  comes after each moment that is shown
 * @param {() => void} moved  comes after the reader has gone to another time
 */
export function running({ undo }, figure, turned, moved) {
  /** @type {(() => void)[]} */
  let own = [];
  /** @type {ReturnType<typeof player> | null} */
  let now = null;
  const end = () => {
    now = null;
    for (const take of own) take();
    own = [];
  };
  undo.push(end);
  /** @type {Listen} */
  const listen = (part, event, act) => {
    const heard = /** @type {EventListener} */ (act);
    part.addEventListener(event, heard);
    own.push(() => part.removeEventListener(event, heard));
  };
  /** @param {Run | undefined} run */
  const play = (run) => {
    const at = now?.at_us.get(); // the same run, of which something was asked
    end();
    if (!run) return;
    const show = patcher(figure);
    const turn = (/** @type {import("../common/types.d.ts").View} */ view) => {
      show(view);
      turned();
    };
    now = player(figure, listen, own, turn, moved);
    now.load(run, 0);
    if (at !== undefined) now.at_us.put(at);
  };
  /** The time of the run that is shown, as a part of the figure's state. */
  const at_us = {
    get: () => now?.at_us.get(),
    put: (/** @type {unknown} */ time) => now?.at_us.put(time),
    fits: Number.isSafeInteger,
  };
  return { play, end, at_us };
}
