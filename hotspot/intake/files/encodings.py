"""Tell the encoding of a text file from its bytes, say so, and give it as UTF-8."""

from __future__ import annotations

import re

from hotspot.errors import InputError
from hotspot.intake.files.raw import Choices

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "mac-roman": "Mac Roman",
    "utf-16": "UTF-16",
}
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_AS_WINDOWS = "\u0080-\u00bf\u2010-\u2122\u0152-\u0178\u02c6\u02dc"
_TWICE = re.compile(f"[\u00c2\u00c3][{_AS_WINDOWS}]|\u00e2\u20ac[{_AS_WINDOWS}]")
"""What UTF-8 looks like after it was read as Windows-1252 and written as UTF-8 again."""
_SAMPLES, _SHOWN = 3, 5
_ODD, _NOT_ASCII = re.compile("[\udc80-\udcff]"), re.compile("[^\\x00-\\x7f]")


def bytes_as_utf8(content: bytes, name: str, choices: Choices) -> tuple[bytes, list[str]]:
    r"""Return the text as UTF-8 with lines ending in \n, and notes about its encoding.

    Raises
    ------
    InputError
        It is in no known encoding, or not in the one that was chosen.
    """
    notes: list[str] = []
    if not choices.encoding and content.isascii() and b"\x00" not in content:
        return _with_newlines(content), notes
    content = content.removeprefix(_BOM)
    if not choices.encoding:
        content = _with_odd_bytes_read(content, name, notes)
    encoding = choices.encoding or _encoding_of(content, name)
    if encoding not in ENCODINGS:
        message = (
            f"'{encoding}' is no encoding that is read; choose one of: {', '.join(ENCODINGS)}."
        )
        raise InputError(message)
    if encoding != "utf-8" or choices.encoding or b"\xc3\xa2\xe2\x82\xac" in content:
        text = _decode(content, encoding, name)
        if encoding != "utf-8":
            notes.append(_note(text, encoding, name))
        text = _look_for_twice(text, name, choices, notes)
        content = text.encode()
    elif _has_twice(content):
        text = _look_for_twice(content.decode(), name, choices, notes)
        content = text.encode()
    content = _with_newlines(content)
    if b"\x00" in content:
        message = f"{name} holds bytes that no text has (NUL); save it as 'CSV UTF-8'."
        raise InputError(message)
    return content, notes


def _with_newlines(content: bytes) -> bytes:
    if b"\r\r\n" in content[: 1 << 20]:  # written twice as text: each row would be two
        content = content.replace(b"\r\r\n", b"\n")
    is_old = b"\n" not in content[: 1 << 20] and b"\r" in content and b"\n" not in content
    return content.replace(b"\r", b"\n") if is_old else content


def _encoding_of(content: bytes, name: str) -> str:
    if content.startswith(_UTF_16) or _is_utf_16_without_mark(content):
        return "utf-16"
    if b"\x00" in content:
        message = f"{name} holds bytes that no text has (NUL); save it as 'CSV UTF-8'."
        raise InputError(message)
    for encoding in ("utf-8", "cp1252", "mac-roman"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise AssertionError  # every byte is something in Mac Roman


def _with_odd_bytes_read(content: bytes, name: str, notes: list[str]) -> bytes:
    """Read the few bytes that no UTF-8 has as Windows-1252, in a text that is UTF-8 otherwise."""
    if content.isascii() or b"\x00" in content or content.startswith(_UTF_16):
        return content
    text = content.decode(errors="surrogateescape")
    odd = list(_ODD.finditer(text))
    whole = sum(1 for match in _NOT_ASCII.finditer(text)) - len(odd)
    if not odd or whole < len(odd):
        return content
    lines = sorted({text.count("\n", 0, match.start()) + 1 for match in odd[:_SHOWN]})
    notes.append(
        f"{name}: {len(odd):,} letters are in another encoding than the rest of the file and are "
        f"read as Windows-1252 (lines {', '.join(map(str, lines))}"
        f"{', ...' if len(odd) > _SHOWN else ''}). Check these rows."
    )
    return _ODD.sub(_as_windows, text).encode()


def _as_windows(odd: re.Match[str]) -> str:
    byte = bytes([ord(odd.group()) - 0xDC00])
    return byte.decode("cp1252", errors="replace")


def _is_utf_16_without_mark(content: bytes) -> bool:
    """Tell by every second byte of the beginning being zero, as in plain English text."""
    first = content[:2000]
    half = len(first) // 2
    return half > 1 and max(first[::2].count(0), first[1::2].count(0)) > 0.6 * half


def _decode(content: bytes, encoding: str, name: str) -> str:
    if encoding == "utf-16" and not content.startswith(_UTF_16):
        encoding = (
            "utf-16-be" if content[:2000:2].count(0) > content[1:2000:2].count(0) else "utf-16-le"
        )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        message = (
            f"{name} is not {ENCODINGS.get(encoding, 'UTF-16')} text (byte {error.start:,}); "
            "choose another encoding or save it as 'CSV UTF-8'."
        )
        raise InputError(message) from error


def _note(text: str, encoding: str, name: str) -> str:
    """Say which encoding was taken, with words to check it by."""
    words = dict.fromkeys(re.findall(r"\w*[^\x00-\x7f]\w*", text[: 1 << 22]))
    samples = ", ".join(list(words)[:_SAMPLES])
    check = (
        f" Check these: {samples}. If they are wrong, choose another encoding." if samples else ""
    )
    return f"{name}: read as {ENCODINGS[encoding]}.{check if encoding != 'utf-16' else ''}"


def _has_twice(content: bytes) -> bool:
    return b"\xc3\x83\xc2" in content or b"\xc3\x82\xc2" in content


def _look_for_twice(text: str, name: str, choices: Choices, notes: list[str]) -> str:
    """Find text that was encoded twice; put it right where the user asked for it."""
    matches = _TWICE.findall(text[: 1 << 24])
    if not matches:
        return text
    if not choices.repair:
        notes.append(
            f"{name}: {len(matches)} places look encoded twice (such as {matches[0]}); 'repair' "
            "puts them right."
        )
        return text
    notes.append(f"{name}: {len(matches)} places that were encoded twice were put right.")
    return re.sub(f"(?:{_TWICE.pattern})+", _put_right, text)


def _put_right(match: re.Match[str]) -> str:
    try:
        return match.group().encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return match.group()
