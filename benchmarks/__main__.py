"""`python -m benchmarks [--short] [NAME]...`: run all benchmarks, or those named."""

import sys

import benchmarks
from benchmarks.timing import Effort, machine


def main(given: list[str]) -> int:
    runnable = benchmarks.every()
    wanted = [name for name in given if name != "--short"]
    unknown = sorted(set(wanted) - set(runnable))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(runnable)}", file=sys.stderr)
        return 2
    print(machine())
    for name in wanted or runnable:
        print(f"\n{(runnable[name].__doc__ or name).splitlines()[0]}", flush=True)
        for table in runnable[name].run(Effort(short="--short" in given)):
            print(f"\n{table}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
