/** What is kept, by the pages of the book that it belongs to. */

export const PREFIX = "netlearn:";

/** @typedef {{address: string, title: string, items: string[], predictions: string[]}} Asking */

/** @returns {Promise<Asking[]>} */
export async function questions() {
  const response = await fetch(new URL("questions.json", import.meta.url));
  if (!response.ok) throw new Error(`questions.json: ${response.status}`);
  return response.json();
}

/** Names under which this browser keeps something; it may refuse to say. */
export function names() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/**
 * How many of the book's questions have an answer.
 * @param {Asking[]} pages
 */
export function answered(pages) {
  const there = new Set(names());
  const all = pages.flatMap(({ items, predictions }) => [...items.map((item) => `quiz:${item}`), ...predictions]);
  return { count: all.filter((name) => there.has(PREFIX + name)).length, all: all.length };
}

/**
 * What is kept of each page, in the book's order, then what belongs to none that is here; each with its words.
 * @param {Asking[]} pages
 * @returns {{title: string, address: string, names: string[], words: string}[]}
 */
export function record(pages) {
  const left = new Set(names().filter((name) => name.startsWith(PREFIX) && name !== `${PREFIX}place`));
  const take = (/** @type {(name: string) => boolean} */ fits) => {
    const taken = [...left].filter((name) => fits(name.slice(PREFIX.length)));
    for (const name of taken) left.delete(name);
    return taken;
  };
  const rows = pages.map(({ title, address, items, predictions }) => {
    const answers = take((name) => items.some((item) => name === `quiz:${item}`));
    const guesses = take((name) => predictions.includes(name));
    const figures = take((name) => name.startsWith("figure:") && name.includes(`/${address}#`));
    const words = [
      counted(answers.length, "answer"),
      counted(guesses.length, "prediction"),
      counted(figures.length, "figure", " as you left it", " as you left them"),
    ];
    return { title, address, names: [...answers, ...guesses, ...figures], words: words.filter(Boolean).join(", ") };
  });
  const rest = take(() => true);
  const other = {
    title: "Of another edition of the book",
    address: "",
    names: rest,
    words: counted(rest.length, "thing"),
  };
  return [...rows, other].filter((row) => row.names.length);
}

/** @param {number} count @param {string} one @param {string} [of]  behind one @param {string} [ofMore]  behind more */
function counted(count, one, of = "", ofMore = of) {
  return count ? `${count} ${one}${count === 1 ? of : `s${ofMore}`}` : "";
}
