"""What was seen on real kernels and real routers, kept; nothing here is computed.

`measured` finds numbers to hold the simulation's against, `transcript` what commands printed, `recorded` sockets.

>>> 30 in measured("case-1", "carrier")
True
"""

from netlearn.recorded.measured import Measurement, measured, measurements
from netlearn.recorded.snapshot import recorded
from netlearn.recorded.transcripts import Transcript, transcript, transcripts

__all__ = ["Measurement", "Transcript", "measured", "measurements", "recorded", "transcript", "transcripts"]
