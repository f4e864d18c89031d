/**
 * The search page: what the book says of a question, each place with its sentence and a link to its section. The
 * question stands in the address, so it can be sent, kept and gone back to.
 */
import { lookThrough } from "./book.js";
import { inPieces, TYPED, telling } from "./sentence.js";
/** @import { Contents, Place } from "./book.js" */

const MOST_PLACES = 40; // that are shown; who finds more asks more exactly
const LONGEST_ECHO = 60; // letters of the question that are said back
const LEAST_FRAGMENT = 25; // letters by which a sentence is found again, and not another
const MOST_FRAGMENT = 80;

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 */
function part(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the search page has ${selector}`);
  return found;
}

const form = part(".search-form", HTMLFormElement);
const field = part(".search-form input", HTMLInputElement);
const status = part("#search-said", HTMLElement);
const help = part("#search-help", HTMLElement);
const list = part("#search-results", HTMLOListElement);
const root = document.documentElement.dataset.content_root ?? "./";

/**
 * @param {string} tag
 * @param {...(string | Node)} inside
 */
function made(tag, ...inside) {
  const element = document.createElement(tag);
  element.append(...inside);
  return element;
}

/**
 * @param {string} text
 * @param {Set<string>} words
 */
const marked = (text, words) => inPieces(text, words).map((piece, at) => (at % 2 ? made("mark", piece) : piece));

/**
 * Where a place is: its section, and in it the sentence, which browsers that know such addresses mark by themselves.
 * @param {Place} place
 * @param {string | undefined} sentence  of prose; what stands on a screen need not be found twice
 */
function address(place, sentence = "") {
  const start = sentence.length > MOST_FRAGMENT ? sentence.slice(0, MOST_FRAGMENT).replace(/\s\S*$/, "") : sentence;
  const isSure = "fragmentDirective" in document && start.length >= LEAST_FRAGMENT && !start.includes(" · ");
  const fragment = isSure ? `:~:text=${encodeURIComponent(start).replaceAll("-", "%2D")}` : "";
  return root + place.address + fragment;
}

/** @param {Place} place */
function row(place) {
  const told = telling(place.said, place.words);
  const screen = told === undefined ? telling(place.shown, place.words) : undefined;
  const sentence = told ?? screen ?? place.said.find(Boolean) ?? "";
  const isTyped = sentence.startsWith(TYPED);
  const link = made("a", ...marked(place.heading, place.words));
  link.setAttribute("href", address(place, isTyped ? "" : told));
  if (place.heading !== place.page) link.prepend(made("span", place.page, " › "));
  const item = made("li", link);
  const said = marked(isTyped ? sentence.slice(TYPED.length) : sentence, place.words);
  if (isTyped) item.append(made("p", made("code", ...said)));
  else if (screen) item.append(made("p", made("samp", ...said)));
  else if (sentence) item.append(made("p", ...said));
  return item;
}

/** @param {number} count @param {string} one */
const number = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** @param {ReturnType<typeof lookThrough>} look */
function answer(look) {
  const question = field.value.trim();
  const { places, isWhole } = look(question);
  const echo = question.length > LONGEST_ECHO ? `${question.slice(0, LONGEST_ECHO)}…` : question;
  const pages = new Set(places.map(({ page }) => page)).size;
  let words = "";
  if (question && !places.length) words = `Nothing found for “${echo}”.`;
  else if (places.length) {
    const rest = places.length > MOST_PLACES ? `; the first ${MOST_PLACES} of them` : "";
    words = `“${echo}”: ${number(places.length, "place")} on ${number(pages, "page")}${rest}.`;
    if (!isWhole) words = `No place has all of these words. Some of them: ${words}`;
  }
  if (status.textContent !== words) status.textContent = words;
  help.hidden = places.length > 0;
  list.replaceChildren(...places.slice(0, MOST_PLACES).map(row));
}

const contents = fetch(new URL("book.json", import.meta.url)).then((response) => {
  if (!response.ok) throw new Error(`book.json: ${response.status}`);
  return response.json();
});
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) status.textContent = "Reading the book …";
try {
  const look = lookThrough(/** @type {Contents} */ (await contents));
  answer(look);
  document.querySelector("#search-without")?.remove();
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    const here = new URL(location.href);
    here.search = field.value.trim() ? `?${new URLSearchParams({ q: field.value.trim() })}` : "";
    history.replaceState(history.state, "", here);
    answer(look);
  });
} catch (reason) {
  status.textContent = "The search could not be loaded.";
  console.error(reason);
}
