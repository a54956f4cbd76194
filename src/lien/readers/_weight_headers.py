"""What the headers of weight files say of them: GGUF, safetensors and ONNX (FORMATS 1.9).

Only headers are read, through a bounded view; arrays, graphs and tensors are passed over by their
lengths. A header that is cut off, or whose counts cannot be, raises InputError.
"""

import struct
from collections.abc import Iterator

from lien.errors import InputError
from lien.sources.source import View

__all__ = ["Value", "gguf_values", "onnx_values", "safetensors_values"]

Value = str | int | float | bool | tuple[str, ...]
"""What a header holds that could matter: a scalar, or a list of texts."""

_MAX_KEYS = 100_000
"""Files have some hundred keys; counts far above are made to keep readers busy."""

_MAX_ITEMS = 10_000
"""Longer lists of texts are vocabularies, not names; they are passed over."""

_MAX_NAME = 4096
_MAX_TEXT = 1024 * 1024
"""A licence text fits; a chat template does too."""

_MAX_SAFETENSORS = 32 * 1024 * 1024
_CHUNK = 1024 * 1024

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_GGUF_VERSIONS = frozenset({2, 3})


def gguf_values(view: View) -> Iterator[tuple[str, Value]]:
    """The keys of a GGUF file and their values, in file order; lists of anything but text are passed over.

    Raises InputError where the header is not GGUF 2 or 3, ends early, or is not to be believed.
    """
    header = _Gguf(view)
    yield from header.values()


class _Gguf:
    """Goes through the header once; bytes come in chunks, since a vocabulary has 100,000 short strings."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._position = 0
        self._start = 0
        self._chunk = b""
        self._order = "<"

    def values(self) -> Iterator[tuple[str, Value]]:
        if self._take(4) != b"GGUF":
            raise self._broken("does not begin with GGUF")
        version = int(self._number("I"))
        if version not in _GGUF_VERSIONS and (version & 0xFFFF) == 0:
            self._order, version = ">", int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in _GGUF_VERSIONS:
            raise self._broken(f"is GGUF version {version}, and lien reads 2 and 3")
        self._number("Q")  # how many tensors
        keys = int(self._number("Q"))
        if keys > _MAX_KEYS:
            raise self._broken(f"says that it has {keys} keys")
        for _ in range(keys):
            name = self._text(_MAX_NAME)
            value = self._value(int(self._number("I")), name)
            if value is not None:
                yield name, value

    def _value(self, type_: int, name: str) -> Value | None:
        if type_ in _SCALARS:
            return self._number(_SCALARS[type_])
        if type_ == _STRING:
            return self._text(_MAX_TEXT)
        if type_ == _ARRAY:
            return self._array(name)
        raise self._broken(f'has a value of type {type_} under "{name}", which there is not')

    def _array(self, name: str) -> tuple[str, ...] | None:
        type_, count = int(self._number("I")), int(self._number("Q"))
        if type_ in _SCALARS:
            self._skip(count * struct.calcsize(_SCALARS[type_]))
            return None
        if type_ != _STRING:
            raise self._broken(f'has an array of type {type_} under "{name}", which lien does not read')
        if count * 8 > self._view.size:
            raise self._broken(f'says that "{name}" has {count} items, more than fit into the file')
        if name.startswith("tokenizer.") or count > _MAX_ITEMS:
            self._skip_texts(count)
            return None
        return tuple(self._text(_MAX_TEXT) for _ in range(count))

    def _text(self, limit: int) -> str:
        length = int(self._number("Q"))
        if length > limit:
            raise self._broken(f"has a text of {length} bytes, over the limit of {limit}")
        return self._take(length).decode("utf-8", "replace")

    def _number(self, code: str) -> int | float | bool:
        size = struct.calcsize(code)
        value: int | float | bool = struct.unpack(self._order + code, self._take(size))[0]
        return value

    def _skip_texts(self, count: int) -> None:
        """Pass over a vocabulary: several hundred thousand lengths with a few bytes behind each, so by the chunk."""
        unpack = struct.Struct(f"{self._order}Q").unpack_from
        while count:
            self._take(8)
            self._position -= 8
            chunk, offset = self._chunk, self._position - self._start
            last = len(chunk) - 8
            while count and offset <= last:
                offset += 8 + unpack(chunk, offset)[0]
                count -= 1
            self._position = self._start
            self._skip(offset)

    def _skip(self, length: int) -> None:
        self._position += length
        if self._position > self._view.size:
            self._view.read(self._view.size, length)  # says that the file ends before

    def _take(self, length: int) -> bytes:
        offset = self._position - self._start
        if not 0 <= offset <= len(self._chunk) - length:
            if self._position + length > self._view.size:
                return self._view.read(self._position, length)  # says that the file ends before
            self._start, offset = self._position, 0
            self._chunk = self._view.upto(self._position, max(length, _CHUNK))
        self._position += length
        return self._chunk[offset : offset + length]

    def _broken(self, what: str) -> InputError:
        return InputError(f"{what}; get the file again or leave it out", path=self._view.path)


def safetensors_values(view: View) -> Iterator[tuple[str, str]]:
    """The texts of `__metadata__`. Raises InputError if the header is none, ends early or is over the limits."""
    import json  # noqa: PLC0415  # few trees hold weights

    (length,) = struct.unpack("<Q", view.read(0, 8))
    if length > _MAX_SAFETENSORS:
        raise InputError(f"says that its header has {length} bytes, and lien reads {_MAX_SAFETENSORS} at most", path=view.path)
    try:
        header = json.loads(view.read(8, length))
    except (ValueError, RecursionError) as error:
        raise InputError("has a header that is not JSON; get the file again or leave it out", path=view.path) from error
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    for key, value in metadata.items() if isinstance(metadata, dict) else ():
        if isinstance(value, str) and len(value) <= _MAX_TEXT:
            yield key, value


_ONNX_TEXTS = {2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"}
_ONNX_METADATA = 14
_MAX_FIELDS = 100_000


def onnx_values(view: View) -> Iterator[tuple[str, str]]:
    """The texts of a ModelProto and its `metadata_props` (onnx `onnx.proto`); the graph is passed over by its length.

    Raises InputError if it is no protobuf message, or ends early.
    """
    for number, start, length in _fields(view, 0, view.size):
        if length > _MAX_TEXT:
            continue
        if number in _ONNX_TEXTS:
            yield _ONNX_TEXTS[number], _decoded(view.read(start, length))
        elif number == _ONNX_METADATA:
            pair = {one: _decoded(view.read(at, size)) for one, at, size in _fields(view, start, start + length)}
            if 1 in pair:
                yield pair[1], pair.get(2, "")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _fields(view: View, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(number, offset, length) of the length-delimited fields of a protobuf message; all others are passed over."""
    position, fields = start, 0
    while position < end:
        fields += 1
        if fields > _MAX_FIELDS:
            raise InputError(f"has more than {_MAX_FIELDS} fields, which no ONNX model has; get it again or leave it out", path=view.path)
        window = view.upto(position, min(20, end - position))
        tag, used = _varint(window, 0, view)
        kind = tag & 7
        if kind == 2:
            length, used = _varint(window, used, view)
            if position + used + length > end:
                raise InputError(f"ends after {view.size} bytes, in the middle of its header; get the whole file", path=view.path)
            yield tag >> 3, position + used, length
            position += used + length
        elif kind == 0:
            position += _varint(window, used, view)[1]
        elif kind in {1, 5}:
            position += used + (8 if kind == 1 else 4)
        else:
            raise _no_message(view)


def _varint(window: bytes, position: int, view: View) -> tuple[int, int]:
    value = shift = 0
    while position < len(window) and shift < 64:
        byte = window[position]
        value |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            return value, position
    raise _no_message(view)


def _no_message(view: View) -> InputError:
    return InputError("is not ONNX: its bytes are no protobuf message; get it again or leave it out", path=view.path)
