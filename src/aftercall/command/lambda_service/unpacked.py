"""How large a function and its layers are unpacked, which no API returns: read from the directories of their zips.

Only that directory is fetched, by HTTP ranges. It is done where the zips are large enough for the limit to matter.
"""

from __future__ import annotations

import io
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from aftercall.command.lambda_service import layer_version
from aftercall.command.lambda_service.access import CONNECTIONS
from aftercall.command.lambda_service.plan import MOST_UNPACKED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aftercall.command.lambda_service.function import Function
    from aftercall.command.lambda_service.layer_version import Layers

WORTH_A_LOOK = MOST_UNPACKED // 8
"""Zipped bytes. Code shrinks to a half or a fifth; what shrinks more than eightfold Lambda refuses itself."""

_SECONDS = 10.0
_BLOCK = 256 * 1024


class Sizes:
    """Of functions with the layer to be attached; None where it is far from the limit or could not be learned."""

    def __init__(self, client: Any, layers: Layers) -> None:
        self._client = client
        self._layers = layers
        self._known: dict[str, int | None] = {}

    def measure(self, functions: Iterable[Function]) -> dict[str, int | None]:
        """By the function's ARN."""
        large = [function for function in functions if function.zipped > WORTH_A_LOOK and not function.image]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return dict(zip((function.arn for function in large), pool.map(self._of, large), strict=True))

    def _of(self, function: Function) -> int | None:
        attached = self._layers.by_architecture.get(function.architecture)
        arns = [arn for arn in function.layers if not self._layers.ours(arn)] + ([attached.arn] if attached else [])
        parts = [self._code(function), *(self._layer(arn) for arn in arns)]
        return None if any(part is None for part in parts) else sum(part for part in parts if part is not None)

    def _code(self, function: Function) -> int | None:
        try:
            return unpacked_size(self._client.get_function(FunctionName=function.name)["Code"]["Location"])
        except (
            Exception
        ):  # not allowed or not reachable: Lambda itself refuses what is too large, before anything changes
            return None

    def _layer(self, arn: str) -> int | None:
        if arn not in self._known:
            try:
                self._known[arn] = unpacked_size(layer_version.read(self._client, arn).location)
            except Exception:  # as above
                self._known[arn] = None
        return self._known[arn]


def unpacked_size(url: str) -> int:
    """Bytes of all files of the zip at `url`. Raises OSError or zipfile.BadZipFile."""
    if not url.startswith(("https://", "http://")):
        raise OSError(f"{url!r} is no URL of a zip")
    with zipfile.ZipFile(io.BufferedReader(_RemoteFile(url), _BLOCK)) as archive:
        return sum(entry.file_size for entry in archive.infolist())


class _RemoteFile(io.RawIOBase):
    def __init__(self, url: str) -> None:
        self._url = url
        self._at = 0
        with self._get("bytes=0-0") as answer:
            self._size = int(answer.headers["Content-Range"].rpartition("/")[2])

    def _get(self, byte_range: str) -> Any:
        request = urllib.request.Request(self._url, headers={"Range": byte_range})  # noqa: S310 - http(s) alone, see above
        answer = urllib.request.urlopen(request, timeout=_SECONDS)  # noqa: S310 - as above
        if answer.status != 206:
            raise OSError(f"{self._url} does not serve ranges")
        return answer

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        with self._get(f"bytes={self._at}-{self._at + wanted - 1}") as answer:
            data = answer.read()
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
