"""`python -m netlearn`: the same as the command `netlearn`."""

import gc
import sys


def main() -> int:
    """The command line; Ctrl-C while it is being loaded ends it as quietly as later."""
    gc.set_threshold(200_000)  # a large network is many objects and no circles, among which there is nothing to find
    try:
        from netlearn.cli import main as cli_main

        return cli_main.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
