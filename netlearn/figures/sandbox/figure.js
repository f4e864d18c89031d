/**
 * The sandbox's hands and eyes: it changes the rows that the reader's network is, and shows what Python draws of them.
 * The same module runs in JupyterLab and on the static site.
 */
import { controls } from "../common/controls.js";
import { middle, towards } from "../common/keys.js";
import { flipped } from "../common/network.js";
import { mount } from "../common/stage.js";
import { dataOf, within, write } from "../common/within.js";
import { textOf } from "./files.js";
import { pieces } from "./pieces.js";
import { added, alongCables, freePlace, joined, placed, renamed, withoutLink, withoutNode } from "./rows.js";
import { moving } from "./moving.js";
import { running } from "./running.js";
import { savePng, saveText, svgText } from "./save.js";
/** @import { Context, Part, Pressed } from "../common/types.d.ts" */
/** @import { Shown } from "./pieces.js" */
/** @import { Drawn } from "./rows.js" */

const NOTHING = "Nothing is chosen yet.";

/** @param {Context<Drawn & {view: Shown, exercise: string, show: string}>} context */
function render({ model, el }) {
  const stage = mount(model, el);
  const { find, every, seek, listen } = stage;
  const { show, touched } = pieces(stage);
  const verdict = find("[data-part=verdict]", HTMLElement);
  /** @param {string} words */
  const judged = (words) => {
    verdict.textContent = words;
  };
  // What was asked once is over with the next change, and so is what was said of it.
  const reader = controls(stage, model.get("first"), {
    before: () => {
      model.set("asks", "");
      judged("");
      deck.end();
    },
  });
  const figure = find(".nl-sandbox", HTMLElement);
  const sheet = find("[data-piece=sheet]", HTMLElement);
  const told = find("[data-part=told]", HTMLElement);
  const said = find("[data-part=said]", HTMLElement);
  const deck = running(
    stage,
    figure,
    () => showChosen(),
    () => reader.moved(),
  );
  reader.also("at_us", deck.at_us);
  const hints = JSON.parse(dataOf(find("[data-part=hint]"), "hints"));

  let tool = "break";
  let kind = "router"; // of what was added last: Enter in the field of names adds one more of them
  let answered = ""; // the network that is drawn
  let fresh = ""; // the selector of what is to be brought into view once it is drawn
  /** @type {Pressed & {was?: string} | null} */
  let chosen = null;

  const network = () => JSON.stringify([model.get("nodes"), model.get("links")]);
  /** @returns {Drawn} */
  const drawn = () => ({
    nodes: model.get("nodes"),
    links: model.get("links"),
    cut: model.get("cut"),
    down: model.get("down"),
    anycast: model.get("anycast"),
    source: model.get("source"),
    destination: model.get("destination"),
  });
  const nodeOf = (/** @type {string} */ name) => model.get("nodes").find((row) => row[0] === name);
  const linkOf = (/** @type {string} */ name) => model.get("links").find((row) => row[0] === name);
  const things = () => within(sheet).every("[role=button]");
  /** @param {string} words */
  const tell = (words) => {
    told.textContent = words;
  };
  /** @param {Pressed | null} thing */
  const choose = (thing) => {
    chosen = thing;
    reader.press();
  };

  // What is chosen: what may be changed of it, in fields.
  const problem = find("[data-part=problem]", HTMLElement);
  const ofNode = find("[data-part=of-node]", HTMLElement);
  const ofLink = find("[data-part=of-link]", HTMLElement);
  const name = find("[data-part=name]", HTMLInputElement);
  const other = find("[data-part=other]", HTMLSelectElement);
  const held = find("[data-part=anycast]", HTMLInputElement);
  const joins = find("[data-part=joined]", HTMLInputElement);
  const names = find("[data-part=new-name]", HTMLInputElement);
  const inTime = find("[data-set=show] option[value=run]", HTMLOptionElement);
  const exercises = find("[data-part=exercises]", HTMLSelectElement);
  const fields = {
    there: find("[data-part=there]", HTMLInputElement),
    back: find("[data-part=back]", HTMLInputElement),
  };

  const node = () => (chosen?.node === undefined ? undefined : nodeOf(chosen.node));
  const link = () => (chosen?.link === undefined ? undefined : linkOf(chosen.link));
  const showChosen = () => {
    // A name that was refused is nobody's; whose it was to be goes by the old one.
    if (chosen?.was !== undefined && !node()) chosen = { node: chosen.was };
    if (chosen && !node() && !link()) chosen = null;
    const [its, cable] = [node(), link()];
    ofNode.hidden = !its;
    ofLink.hidden = !cable;
    if (!its && !cable) find("[data-part=chosen-title]").textContent = NOTHING;
    find("[data-part=join-to]").textContent = its ? `on ${its[0]}` : "";
    find(".nl-adding .nl-check", HTMLElement).hidden = !its;
    for (const thing of things()) {
      const isIt = Boolean(chosen) && thing.dataset.node === chosen?.node && thing.dataset.link === chosen?.link;
      thing.classList.toggle("nl-chosen-one", isIt);
    }
    if (its) {
      find("[data-part=of-router]", HTMLElement).hidden = its[1] !== "router";
      held.checked = model.get("anycast").includes(its[0]);
      find("[data-part=chosen-title]").textContent = `Chosen: ${its[0]}`;
      if (name !== document.activeElement) name.value = its[0];
      const others = model.get("nodes").flatMap(([each]) => (each === its[0] ? [] : [each]));
      offer(other, others);
    }
    if (!cable) return;
    const [, a, b] = cable;
    find("[data-part=chosen-title]").textContent = `Chosen: the cable between ${a} and ${b}`;
    for (const [which, from, to] of [
      ["there", a, b],
      ["back", b, a],
    ]) {
      const field = find(`[data-part=${which}]`, HTMLInputElement);
      find(`[data-part=${which}-name]`).textContent = `Metric ${from} to ${to}`;
      write(field, "aria-label", `metric ${from} to ${to}`);
      if (field.parentElement) field.parentElement.hidden = nodeOf(String(from))?.[1] === "lan"; // out of it all is free
    }
  };
  /** @type {(choice: HTMLSelectElement, names: string[]) => void} */
  const offer = (choice, names) => {
    const said = [...choice.options].map((option) => option.value);
    if (names.length === said.length && names.every((name, place) => name === said[place])) return;
    const { value } = choice;
    choice.replaceChildren(...names.map((each) => new Option(each, each)));
    if (names.includes(value)) choice.value = value;
  };
  // What was pressed is seen at once, what follows from it with the answer.
  const showPressed = () => {
    const failed = { node: new Set(model.get("down")), link: new Set(model.get("cut")) };
    for (const thing of things()) {
      if (!thing.hasAttribute("aria-pressed")) continue;
      const { node: its = "", link: cable } = thing.dataset;
      write(thing, "aria-pressed", cable === undefined ? failed.node.has(its) : failed.link.has(cable));
    }
    const nodes = model.get("nodes");
    const sending = (/** @type {string} */ kinds) =>
      nodes.flatMap(([each, its]) => (kinds.includes(its) ? [each] : []));
    const senders = sending("router host");
    // Whoever has chosen none sees between whom the flows go; that follows what is drawn.
    const hosts = sending("host");
    const usual = hosts.length > 1 ? hosts : senders;
    for (const [end, other] of /** @type {const} */ ([
      ["source", usual[0]],
      ["destination", usual.at(-1)],
    ])) {
      const choice = find(`[data-set=${end}]`, HTMLSelectElement);
      offer(choice, senders);
      choice.value = model.get(end) || (other ?? "");
    }
    inTime.disabled = nodes.length > Number(inTime.dataset.most);
    inTime.text = dataOf(inTime, inTime.disabled ? "tooMany" : "words");
    find("[data-part=task]", HTMLElement).hidden = !model.get("exercise");
    exercises.value = model.get("exercise") && `exercise:${model.get("exercise")}`;
    // While Python is on its way to this page, a drawing of another network is not to be taken for this one.
    figure.toggleAttribute("data-other", network() !== answered);
  };
  reader.pressing.push(showPressed, showChosen);

  // What changes the network.
  /** @type {(a: string, b: string) => void} */
  const connect = (a, b) => {
    reader.set(joined(drawn(), a, b));
    if (linkOf(model.get("links").at(-1)?.[0] ?? "")) tell(`A cable joins ${a} and ${b}.`);
  };
  /** @param {Pressed} thing */
  const remove = (thing) => {
    const { link: cable, node: its } = thing;
    chosen = null;
    if (cable === undefined) {
      const many = model.get("links").filter(([, a, b]) => its === a || its === b).length;
      reader.set(withoutNode(drawn(), its));
      tell(`${its} is gone${many ? `, and ${many === 1 ? "the cable" : `the ${many} cables`} at it` : ""}.`);
    } else {
      reader.set(withoutLink(drawn(), cable));
      tell(`The cable ${cable} is gone.`);
    }
  };
  /**
   * Adds what is named in the field, or one without a name of its own, to the node that is chosen. It stays chosen: what
   * comes next hangs on it, too.
   */
  const add = () => {
    const now = drawn();
    const box = within(sheet).find("svg", SVGSVGElement).viewBox.baseVal;
    const beside = node();
    const isJoined = beside && joins.checked && !(kind === "lan" && beside[1] === "lan");
    const asked = names.value.split(",").flatMap((each) => each.trim() || []);
    const double = asked.find((each, place) => nodeOf(each) || asked.indexOf(each) < place);
    if (double !== undefined) {
      problem.textContent = `${double} is the name of another one; each has its own.`;
      return;
    }
    const ink = alongCables(within(sheet).every(".nl-line", SVGPathElement));
    const made = (asked.length ? asked : [""]).map((each) => {
      const last = beside ?? now.nodes.at(-1);
      const near = last ? { x: last[2] + 140, y: last[3] } : { x: 130, y: Math.round(box.height / 20) * 10 };
      const place = freePlace(now.nodes, ink, box, near, kind, isJoined ? beside[0] : undefined);
      const { name: own, nodes } = added(now, kind, place, each);
      Object.assign(now, { nodes }, isJoined ? joined({ nodes, links: now.links }, beside[0], own) : {});
      return own;
    });
    fresh = made.map((each) => `[data-node="${CSS.escape(each)}"]`).join();
    reader.set({ nodes: now.nodes, links: now.links });
    take("move");
    names.value = "";
    const [first = "", ...more] = made;
    choose({ node: beside?.[0] ?? made.at(-1) ?? first });
    const who = more.length ? `${first} and ${more.length} more` : first;
    const where = isJoined
      ? `connected to ${beside[0]}. Press another node to go on there.`
      : "connected to nothing yet.";
    tell(`${who} ${more.length ? "are" : "is"} there, ${where}`);
  };

  /** @type {Record<string, (thing: Pressed) => void>} */
  const acts = {
    break: ({ link: cable, node: its }) => {
      if (cable !== undefined) return reader.set({ cut: flipped(model.get("cut"), cable) });
      if (nodeOf(its)?.[1] !== "host") return reader.set({ down: flipped(model.get("down"), its) });
      tell(`${its} is a host and stays up; cut its cable.`);
    },
    move: choose,
    connect: (thing) => {
      const from = node()?.[0];
      if (thing.node === undefined) return;
      if (from === undefined) {
        choose(thing);
        tell(`From ${thing.node}: now the other end.`);
      } else {
        choose(null);
        if (from !== thing.node) connect(from, thing.node);
      }
    },
    remove,
  };
  /** @param {string} now */
  const take = (now) => {
    if (now === tool) return;
    tool = now;
    write(figure, "data-doing", tool);
    find("[data-part=hint]").textContent = hints[tool];
    tell("");
    choose(null);
  };
  reader.oneOf("tool", () => tool, take);

  // The sheet: one tab stop, arrow keys between what is on it.
  /** @param {Part} part */
  const pressedOf = (part) =>
    /** @type {Pressed} */ (
      part.dataset.link === undefined ? { node: part.dataset.node } : { link: part.dataset.link }
    );
  /** @param {Event} event */
  const partOf = ({ target }) =>
    /** @type {Part | null} */ (target instanceof Element ? target.closest("[role=button]") : null);
  const { hand, isDragged } = moving(stage, sheet, {
    tool: () => tool,
    nodes: () => model.get("nodes"),
    links: () => model.get("links"),
    put: (its, place) => reader.set({ nodes: placed(model.get("nodes"), its, place) }),
    choose: (its) => choose({ node: its }),
    connect,
    tell,
  });
  listen(sheet, "click", (event) => {
    if (isDragged()) return;
    const part = partOf(event);
    if (part) return acts[tool]?.(pressedOf(part));
    const its = node();
    if (tool === "move" && its) hand.putAt(its[0], event);
  });
  listen(sheet, "keydown", (event) => {
    const part = partOf(event);
    if (!part || event.ctrlKey || event.metaKey || event.altKey) return;
    if (hand.key(event)) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      const thing = pressedOf(part);
      acts[tool]?.(thing);
      if (tool === "move" && thing.node !== undefined) hand.lift(thing.node);
      return;
    }
    const parts = things();
    const goal =
      event.key === "Home"
        ? parts[0]
        : event.key === "End"
          ? parts.at(-1)
          : parts[towards(middle(part), parts.map(middle), event.key)];
    if (!goal) return;
    event.preventDefault();
    goal.focus();
  });
  listen(sheet, "focusin", (event) => {
    const part = partOf(event);
    if (part) for (const each of things()) write(each, "tabindex", each === part ? "0" : "-1");
  });

  // What is said of a link lies over the sheet on a phone, until the reader goes on.
  listen(figure, "pointerdown", ({ target }) => {
    if (!said.contains(/** @type {Node} */ (target))) said.replaceChildren();
  });

  // Buttons and fields.
  for (const button of every("[data-do=add]")) {
    // Whoever types goes on typing: the field keeps the focus, and a phone its keyboard.
    listen(button, "mousedown", (event) => {
      if (names === document.activeElement) event.preventDefault();
    });
    listen(button, "click", () => {
      const isNamed = names.value !== "";
      kind = dataOf(button, "kind");
      add();
      if (isNamed && matchMedia("(pointer: fine)").matches) names.focus(); // whoever has a keyboard types the next
    });
  }
  listen(names, "keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) add();
  });
  for (const button of every("[data-do=remove]"))
    listen(button, "click", () => {
      if (chosen) remove(chosen);
    });
  listen(find("[data-do=connect]"), "click", () => {
    const its = node();
    if (its && other.value) connect(its[0], other.value);
  });
  listen(find("[data-do=clear]"), "click", () => {
    chosen = null;
    fresh = ".nl-first-words";
    reader.set({ nodes: [], links: [], cut: [], down: [], anycast: [], source: "", destination: "", exercise: "" });
    tell("Undo brings back what was there.");
  });
  listen(name, "change", () => {
    const its = node();
    if (!its || name.value === its[0]) return;
    if (nodeOf(name.value)) {
      problem.textContent = `${name.value} is the name of another one; each has its own.`;
      name.value = its[0];
      return;
    }
    chosen = { node: name.value, was: its[0] };
    reader.set(renamed(drawn(), its[0], name.value));
    tell(`${its[0]} is to be called ${name.value}.`);
  });
  for (const [which, place] of /** @type {const} */ ([
    ["there", 3],
    ["back", 4],
  ]))
    reader.number(
      fields[which],
      () => link()?.[place],
      (value) => {
        const its = link();
        if (!its || value === null) return;
        const now = its.with(place, value);
        reader.set({ links: model.get("links").map((row) => (row === its ? now : row)) });
      },
    );

  // Another network: by its name, or out of a file, whose text Python reads.
  const preset = find("[data-part=preset]", HTMLSelectElement);
  const file = find("[data-part=file]", HTMLInputElement);
  /** @param {string} words */
  const ask = (words) => {
    problem.textContent = "";
    model.set("asks", words);
    model.save_changes();
  };
  // What was told of a change is not true any more once that is taken back.
  for (const act of ["undo", "redo", "reset"]) listen(find(`[data-do=${act}]`), "click", () => tell(""));
  listen(preset, "change", () => {
    if (preset.value) ask(preset.value);
    preset.value = "";
  });
  listen(exercises, "change", () => {
    if (exercises.value) ask(exercises.value);
    else reader.set({ exercise: "" });
  });
  for (const button of every("[data-do=save]"))
    listen(button, "click", () => {
      const svg = within(sheet).find("svg", SVGSVGElement);
      if (button.dataset.form === "svg") saveText("network.svg", "image/svg+xml", svgText(svg));
      else if (button.dataset.form === "png") savePng(svg, "network.png");
      else ask(dataOf(button, "form"));
    });
  listen(find("[data-do=check]"), "click", () => ask("check"));
  listen(held, "change", () => {
    const its = node();
    if (its) reader.set({ anycast: flipped(model.get("anycast"), its[0]), show: "catchments" });
  });
  listen(file, "change", async () => {
    const [its] = file.files ?? [];
    if (!its) return;
    try {
      text = await textOf(its);
      key.replaceChildren();
      ask(text);
    } catch (reason) {
      problem.textContent = reason instanceof Error ? reason.message : String(reason);
    }
    file.value = "";
  });
  // Of a file without metrics the reader says what they are.
  let text = "";
  const metrics = find("[data-part=metrics]", HTMLElement);
  const key = find("[data-part=metric-key]", HTMLSelectElement);
  listen(key, "change", () => ask(key.value + text));
  /** @type {(state: Drawn, keys?: [ask: string, words: string][]) => void} */
  const opened = (state, keys) => {
    chosen = null;
    model.set("asks", ""); // before what is there now is noted as what was there before
    reader.set({ ...state });
    const { value: now } = key;
    if (keys) key.replaceChildren(...keys.map(([value, words]) => new Option(words, value, false, value === now)));
    metrics.hidden = !keys;
    const many = `${state.nodes.length} nodes and ${state.links.length} links`;
    tell(`A network of ${many} is there. Undo brings back the last one.`);
  };

  return stage.follow(() => {
    const had = sheet.contains(document.activeElement);
    const { opened: another, keys, verdict: judgement, saved, run } = model.get("view");
    if (another) queueMicrotask(() => opened(another, keys)); // once this answer is taken
    show(model.get("view"));
    answered = network();
    const parts = things();
    if (!parts.some((part) => part.tabIndex === 0)) parts[0]?.setAttribute("tabindex", "0");
    if (had && !sheet.contains(document.activeElement)) (parts[0] ?? seek("[data-do=add]"))?.focus();
    reader.show();
    write(figure, "data-show", model.get("show"));
    deck.play(run);
    if (run) touched();
    if (judgement) judged(judgement);
    if (saved) saveText(...saved);
    if (judgement || saved) model.set("asks", ""); // it was answered
    for (const part of fresh ? within(sheet).every(fresh) : []) {
      fresh = "";
      part.scrollIntoView({ block: "nearest" });
    }
  });
}

export default { render };
