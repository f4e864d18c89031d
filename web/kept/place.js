/** Keeps in this browser where the reader is in the book; the first page says where that was, and what was answered. */
import { kept } from "../../netlearn/figures/common/kept.js";
import { answered, names, PREFIX, questions } from "./record.js";

/** @typedef {{address: string, title: string, heading: string, id: string}} Place */

const shelf = kept("place");
const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

/** @param {unknown} said @returns {said is Place} */
const isPlace = (said) =>
  typeof said === "object" &&
  said !== null &&
  ["address", "title", "heading", "id"].every((name) => typeof Reflect.get(said, name) === "string") &&
  /^[\w/-]+\.html$/.test(Reflect.get(said, "address"));

/** @param {Element} heading  its words, without the link beside them */
const words = (heading) =>
  [...heading.childNodes]
    .filter((part) => !(part instanceof Element && part.matches(".headerlink")))
    .map((part) => part.textContent)
    .join("");

/** The section that is being read: the last one that begins above the middle of the screen. */
function keep() {
  const headings = [...document.querySelectorAll("article :is(h1, h2, h3)")];
  const read = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2);
  const [first] = headings;
  if (!first) return;
  const last = read.at(-1) ?? first;
  const id = last.closest("section[id]")?.id ?? "";
  shelf.set({
    address: location.href.slice(root.href.length).replace(/[?#].*/, ""),
    title: words(first),
    heading: last === first ? "" : words(last),
    id,
  });
}

/**
 * The place stands there at once, so that nothing moves under the reader's hand; how much was answered joins it.
 * @param {Element} before  what it stands before
 */
async function tell(before) {
  const place = shelf.get(isPlace);
  const said = document.createElement("p");
  said.id = "where-i-was";
  const more = document.createElement("a");
  more.href = new URL("kept.html", root).href;
  more.textContent = "What this browser keeps";
  if (place) {
    const link = document.createElement("a");
    link.href = new URL(`${place.address}#${encodeURIComponent(place.id)}`, root).href;
    link.textContent = place.heading ? `${place.title}: ${place.heading}` : place.title;
    said.append("You were at ", link, ". ", more);
    before.before(said);
  }
  const { count, all } = answered(await questions());
  if (!count) return;
  said.append(...(place ? [] : [more]));
  more.before(`${place ? "Answered:" : "You have answered"} ${count} of ${all} questions. `);
  before.before(said);
}

const start = document.querySelector(".cell.tag_start");
if (!start) {
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
} else if (names().some((name) => name.startsWith(PREFIX))) await tell(start);
