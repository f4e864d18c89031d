"""Units of time: everything in the library counts whole microseconds."""

MS, SECOND = 1_000, 1_000_000  # in microseconds
LONGEST_US = 1_000_000 * SECOND  # what may be waited for or watched: more than eleven days
