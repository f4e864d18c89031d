/**
 * The page's host for figures: finds them, gives each the same module that JupyterLab uses, and keeps the reader told
 * about how Python is doing. It knows no figure by name.
 */
import { Model } from "./model.js";
import { call, follow, isReady, isStarted } from "./python.js";
/** @import { Condition, Live } from "./model.js" */

const here = new URL("./", import.meta.url);
const LATE_MS = 400;
/** @type {(act: () => void) => void} */
const whenIdle = self.requestIdleCallback ?? ((act) => setTimeout(act, 200)); // not every browser has the former

/**
 * A recorded answer that is too large for the page.
 * @param {string} name
 */
async function beside(name) {
  const response = await fetch(new URL(name, here));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

/**
 * Makes one figure live in the place of its picture.
 * @param {HTMLElement} figure
 */
async function enliven(figure) {
  if (!/^[a-z_]+$/.test(figure.dataset.figure ?? "")) throw new Error(`${figure.dataset.figure} is no figure`);
  /** @type {Live} */
  const live = JSON.parse(figure.querySelector(":scope > script")?.textContent ?? "");
  const module = (await import(new URL(`figures/${figure.dataset.figure}.js`, here).href)).default;
  const stage = document.createElement("div");
  /** @type {(now: Condition) => void} */
  let show = () => {};
  /** @type {Condition} */
  let now = "fresh";
  const tell = (/** @type {Condition} */ its) => {
    now = its;
    show(its);
  };
  const model = new Model(live, call, tell, beside);
  const saved = model.save_changes.bind(model);
  model.save_changes = () => {
    warmUp(live, model);
    return saved();
  };
  const still = figure.querySelector(":scope > .nl-still");
  still?.replaceWith(stage, ...still.querySelectorAll(":scope > .nl-later")); // which paper shows
  await module.initialize?.({ model });
  await module.render({ model, el: stage });
  if (live.function) show = condition(figure, placeForStatus(stage));
  show(now); // what was kept of it may be asked for already
  figure.dataset.live = "yes";
}

/**
 * Where a figure wants to be told about waiting and failing; below itself if it does not say.
 * @param {HTMLElement} stage
 */
function placeForStatus(stage) {
  const place = stage.querySelector("[data-part=status]");
  if (place) return place;
  const made = Object.assign(document.createElement("div"), { className: "nl-wait", role: "status" });
  stage.after(made);
  return made;
}

/**
 * After the first change Python starts quietly and answers once for nobody, so that the next change need not wait;
 * not where data is dear.
 * @param {Live} live
 * @param {Model} model
 */
function warmUp({ function: name }, model) {
  /** @type {{saveData?: boolean} | undefined} */
  const line = Reflect.get(navigator, "connection"); // only some browsers tell of it
  // What a browser kept and a link tells are no act of the reader's, who may only read.
  if (!name || line?.saveData || navigator.userActivation?.hasBeenActive === false) return;
  whenIdle(() => {
    if (isStarted()) return;
    call(name, model.state()).catch(() => {}); // whoever asks next is told
  });
}

/**
 * Shows how a figure is doing: fresh, waiting for Python, or why there is no answer.
 * @param {HTMLElement} figure
 * @param {Element} status
 * @returns {(now: Condition) => void}
 */
function condition(figure, status) {
  let unfollow = () => {};
  return (now) => {
    unfollow();
    status.replaceChildren();
    figure.classList.toggle("nl-stale", now !== "fresh");
    if (now === "fresh") return;
    if (now !== "waiting") {
      status.append(`${now.failed}. The picture still shows the last answer; the next change tries again.`);
      return;
    }
    const words = document.createElement("span");
    if (isReady()) {
      // Most answers are there sooner: whoever hears the page is told of a wait that is one, and no more than once.
      Object.assign(words, { className: "nl-late", textContent: "Working it out …" });
      const late = setTimeout(() => status.append(words), LATE_MS);
      unfollow = () => clearTimeout(late);
      return;
    }
    const bar = document.createElement("progress");
    const isSent = location.hash.startsWith(`#${figure.id}=`);
    words.textContent = isSent
      ? "Opening the link: Python is starting in this page … "
      : "Starting Python in this page for this answer … ";
    bar.setAttribute("aria-label", "Python is arriving");
    const count = document.createElement("span");
    count.setAttribute("aria-hidden", "true"); // a number that runs is not to be read out
    status.append(words, bar, " ", count);
    unfollow = follow((loaded, total) => {
      if (!total) return;
      bar.max = total;
      bar.value = Math.min(loaded, total);
      count.textContent = `${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
    });
  };
}

// Paper opens what is folded in a picture; browsers that know `::details-content` do so without this.
addEventListener("beforeprint", () => {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folds = document.querySelectorAll("details.nl-later");
  for (const fold of folds) fold.open = true;
});

/** @type {NodeListOf<HTMLElement>} */
const figures = document.querySelectorAll("figure[data-figure]");
const alive = [...figures].map((figure) =>
  enliven(figure).catch((reason) => {
    figure.dataset.live = "no"; // the picture is still there
    console.error(reason);
  }),
);

/**
 * Goes to the figure whose state the address tells (`link.js` reads that): no browser knows such a place by itself. One
 * that is not here has nobody else to say so.
 */
function goToFigure() {
  const [, id] = /^#([^=]+)=/.exec(location.hash) ?? [];
  if (id === undefined) return;
  const named = [...figures].find((figure) => figure.id === id);
  if (named) return named.scrollIntoView();
  const words = "This link leads to a figure that is not on this page.";
  const lost = Object.assign(document.createElement("p"), { className: "nl-problem nl-lost-link", textContent: words });
  lost.setAttribute("role", "alert");
  document.querySelector(".nl-lost-link")?.remove();
  document.querySelector("h1")?.after(lost);
  lost.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", goToFigure);
const [arrival] = performance.getEntriesByType("navigation");
// Only now all stand in their places. Who comes back is led by the browser to where they were.
if (!arrival || Reflect.get(arrival, "type") === "navigate") Promise.all(alive).then(goToFigure);
