/**
 * Python in the page: Pyodide's core, a standard library of what is needed, and the pure part of netlearn.
 *
 * Every file is fetched through `arrive`, which counts bytes and holds them against the list of sizes, because
 * `loadPyodide` waits for ever when a file comes short or not at all.
 */

const here = new URL("./", import.meta.url);
const attempt = Number(new URL(import.meta.url).searchParams.get("attempt") ?? 1);
const PATIENCE_MS = 45_000; // without a single byte
const plainFetch = self.fetch.bind(self);

/** @type {Record<string, number>} */
let sizes = {};
let loaded = 0;
let silence;

function broken(why) {
  clearTimeout(silence);
  postMessage({ kind: "broken", why: String(why?.message ?? why) });
}

function heard() {
  clearTimeout(silence);
  silence = setTimeout(() => broken("nothing arrived any more"), PATIENCE_MS);
}

/** Fetches one of the files beside this one; its body fails, and says so, if it ends early. */
async function arrive(name) {
  heard();
  const cache = attempt > 1 ? "reload" : "default";
  const response = await plainFetch(new URL(name, here), { cache }).catch((reason) => {
    broken(`${name}: ${reason.message}`);
    throw reason;
  });
  if (!response.ok) {
    broken(`${name}: ${response.status}`);
    throw new Error(`${name}: ${response.status}`);
  }
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
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
        } else if (name in sizes && came !== sizes[name]) {
          throw new Error(`${came} of ${sizes[name]} bytes`);
        } else controller.close();
      } catch (reason) {
        broken(`${name} came incomplete: ${reason.message}`);
        controller.error(reason);
      }
    },
  });
}

const text = async (name) => new Response(await arrive(name)).text();
const bytes = async (name) => new Uint8Array(await new Response(await arrive(name)).arrayBuffer());

// Pyodide asks for its files by their own names. WebAssembly travels packed, whatever the host does: see the build.
self.fetch = async (request, options) => {
  const name = new URL(request.url ?? request, here).pathname.split("/").at(-1);
  if (name === "pyodide.asm.wasm") {
    const unpacked = (await arrive("pyodide.asm.wasm.pack")).pipeThrough(new DecompressionStream("gzip"));
    return new Response(unpacked, { headers: { "content-type": "application/wasm" } });
  }
  return name in sizes ? new Response(await arrive(name)) : plainFetch(request, options);
};

async function boot() {
  sizes = JSON.parse(await text("sizes.json"));
  const library = bytes("netlearn.zip");
  library.catch(() => {}); // told already
  const { loadPyodide } = await import(new URL(`pyodide.mjs${attempt > 1 ? `?attempt=${attempt}` : ""}`, here).href);
  const python = await loadPyodide({ indexURL: here.href });
  python.FS.writeFile("/lib/netlearn.zip", await library);
  python.runPython(`
import json, sys
from importlib import import_module
sys.path.insert(0, "/lib/netlearn.zip")
sys.dont_write_bytecode = True

def call(name, arguments):
    module, function = name.split(":")
    return json.dumps(getattr(import_module(module), function)(*json.loads(arguments)))
`);
  clearTimeout(silence);
  postMessage({ kind: "ready" });
  return python.globals.get("call");
}

const python = boot();
python.catch(broken);

onmessage = async ({ data: { number, name, args } }) => {
  let call;
  try {
    call = await python;
  } catch {
    return; // the page has been told, and will begin anew
  }
  try {
    postMessage({ kind: "answer", number, value: JSON.parse(call(name, JSON.stringify(args))) });
  } catch (reason) {
    postMessage({ kind: "answer", number, error: String(reason.message ?? reason).trim().split("\n").at(-1) });
  }
};
