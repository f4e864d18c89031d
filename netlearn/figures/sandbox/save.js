/** What a figure shows, as a file: its drawing as SVG or PNG, and any text. Nothing leaves the machine. */

// What may be styled by a sheet, and looks the same once it is an attribute. Where things stand, the drawing says itself.
const LOOKS = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap"],
  ...["stroke-linejoin", "paint-order", "opacity", "visibility", "vector-effect"],
];
const LETTERS = ["font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline"];
/** @type {Record<string, string>} */
const USUAL = {
  opacity: "1",
  visibility: "visible",
  "fill-opacity": "1",
  stroke: "none",
  "stroke-opacity": "1",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "paint-order": "normal",
  "vector-effect": "none",
}; // what need not be said
const WIDE = 1000; // pixels; so wide nothing is turned upright
const SHARP = 2; // pixels of a PNG for each unit of the drawing
const GIVEN_UP = 60_000; // milliseconds until a file's address is forgotten: a browser may ask first where to put it

/**
 * Hands the reader a text as a file.
 * @param {string} name  with its ending
 * @param {string} type  as `application/json`
 * @param {string} text
 */
export function saveText(name, type, text) {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/**
 * Hands the reader a drawing as a PNG file, two pixels for each of its units.
 * @param {SVGSVGElement} svg
 * @param {string} name  with its ending
 */
export async function savePng(svg, name) {
  saveBlob(name, await pngOf(svg));
}

/**
 * A drawing as SVG that looks the same outside of the page: in light colours, with nothing that only a page can use.
 * @param {SVGSVGElement} svg
 */
export function svgText(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const place = document.createElement("div");
  for (const [name, colour] of lightColours()) place.style.setProperty(name, colour);
  // A container of its own: the copy lies, however narrow the page is.
  place.style.cssText += `;position:absolute;left:-9999px;width:${WIDE}px;container-type:inline-size;color-scheme:light;forced-color-adjust:none`;
  place.inert = true;
  place.append(copy);
  (svg.parentElement ?? document.body).append(place);
  try {
    const parts = [copy, ...copy.querySelectorAll("*")];
    const looks = parts.map(looksOf); // of all, before any is changed: rules may ask for what is around
    for (const [at, part] of parts.entries()) dress(part, looks[at] ?? null);
  } finally {
    place.remove();
  }
  const { width, height } = sizeOf(svg);
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, role: "img" }))
    copy.setAttribute(name, String(value));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width, height, fill: "#ffffff" }))
    ground.setAttribute(name, String(value));
  copy.prepend(ground);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

/** @param {SVGSVGElement} svg */
async function pngOf(svg) {
  const { width, height } = sizeOf(svg);
  const image = new Image();
  // A page's policy lets a data address be a picture, and a blob's not.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: SHARP * width, height: SHARP * height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((/** @type {BlobCallback} */ take) => canvas.toBlob(take, "image/png"));
  if (!blob) throw new Error("This browser cannot make a picture that is so large.");
  return blob;
}

/**
 * @param {string} name
 * @param {Blob} blob
 */
function saveBlob(name, blob) {
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), GIVEN_UP);
}

/**
 * How large the drawing is, in its own units.
 * @param {SVGSVGElement} svg
 */
function sizeOf(svg) {
  const { width, height } = svg.viewBox.baseVal;
  return { width: Math.ceil(width), height: Math.ceil(height) };
}

/**
 * The colours of the figures by their names, as they are in the light: those of rules that hold without a condition.
 * @returns {Map<string, string>}
 */
function lightColours() {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const sheet of document.styleSheets)
    for (const rule of sheet.cssRules)
      if (rule instanceof CSSStyleRule && rule.selectorText === ":root")
        for (const name of rule.style)
          if (name.startsWith("--nl-")) found.set(name, rule.style.getPropertyValue(name).trim());
  return found;
}

/**
 * How a part is to look, by the names of attributes; nothing if it is not shown.
 * @param {Element} part
 * @returns {Map<string, string> | null}
 */
function looksOf(part) {
  const style = getComputedStyle(part);
  if (style.display === "none") return null;
  const isText = part instanceof SVGTextContentElement;
  const names = isText ? [...LOOKS, ...LETTERS] : part instanceof SVGGeometryElement ? LOOKS : ["opacity"];
  // Not every program knows a colour that cannot be seen.
  return new Map(names.map((name) => [name, style.getPropertyValue(name).replace("rgba(0, 0, 0, 0)", "none")]));
}

/**
 * Gives a part its looks, and takes from it what only a page can use.
 * @param {Element} part
 * @param {Map<string, string> | null} looks
 */
function dress(part, looks) {
  if (!looks || part.localName === "style") return part.remove();
  for (const { name } of [...part.attributes])
    if (/^(?:class|style|tabindex|role|aria-.*|data-.*|on.*)$/.test(name) && name !== "aria-label")
      part.removeAttribute(name);
  for (const [name, value] of looks) if (value !== USUAL[name]) part.setAttribute(name, value);
}
