"""A packet's way through one machine."""

from netlearn.figures.packet_path.widget import PacketPath

__all__ = ["PacketPath"]
