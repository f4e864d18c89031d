/** The player's question: the reader's own way, before the routers' is seen. */
import { kept } from "../common/kept.js";
import { partsOf } from "../common/view.js";

/**
 * Predict, then watch: the reader clicks the way that they expect, router by router. It is kept in the reader's browser
 * only, and stands beside the simulation's answer once the end has been seen.
 */
export function prediction(part, { model, every, listen, run, lock }) {
  const nothing = { add() {}, judge() {}, asks: () => false };
  if (!part) return nothing;
  const shelf = kept(part.dataset.prediction);
  const given = JSON.parse(part.dataset.case);
  const feedback = new Map(Object.entries(JSON.parse(part.dataset.feedback)));
  const { start, goal, hops } = given;
  const written = (nodes) => nodes.join(" → ");
  const find = (selector) => part.querySelector(selector);
  const verdict = find(".nl-verdict");
  const sofar = find("[data-part=sofar]");
  const links = every("[data-ends]").map(({ dataset }) => ({ name: dataset.link, ends: partsOf(dataset.ends, " ") }));
  const between = (a, b) =>
    links.find(({ name, ends }) => ends.includes(a) && ends.includes(b) && !given.cut.includes(name));
  const done = (way) => (hops ? way.length > hops : way.at(-1) === goal);
  /** Whether this is a way that the reader can have clicked: as it was asked for, over cables that work. */
  const possible = (way) =>
    Array.isArray(way) &&
    way[0] === start &&
    done(way) &&
    new Set(way).size === way.length &&
    way.length <= (hops ?? Infinity) + 1 &&
    way.every((node, index) => !given.down.includes(node) && (index === 0 || between(way[index - 1], node)));
  let way = [start];
  let fixed = false;
  let skipped = false;
  let seen = false;
  const before = shelf.get((said) => possible(said?.way));
  if (before) [way, fixed, seen] = [before.way, true, before.seen === true];
  const keep = () => shelf.set({ way, seen });
  const draw = () => {
    const taken = way.slice(1).map((node, index) => between(way[index], node)?.name);
    for (const line of every("[data-guess]")) line.classList.toggle("nl-guessed", taken.includes(line.dataset.guess));
    sofar.textContent = fixed
      ? ""
      : way.length > 1
        ? `Your way so far: ${written(way)}`
        : `Your way begins at ${start}.`;
    part.classList.toggle("nl-fixed", fixed);
    find("[data-do=again]").hidden = way.length < 2;
    find("[data-do=skip]").hidden = fixed;
  };
  const add = (node) => {
    if (fixed) return;
    const last = way.at(-1);
    const known = way.indexOf(node);
    verdict.textContent = "";
    if (known >= 0) way = way.slice(0, known + 1);
    else if (given.down.includes(node)) verdict.textContent = `${node} is down. Nothing passes there.`;
    else if (!between(last, node)) verdict.textContent = `No cable that works leads from ${last} to ${node}.`;
    else way = [...way, node];
    if (done(way)) {
      fixed = true;
      keep();
      draw();
      judge(false);
      lock(false, true);
    } else draw();
  };
  /** Whether the reader's settings are those that were asked about. */
  const asked = () =>
    ["cut", "down", "metrics"].every((each) => JSON.stringify(model.get(each)) === JSON.stringify(given[each]));
  const judge = (ended) => {
    if (!fixed || !run()) return;
    if (ended && asked() && !seen) {
      seen = true;
      keep();
    }
    const mine = written(way);
    if (!seen) return void (verdict.textContent = `You expect ${mine}. Now play it, and compare.`);
    if (!asked()) return; // what there is to say of it stays
    const found = hops ? run().ends[start].map((hop) => [start, hop]) : run().ways;
    const right = found.some((each) => JSON.stringify(each) === JSON.stringify(way));
    const more = feedback.get(mine) ?? feedback.get(right ? "right" : "") ?? "";
    verdict.replaceChildren();
    for (const [label, words] of [
      ["You said: ", mine],
      ["The routers: ", found.length ? found.map(written).join(", or ") : "no way is left"],
      [right ? (found.length > 1 ? "Yes, that is one of them. " : "Yes. ") : "Not this time. ", more],
    ]) {
      const line = document.createElement("span");
      const strong = document.createElement("strong");
      strong.textContent = label;
      line.append(strong, words);
      verdict.append(line);
    }
  };
  listen(find("[data-do=again]"), "click", () => {
    [way, fixed, seen] = [[start], false, false];
    shelf.forget();
    verdict.textContent = "";
    draw();
    lock(true);
  });
  listen(find("[data-do=skip]"), "click", () => {
    skipped = true;
    part.hidden = true;
    way = [start];
    draw();
    lock(false, true);
  });
  draw();
  judge(false);
  return { add, judge, asks: () => !fixed && !skipped };
}
