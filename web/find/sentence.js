/** The sentence that a result shows. */
import { things } from "./words.js";

const END = /(?<=[.?!]["”’)]?)\s+(?=["“‘(]?[\p{Lu}\d`])/u;
export const TYPED = "`"; // before a command, which is one piece
const ROOM = 190; // letters that a result shows; two lines of a wide page

/**
 * The sentence in which most of the words stand, the first of several; undefined if none stands in any.
 * @param {string[]} blocks
 * @param {Set<string>} wanted
 */
export function telling(blocks, wanted) {
  let best;
  let most = 0;
  for (const sentence of blocks.flatMap((block) => (block.startsWith(TYPED) ? [block] : block.split(END)))) {
    const count = new Set(
      things(sentence)
        .flat()
        .filter((word) => wanted.has(word)),
    ).size;
    if (count <= most) continue;
    best = sentence;
    most = count;
  }
  return best;
}

/**
 * The sentence in pieces, those at odd places being hits; of a long one, the part around the first.
 * @param {string} sentence
 * @param {Set<string>} wanted
 */
export function inPieces(sentence, wanted) {
  const pieces = [""];
  const add = (/** @type {string} */ text, /** @type {boolean} */ isHit) => {
    if (isHit) pieces.push(text, "");
    else pieces[pieces.length - 1] += text;
  };
  for (const chunk of sentence.split(/(\s+)/)) {
    const hit = things(chunk)
      .flat()
      .find((word) => wanted.has(word));
    const from = hit === undefined ? -1 : place(chunk.toLowerCase(), hit);
    if (from < 0 || hit === undefined) {
      add(chunk, false);
      continue;
    }
    add(chunk.slice(0, from), false);
    add(chunk.slice(from, from + hit.length), true);
    add(chunk.slice(from + hit.length), false);
  }
  return shortened(pieces);
}

/**
 * Where a word stands in a chunk: as a whole, rather than as the beginning of another.
 * @param {string} chunk
 * @param {string} word
 */
function place(chunk, word) {
  for (let from = chunk.indexOf(word); from >= 0; from = chunk.indexOf(word, from + 1)) {
    if (!/[\p{L}\p{N}_]/u.test(chunk[from - 1] ?? "") && !/[\p{L}\p{N}_]/u.test(chunk[from + word.length] ?? "")) {
      return from;
    }
  }
  return chunk.indexOf(word);
}

/** @param {string[]} pieces */
function shortened(pieces) {
  const length = pieces.join("").length;
  if (length <= ROOM) return pieces;
  const [before = ""] = pieces;
  const cut = before.length > ROOM / 3 ? before.indexOf(" ", before.length - ROOM / 3) + 1 : 0;
  const kept = [cut ? `… ${before.slice(cut)}` : before];
  let left = ROOM - (kept[0] ?? "").length;
  for (const piece of pieces.slice(1)) {
    if (piece.length > left) {
      if (kept.length % 2)
        kept.push(piece, "…"); // a hit is shown whole
      else kept.push(`${piece.slice(0, Math.max(left, 0)).replace(/\S*$/, "")}…`);
      break;
    }
    kept.push(piece);
    left -= piece.length;
  }
  return kept;
}
