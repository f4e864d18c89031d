/** What a file holds, as Python in a page can read it: XML is parsed here, for Python has no parser of it there. */

const LARGEST_FILE = 2_000_000; // bytes: more than any network that there is room for

/**
 * The text of a file; of XML its elements as JSON. Throws an error for the reader.
 * @param {File} file
 */
export async function textOf(file) {
  if (file.size > LARGEST_FILE) throw new Error(`${file.name} is larger than 2 MB, and no network that fits here is.`);
  const text = await file.text();
  if (!text.trimStart().startsWith("<")) return text;
  const { documentElement: root } = new DOMParser().parseFromString(text, "application/xml");
  if (root.querySelector("parsererror") || root.localName === "parsererror")
    throw new Error(`${file.name} is not XML that can be read.`);
  return JSON.stringify(plain(root));
}

/** @typedef {{tag: string, attributes: Record<string, string>, text: string, children: Plain[]}} Plain */

/**
 * @param {Element} element
 * @returns {Plain}
 */
function plain(element) {
  const texts = [...element.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
  return {
    tag: element.localName,
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    text: texts.map((child) => child.nodeValue ?? "").join(""),
    children: [...element.children].map(plain),
  };
}
