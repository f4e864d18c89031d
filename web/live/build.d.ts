/** Written above `worker.js` by `web/runtime.py`: bytes of each packed file, and what Pyodide wants to know of packages. */
declare const made: { sizes: Record<string, number>; lock: object };
