/**
 * Python for the whole page: one worker, started when first needed, shared by all figures, started again after a failure.
 */

const here = new URL("./", import.meta.url);

/** @type {Worker | null} */
let worker = null;
let ready = false;
let attempt = 0;
let lastNumber = 0;
/** @type {Map<number, {resolve: (value: object) => void, reject: (reason: Error) => void}>} */
const waiting = new Map();
/** @type {Set<(loaded: number, total: number) => void>} */
const watchers = new Set();
/** @type {[loaded: number, total: number]} */
let progress = [0, 0];

/** Whether anybody has asked for Python: what failed is begun anew for who asks again, and not quietly before. */
export const isStarted = () => attempt > 0;

/** Whether answers come at once. */
export const isReady = () => ready;

/**
 * Calls a Python function by name with plain data, by name too; rejects if Python cannot start or the function raises.
 * @param {string} name
 * @param {unknown} state
 * @returns {Promise<object>}
 */
export function call(name, state) {
  return new Promise((resolve, reject) => {
    const number = ++lastNumber;
    waiting.set(number, { resolve, reject });
    start();
    worker?.postMessage({ number, name, state });
  });
}

/**
 * Tells `watch` how many bytes have arrived, now and as they come, until the returned function is called.
 * @param {(loaded: number, total: number) => void} watch
 */
export function follow(watch) {
  watchers.add(watch);
  watch(...progress);
  return () => void watchers.delete(watch);
}

/** Starts Python if it is not running. */
function start() {
  if (worker) return;
  attempt += 1;
  progress = [0, 0];
  const address = new URL("worker.js", here);
  // What failed once may be kept by the browser: the next attempt asks for it under another address.
  if (attempt > 1) address.searchParams.set("attempt", String(attempt));
  const mine = new Worker(address, { type: "module" });
  worker = mine;
  // A worker that was ended may have sent something before: only the present one is heard.
  mine.onmessage = ({ data }) => {
    if (mine === worker) receive(data);
  };
  mine.onerror = (event) => {
    event.preventDefault();
    if (mine === worker) stop(event.message || "its program did not arrive");
  };
}

/**
 * What the worker sends (`worker.js`): how much has arrived, that it is ready or broken, an answer or why there is none.
 * @typedef {{kind: "progress", loaded: number, total: number} | {kind: "ready"} | {kind: "broken", why: string}
 *   | {kind: "answer", number: number, value: object} | {kind: "answer", number: number, error: string}} Message
 */

/** @param {Message} message */
function receive(message) {
  if (message.kind === "progress") {
    progress = [message.loaded, message.total];
    for (const watch of watchers) watch(...progress);
  } else if (message.kind === "ready") {
    ready = true;
    document.documentElement.dataset.python = "ready";
    performance.mark("netlearn:python-ready");
  } else if (message.kind === "broken") {
    stop(message.why);
  } else {
    const call = waiting.get(message.number);
    waiting.delete(message.number);
    if ("error" in message) call?.reject(new Error(message.error));
    else call?.resolve(message.value);
  }
}

/**
 * Ends a worker that will not answer any more, so that the next change begins anew.
 * @param {string} why
 */
function stop(why) {
  worker?.terminate();
  worker = null;
  ready = false;
  delete document.documentElement.dataset.python;
  const calls = [...waiting.values()];
  waiting.clear();
  for (const { reject } of calls) reject(new Error(`Python did not start (${why})`));
}
