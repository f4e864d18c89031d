/**
 * The words of a text as one looks for them. An address, an option and a name in code are words as they stand
 * (`127.0.0.1`, `::1`, `-tulpn`, `/32`, `__proto__`), and so are the parts of what is put together.
 */

const BEFORE = /^[("'“‘«[{<`,.;!?…·]+(?=.)/u;
const AFTER = /(?:[)"'”’»\]}>`,;!?…·]|\.|(?<!:):)+$/u;
const ADDRESS = /\d+(?:\.\d+){3}|[\da-f]*(?::[\da-f]*){2,}|\/\d+/g;
const PART = /[\p{L}\p{N}_]{2,}/gu;
const IS_ADDRESS = /^[-\d.:/a-f]*[.:][-\d.:/a-f]*$/;

/**
 * Each thing that stands between spaces, with its parts: `lo’s` is `["lo’s", "lo"]`, `127.0.0.1/8` is
 * `["127.0.0.1/8", "127.0.0.1", "/8", "127"]`.
 * @param {string} text
 */
export function things(text) {
  const found = [];
  for (const chunk of text.toLowerCase().split(/\s+/)) {
    const whole = chunk.replace(BEFORE, "").replace(AFTER, "");
    if (whole) found.push([...new Set([whole, ...(whole.match(ADDRESS) ?? []), ...(whole.match(PART) ?? [])])]);
  }
  return found;
}

/** @param {string} text */
export const words = (text) => things(text).flat();

/**
 * Whether a word is an address, of which a part or something similar would be another.
 * @param {string} word
 */
export const isAddress = (word) => IS_ADDRESS.test(word) && /\d|::/.test(word);
