"""Units of time: everything in the library counts whole microseconds."""

MS, SECOND = 1_000, 1_000_000  # in microseconds
