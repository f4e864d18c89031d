/** The page that tells what this browser keeps, and forgets it. */
import { names, PREFIX, questions, record } from "./record.js";

// What belongs to no chapter, by the name under which it is kept.
const ASIDE = {
  [`${PREFIX}place`]: "Where you were last",
  mode: "The colours you chose",
  code: "Whether you see the code",
};
const list = document.querySelector("#kept-list");
const said = document.querySelector("#kept-said");
const all = document.querySelector("#kept-all");
if (!(list && said && all instanceof HTMLButtonElement)) throw new Error("the page has a list, a status and a button");
const pages = await questions();

/** @param {string[]} kept */
function forget(kept) {
  for (const name of kept) localStorage.removeItem(name);
}

/** @param {string} title @param {string} address @param {string} words @param {string[]} kept */
function row(title, address, words, kept) {
  const item = document.createElement("li");
  const named = document.createElement(address ? "a" : "strong");
  named.textContent = title;
  if (address) named.setAttribute("href", address);
  const text = document.createElement("span");
  text.append(named, words && `: ${words}`);
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: "Forget" });
  button.setAttribute("aria-label", `Forget: ${title}`);
  button.addEventListener("click", () => {
    forget(kept);
    show(`Forgotten: ${title}.`);
  });
  item.append(text, button);
  return item;
}

/** @param {string} words  what was done */
function show(words) {
  const there = names();
  const aside = Object.entries(ASIDE).filter(([name]) => there.includes(name));
  const rows = [
    ...aside.map(([name, title]) => row(title, "", "", [name])),
    ...record(pages).map((one) => row(one.title, one.address, one.words, one.names)),
  ];
  list?.replaceChildren(...rows);
  if (all instanceof HTMLButtonElement) all.hidden = !rows.length;
  if (said) said.textContent = `${words} ${rows.length ? "" : "Nothing is kept."}`.trim();
  if (words && said instanceof HTMLElement) said.focus(); // the button that was pressed is gone
}

all.addEventListener("click", () => {
  forget(names().filter((name) => name.startsWith(PREFIX) || name in ASIDE));
  show("All is forgotten.");
});
show("");
