/** The book as one looks through it: which of its sections are about what is asked, the best first. */
import MiniSearch from "./minisearch.js";
import { isAddress, things, words } from "./words.js";
/** @import { Query } from "./minisearch.js" */

/**
 * @typedef {{pages: [address: string, title: string, isChapter: boolean][], sections: Row[]}} Contents
 * @typedef {[page: number, id: string, heading: string, said: string, shown: string]} Row
 * @typedef {{address: string, page: string, heading: string, said: string[], shown: string[], words: Set<string>}} Place
 */

const MOST_LETTERS = 400; // of a question; what comes after is not looked for
const MOST_WORDS = 12;
const LISTED = 0.4; // of a chapter, of which the first is worth 2
const LONGEST = 60; // letters of a word that the book may hold
// Without these a question asks the same.
const SMALL = new Set(
  (
    "a about am an and are as at be by can could did do does for from get has have how i if in is it its me my of on " +
    "or our so that the their there this to up was we what when where which who whom whose why will with would you your"
  ).split(" "),
);

/** @param {string} word  whether it is letters enough to stand for a longer or a similar one */
const isOrdinary = (word) => word.length >= 4 && !isAddress(word);

/** @param {Contents} contents */
export function lookThrough({ pages, sections }) {
  /** @param {number} page  chapters tell it and other pages list it; the first to speak of a thing explains it */
  const worth = (page) => (pages[page]?.[2] ? 2 - page / pages.length : LISTED);
  const index = new MiniSearch({
    fields: ["title", "heading", "said", "shown"],
    tokenize: words,
    processTerm: (word) => word,
    searchOptions: {
      boost: { title: 2, heading: 3, said: 1, shown: 0.4 },
      bm25: { k: 1.2, b: 0.3, d: 0.5 }, // a long section is not much less about its words than a short one
      boostDocument: (id) => worth(sections[id]?.[0] ?? 0),
      prefix: isOrdinary,
      fuzzy: (word) => /^\p{L}{6,}$/u.test(word) && 1, // letters that may differ
      weights: { fuzzy: 0.2, prefix: 0.5 },
      tokenize: (word) => [word], // a question is taken apart below
    },
  });
  index.addAll(
    sections.map(([page, , heading, said, shown], id) => ({ id, title: pages[page]?.[1] ?? "", heading, said, shown })),
  );

  /** @param {Query} query  a page's title makes its sections better, and is said by its first one only */
  const search = (query) =>
    index.search(query).filter(({ match }) =>
      Object.values(match)
        .flat()
        .some((name) => name !== "title"),
    );

  /**
   * The sections in which all of the question's words stand; if there is none, those with any of them.
   * @param {string} question
   * @returns {{places: Place[], isWhole: boolean}}
   */
  return (question) => {
    const asked = queries(question.slice(0, MOST_LETTERS));
    const all = search({ queries: asked, combineWith: "AND" });
    const found = all.length ? all : search({ queries: asked, combineWith: "OR" });
    const places = found.map(({ id, match }) => {
      const [page, section, heading, said, shown] = /** @type {Row} */ (sections[id]);
      const [address, title] = pages[page] ?? ["", ""];
      const [prose, screen] = [said.split("\n"), shown.split("\n")];
      return {
        address: `${address}#${section}`,
        page: title,
        heading,
        said: prose,
        shown: screen,
        words: new Set(Object.keys(match)),
      };
    });
    return { places, isWhole: all.length > 0 };
  };
}

/**
 * A question's words: each as it stands, or else all of its parts.
 * @param {string} question
 * @returns {Query[]}
 */
function queries(question) {
  const all = things(question).filter(([whole = ""]) => whole.length <= LONGEST);
  const telling = all.filter(([whole = ""]) => !SMALL.has(whole));
  return (telling.length ? telling : all).slice(0, MOST_WORDS).map(([whole = "", ...parts]) => {
    if (!parts.length || isAddress(whole)) return whole;
    return { queries: [whole, { queries: parts, combineWith: "AND" }], combineWith: "OR" };
  });
}
