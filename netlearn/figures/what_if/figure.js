/**
 * The hands and eyes of what might fail: it reports what the reader cut or took down, and shows what Python answers, once
 * the reader has said what to worry about. The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { network } from "../common/network.js";
import { prediction } from "../common/predict.js";
import { mount } from "../common/stage.js";
import { patcher } from "../common/view.js";
/** @import { Context, View } from "../common/types.d.ts" */

/** @param {Context<{view: View}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { seek, every, listen } = stage;
  const show = patcher(el);
  const reader = controls(stage);
  network(stage, reader);
  // What is asked about is the network as it is: it is answered as soon as something was said.
  const answers = every("[data-option]");
  const isAnswered = () => answers.some((answer) => answer.getAttribute("aria-pressed") === "true");
  const judge = prediction(seek("[data-prediction]", HTMLElement), model, listen, isAnswered);
  return stage.follow(() => {
    show(model.get("view"));
    reader.show();
    judge();
  });
}

export default { render };
