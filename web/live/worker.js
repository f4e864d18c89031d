/**
 * Python in the page: Pyodide's core, a standard library of what is needed, and the pure part of netlearn.
 *
 * All files are asked for at once, through `arrive`, which counts bytes and holds them against the list of sizes:
 * `loadPyodide` by itself asks for one after the other, and waits for ever when a file comes short or not at all.
 */

const here = new URL("./", import.meta.url);
const attempt = Number(new URL(import.meta.url).searchParams.get("attempt") ?? 1);
const PATIENCE_MS = 45_000; // without a single byte
const plainFetch = self.fetch.bind(self);
// What a page may ask for: a figure's view, and no other function of Python's.
const VIEW = /^netlearn\.figures\.\w+\.view:view$/;
// A page's policy does not hold in a worker. Once all files are here, it has no way to anywhere.
const WAYS_OUT = ["XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "importScripts"];

// `made` is written above by the build: how many bytes each file has, and what Pyodide wants to be told of its packages.
const total = Object.values(made.sizes).reduce((sum, size) => sum + size, 0);
let loaded = 0;
let silence = 0;

/** @type {(reason: unknown) => string} */
const inWords = (reason) => (reason instanceof Error ? reason.message : String(reason));

/** @param {unknown} why */
function broken(why) {
  clearTimeout(silence);
  postMessage({ kind: "broken", why: inWords(why) });
}

function heard() {
  clearTimeout(silence);
  silence = setTimeout(() => broken("nothing arrived any more"), PATIENCE_MS);
}

/**
 * Fetches one of the files beside this one; its body fails, and says so, if it ends early.
 * @param {string} name
 */
async function arrive(name) {
  heard();
  const cache = attempt > 1 ? "reload" : "default";
  const response = await plainFetch(new URL(name, here), { cache }).catch((reason) => {
    broken(`${name}: ${inWords(reason)}`);
    throw reason;
  });
  if (!response.ok || !response.body) {
    broken(`${name}: ${response.status}`);
    throw new Error(`${name}: ${response.status}`);
  }
  const reader = response.body.getReader();
  let came = 0;
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          came += value.byteLength;
          loaded += value.byteLength;
          heard();
          postMessage({ kind: "progress", loaded, total });
          controller.enqueue(value);
        } else if (came !== made.sizes[name]) {
          throw new Error(`${came} of ${made.sizes[name]} bytes`);
        } else controller.close();
      } catch (reason) {
        broken(`${name} came incomplete: ${inWords(reason)}`);
        controller.error(reason);
      }
    },
  });
}

/**
 * The large files travel packed, because not every static host packs them.
 * @param {string} name
 * @param {string} [type]  a browser compiles WebAssembly while it arrives only if it is called so
 */
async function unpacked(name, type = "application/octet-stream") {
  const body = (await arrive(`${name}.pack`)).pipeThrough(new DecompressionStream("gzip"));
  return new Response(body, { headers: { "content-type": type } });
}

/**
 * A module of Pyodide's, whose types are not among what the build takes of it.
 * @type {(name: string) => Promise<any>}
 */
const script = (name) => import(new URL(attempt > 1 ? `${name}?attempt=${attempt}` : name, here).href);

async function boot() {
  const machine = WebAssembly.compileStreaming(unpacked("pyodide.asm.wasm", "application/wasm"));
  const library = unpacked("python_stdlib.zip").then((zip) => zip.arrayBuffer());
  const netlearn = unpacked("netlearn.zip").then((zip) => zip.arrayBuffer());
  // Each is awaited only later; a failure before that would be nobody's.
  for (const each of [machine, library, netlearn]) each.catch(broken);
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs"].map(script),
  );
  // Pyodide would fetch and compile by itself; it gets what is under way.
  self.fetch = async (address) => new Response(String(address).endsWith(".zip") ? await library : null);
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await machine;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  const python = await loadPyodide({ indexURL: here.href, createPyodideModule, lockFileContents: made.lock });
  python.FS.writeFile("/lib/netlearn.zip", new Uint8Array(await netlearn));
  python.runPython(`
import json, sys
from importlib import import_module
sys.path.insert(0, "/lib/netlearn.zip")
sys.dont_write_bytecode = True

def call(name, state):
    module, function = name.split(":")
    function, given = getattr(import_module(module), function), json.loads(state)
    return json.dumps(function(**given) if isinstance(given, dict) else function(*given))
`);
  self.fetch = () => Promise.reject(new Error("everything is here"));
  for (const way of WAYS_OUT) Object.defineProperty(self, way, { value: undefined });
  clearTimeout(silence);
  postMessage({ kind: "ready" });
  return python.globals.get("call");
}

const python = boot();
python.catch(broken);

// The page may ask before Python runs: what it asks waits here for it.
self.onmessage = async ({ data: { number, name, state } }) => {
  /** @type {(name: string, state: string) => string} */
  let call;
  try {
    call = await python;
  } catch {
    return; // the page has been told, and will begin anew
  }
  try {
    if (!VIEW.test(name)) throw new Error(`${name} is no figure's view`);
    postMessage({ kind: "answer", number, value: JSON.parse(call(name, JSON.stringify(state))) });
  } catch (reason) {
    const [error] = inWords(reason).trim().split("\n").slice(-1); // of Python's traceback, what it ends with
    postMessage({ kind: "answer", number, error });
  }
};
