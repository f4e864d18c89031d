"""What it costs, next to the peers, in one run: `python -m benchmarks`, or `python -m benchmarks spf` for one of them.

One file is one benchmark: its docstring's first line is the headline, its `run()` gives the tables. Times are printed
and never asserted: on a shared machine only the ratios within one run mean anything.
"""
