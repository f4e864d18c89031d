"""What was seen on real kernels and real routers, kept; nothing here is computed."""

from netlearn.recorded.measured import Measurement, measured, measurements
from netlearn.recorded.snapshot import recorded
from netlearn.recorded.transcripts import Transcript, transcript, transcripts

__all__ = ["Measurement", "Transcript", "measured", "measurements", "recorded", "transcript", "transcripts"]
