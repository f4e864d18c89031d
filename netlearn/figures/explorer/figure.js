/**
 * The explorer's hands and eyes: it reports what the reader cut, took down or changed, and shows what Python answers.
 * The same module runs in JupyterLab and on the static site.
 */
import { changed } from "../common/changed.js";
import { controls } from "../common/controls.js";
import { network } from "../common/network.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
import { traveller } from "../common/ways.js";
/** @import { Context, View } from "../common/types.d.ts" */

/** @param {Context<{view: View}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { find, seek, listen, undo } = stage;
  const show = patcher(el);
  const way = find("[data-key=way]", SVGPathElement);
  const dot = find("[data-key=dot]", SVGGElement);
  const packet = traveller(undo);
  const reader = controls(stage);
  network(stage, reader);
  const mark = changed(stage, reader);
  const judge = prediction(seek("[data-prediction]", HTMLElement), model, listen);
  listen(find("[data-do=send]"), "click", () => packet.send(way, dot));
  return stage.follow(() => {
    packet.halt();
    show(model.get("view"));
    mark();
    packet.follow(way, dot);
    reader.show();
    judge();
  });
}

export default { render };
