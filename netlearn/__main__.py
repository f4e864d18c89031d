"""`python -m netlearn`: the same as the command `netlearn`."""

import sys

from netlearn.cli import main

sys.exit(main())
