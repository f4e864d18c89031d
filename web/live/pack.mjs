/**
 * Runs pack.py in Pyodide under Node: `node pack.mjs PYODIDE_FOLDER JOB_FOLDER`.
 * Reads JOB_FOLDER/job.json and netlearn.zip; writes python_stdlib.zip and library.zip there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, jobFolder] = process.argv.slice(2).map((path) => resolve(path));
if (!pyodideFolder || !jobFolder) throw new Error("usage: node pack.mjs PYODIDE_FOLDER JOB_FOLDER");
const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: `${pyodideFolder}/`,
  env: { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1", HOME: "/home" },
});
python.FS.mkdir("/pack");
for (const name of ["job.json", "netlearn.zip"])
  python.FS.writeFile(`/pack/${name}`, readFileSync(join(jobFolder, name)));
python.runPython(readFileSync(new URL("pack.py", import.meta.url), "utf8"));
for (const name of ["python_stdlib.zip", "library.zip"])
  writeFileSync(join(jobFolder, name), python.FS.readFile(`/pack/${name}`));
