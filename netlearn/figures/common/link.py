"""A figure's state in an address, as `link.js` writes and reads it in the page: `figure-c03=1.q1Y…`.

What the reader set, where it differs from how the figure was at first, as JSON, deflated, in letters that an address
may have. The number tells the format; a link that was once given opens for ever: a version is added, none is changed.
"""

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from netlearn.errors import NetlearnError

LONGEST = 4000  # letters: some programs cut longer addresses
LARGEST = 100_000  # bytes of JSON: a few letters can be unpacked into as much as one likes
DAMAGED = "the link is damaged: a part of it is missing, or was changed on its way"


def written(state: Mapping[str, Any]) -> str:
    """What stands behind the figure's name in the address. Raises `NetlearnError` when the state is too large."""
    data = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
    deflate = zlib.compressobj(9, wbits=-15)
    letters = urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")
    if len(letters) + 2 > LONGEST:
        raise NetlearnError("there is more in this figure than a link can hold")
    return f"1.{letters}"


def read(text: str) -> dict[str, Any]:
    """The state that a link tells; a scene says whether it can be. Raises `NetlearnError` for no link of ours."""
    if len(text) > LONGEST:
        raise NetlearnError(f"the link is longer than {LONGEST} letters, and none of ours is")
    if not (parts := re.fullmatch(r"([0-9]{1,3})\.([A-Za-z0-9_-]+)", text)):
        raise NetlearnError(DAMAGED)
    version, letters = parts.groups()
    if version != "1":
        raise NetlearnError(f"the link is of version {version}, and 1 is the only one there is")
    try:
        inflate = zlib.decompressobj(wbits=-15)
        data = inflate.decompress(urlsafe_b64decode(letters + "=" * (-len(letters) % 4)), LARGEST)
        if not inflate.eof or inflate.unused_data:
            raise NetlearnError(DAMAGED)
        found = json.loads(data.decode())
    except (ValueError, zlib.error, RecursionError) as error:
        raise NetlearnError(DAMAGED) from error
    if not isinstance(found, dict):
        raise NetlearnError(DAMAGED)
    return found
