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
 */
export function running({ undo }, figure, turned) {
  /** @type {(() => void)[]} */
  let own = [];
  const end = () => {
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
    end();
    if (!run) return;
    const show = patcher(figure);
    const turn = (/** @type {import("../common/types.d.ts").View} */ view) => {
      show(view);
      turned();
    };
    player(figure, listen, own, turn, () => {}).load(run, 0);
  };
  return { play, end };
}
