"""`python -m benchmarks [NAME]...`: run all benchmarks, or those named."""

import sys
from importlib import import_module
from pkgutil import iter_modules

import benchmarks
from benchmarks.timing import machine


def main(wanted: list[str]) -> int:
    modules = {found.name: f"benchmarks.{found.name}" for found in iter_modules(benchmarks.__path__)}
    runnable = {
        name: module
        for name, path in modules.items()
        if name != "__main__" and hasattr(module := import_module(path), "run")
    }
    unknown = sorted(set(wanted) - set(runnable))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(sorted(runnable))}", file=sys.stderr)
        return 2
    print(machine())
    for name in wanted or sorted(runnable):
        print(f"\n{(runnable[name].__doc__ or name).splitlines()[0]}", flush=True)
        for table in runnable[name].run():
            print(f"\n{table}", flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
