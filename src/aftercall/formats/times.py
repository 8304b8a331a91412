"""Dates as text, and times within the bounds of receivers. `datetime` takes longer to import than all dates to read."""

from __future__ import annotations

LATEST = 2**63 - 1
"""Nanoseconds: many receivers refuse the whole batch for a later time. Protobuf has 64 bits without a sign."""

YEAR = 366 * 86_400 * 1_000_000_000

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def iso_nanoseconds(text: object) -> int | None:
    """`2022-10-12T00:01:15.123456Z`, UTC as the Telemetry API writes it, as nanoseconds since the epoch."""
    if not isinstance(text, str) or not text.isascii() or not 20 <= len(text) <= 30 or text[-1] != "Z":
        return None
    whole, dot, fraction = text[:-1].partition(".")
    if len(whole) != 19 or (dot and not fraction.isdigit()):
        return None
    digits = (whole[0:4], whole[5:7], whole[8:10], whole[11:13], whole[14:16], whole[17:19])
    seconds = _seconds(*digits)
    return None if seconds is None else seconds * 1_000_000_000 + int(f"{fraction:0<9}"[:9])


def http_seconds(text: str) -> int | None:
    """`Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7, without the obsolete forms) since the epoch."""
    words = text.split(" ")
    if not text.isascii() or len(words) != 6 or len(words[4]) != 8 or words[5] != "GMT":
        return None
    month, misplaced = divmod(_MONTHS.find(words[2]), 3)
    if len(words[2]) != 3 or month < 0 or misplaced:
        return None
    clock = words[4]
    return _seconds(words[3], f"{month + 1:02}", words[1], clock[0:2], clock[3:5], clock[6:8])


def _seconds(*digits: str) -> int | None:
    """`digits`: year, month, day, hour, minute, second. None if they are not a date."""
    if not all(part.isdigit() and len(part) <= 4 for part in digits):
        return None
    year, month, day, hour, minute, second = map(int, digits)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60):
        return None
    return ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of the Gregorian calendar."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def plausible(time: int, now: int) -> int:
    """A frame's time, or the reader's `now` if the two are more than a year apart: then the writer had no clock."""
    return time if abs(time - now) <= YEAR else now


def bounded(time: int) -> int:
    return min(max(time, 0), LATEST)
