"""`python -m netlearn`: the same as the command `netlearn`."""

import sys


def main() -> int:
    """The command line; Ctrl-C while it is being loaded ends it as quietly as later."""
    try:
        from netlearn.cli import main as cli_main

        return cli_main.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
