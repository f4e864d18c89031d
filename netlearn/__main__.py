"""`python -m netlearn`: the same as the command `netlearn`."""

import sys


def main() -> int:
    """The command line; Ctrl-C while it is being loaded ends it as quietly as later."""
    try:
        from netlearn import cli

        return cli.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
