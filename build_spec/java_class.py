"""Renames what a class file refers to, in its constant pool: all names and descriptors lie there as text.

The Java Virtual Machine Specification, section 4.4.
"""

from __future__ import annotations

import struct

UTF8 = 1
CLASS = 7
SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
"""Bytes after the tag of each constant but Utf8's."""
TWO_PLACES = frozenset((5, 6))
"""Long and double take two indexes."""


def renamed(content: bytes, names: dict[str, str]) -> bytes:
    """The class with each text of `names` replaced, in internal form (`org/objectweb/asm/`) and with dots."""
    changes = [(old.encode(), new.encode()) for old, new in names.items()]
    changes += [(old.replace(b"/", b"."), new.replace(b"/", b".")) for old, new in changes]
    (count,) = struct.unpack_from(">H", content, 8)
    out = [content[:10]]
    offset, index = 10, 1
    while index < count:
        tag = content[offset]
        if tag == UTF8:
            (length,) = struct.unpack_from(">H", content, offset + 1)
            text = content[offset + 3 : offset + 3 + length]
            offset += 3 + length
            for old, new in changes:
                text = text.replace(old, new)
            out.append(struct.pack(">BH", UTF8, len(text)) + text)
        else:
            end = offset + 1 + SIZES[tag]
            out.append(content[offset:end])
            offset = end
        index += 2 if tag in TWO_PLACES else 1
    return b"".join(out) + content[offset:]


def hierarchy(content: bytes) -> list[str]:
    """The class's own name, its superclass's, and those of its interfaces, in internal form."""
    (count,) = struct.unpack_from(">H", content, 8)
    texts: dict[int, str] = {}
    names: dict[int, int] = {}
    offset, index = 10, 1
    while index < count:
        tag = content[offset]
        (number,) = struct.unpack_from(">H", content, offset + 1)
        if tag == UTF8:
            texts[index] = content[offset + 3 : offset + 3 + number].decode("utf-8", "replace")
            offset += 3 + number
        else:
            if tag == CLASS:
                names[index] = number
            offset += 1 + SIZES[tag]
        index += 2 if tag in TWO_PLACES else 1
    own, parent, interfaces = struct.unpack_from(">HHH", content, offset + 2)
    indexes = (own, parent, *struct.unpack_from(f">{interfaces}H", content, offset + 8))
    return [texts[names[index]] for index in indexes if index]
