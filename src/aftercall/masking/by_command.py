"""Decides by command: options and places of command lines that hold a password and do not say so by their names.

`curl -u jo:x`, `docker login -p x`, `["ldapsearch", "-w", "x"]`, `HSET user:17 password x`. A table says what the words
of a command make of the arguments behind them; options such as `--password` need none, they are names (by_name.py).
Each argument is read once: a command that begins within one that was read is a part of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.add_value import add_value
from aftercall.masking.named import Named
from aftercall.masking.names import is_secret_name
from aftercall.masking.under_name import may_be_random

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.masking.spans import Findings

_OPTIONS = {
    "curl": "-u: -U: -E: --user: --proxy-user: --cert:",
    "mysql mysqldump mysqladmin mysqlimport mysqlcheck mariadb mariadb-dump mariadb-admin": "-p",
    "mongo mongosh mongodump mongorestore mongoexport mongoimport sshpass ssh-copy-id useradd nuget": "-p -k",
    "login": "-p -P -k",
    "bw": "--code",
    "redis-cli": "-a",
    "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapcompare ldappasswd": "-w -s -a",
    "openssl": "-k -K -hmac",
    "ssh-keygen": "-N -P",
    "unzip zip ipmitool mosquitto_pub mosquitto_sub": "-P",
    "unrar": "-p",
    "oathtool": "-b",
    "influx": "-t",
    "snmpwalk snmpget snmpset snmpbulkwalk snmptable snmptrap": "-c -A -X",
    "security": "-w -p",
    "smbclient": "-U%",
    "lftp": "-u,",
    "transmission-remote": "-n: --auth:",
    "etcdctl": "--user:",
    "kadmin vsql": "-w",
    "usermod": "-p",
    "xfreerdp": "/p:",
    "signtool": "/p",
    "schtasks": "/rp",
    "codecov": "-t",
    "secret secrets": "--value --body -b --values= --from-literal~",
}
"""By words of commands. Behind an option stands the secret; behind its sign `:`, `=`, `%`, `,` in what stands there;
`~`: behind `=`, if it looks drawn at random."""

_PLACES = """
    add_user * X; change_password * X; cargo login X; vault operator unseal X; bw login * X; drush user:password * X
    wpa_passphrase * X; radtest * X * * X
    alias set * * * X; bundle config set --global * X; stats auth X
    qpdf --encrypt X X; http-basic * X; github-oauth X; gitlab-token X; pypi-token X
"""
"""Arguments in a row: `X` is the secret, `*` is anything."""

_PAIRED = frozenset((b"hset", b"hmset", b"hsetnx", b"xadd"))
"""Redis: names and values take turns behind these."""

_LAST = frozenset((b"htpasswd",))
"""The last argument is the password."""

_PIPED = frozenset((b"chpasswd", b"sudo", b"--password-stdin"))
"""These read the password that another command writes."""

COMMAND_STEMS = (
    "curl", "mysql", "iad", "mongo", "sshpa", "radd", "uge", "login", "redis-", "dap", "nss", "nzip", "pmi", "osq",
    "smb", "lft", "rdp", "hta", "d_u", "e_p", "rgo", "vau", "-bw", "dru", "adt", "qpd", "basic", "hset", "hms", "xad",
    "udo", "tcdc", "kadm", "rmod", "nsmis", "zip", "nrar", "oath", "nflux", "alias", "undle", "stats", "vsq",
)  # fmt: skip
"""Pieces of the words that this is called with, so that the scanner shows them; others hold a stem of a name."""

_BARE = rb"""<masked>|[^\s"'|;&<>()`\\]|\\+(?![nrt"'\\\r\n])"""
_ARGUMENT = re.compile(rb"""(?:[ \t]|\\\r?\n)+((?:(\\*["'])(?:(?!\2)[^\r\n]){0,512}?(?:\2|\Z)|%b)+)""" % _BARE)
_LISTED = re.compile(rb"""\s*,?\s*(?:\\+[nrt])*\s*(?:a\d{1,3}=)?((\\*["'])((?:(?!\2)[^\r\n]){0,512}?)(?:\2|\Z))""")
"""Between commas, between blanks as Redis logs them, and as `a1="-u" a2="root"` in Linux's audit log."""

_QUOTE = re.compile(rb"""\\*["']""")
_WRITTEN = re.compile(
    rb"""(?:echo|printf)\s+(?:-\w+\s+)?(?:\\*["'])?(?:[\w.-]{1,40}:)?([^\s|"'\\:]{4,200})(?:\\+n)?(?:\\*["'])?\s*\|[^|\r\n]{0,100}\Z"""
)
_LOOK_BACK = 400
_RULE = "password of a command"
_SIGNS = frozenset(":=%,~")


def _options() -> dict[bytes, dict[bytes, str]]:
    table: dict[bytes, dict[bytes, str]] = {}
    for words, options in _OPTIONS.items():
        ways = {
            option.rstrip(":=%,~").encode(): option[-1] if option[-1] in _SIGNS else "" for option in options.split()
        }
        table.update(dict.fromkeys(words.encode().split(), ways))
    return table


def _places() -> dict[bytes, list[list[bytes]]]:
    table: dict[bytes, list[list[bytes]]] = {}
    for row in _PLACES.replace("\n", ";").split(";"):
        first, *others = row.encode().split() or [b""]
        table.setdefault(first, []).append(others)
    del table[b""]
    return table


_WAYS = _options()
_ROWS = _places()
COMMANDS = frozenset((*_WAYS, *_ROWS, *_PAIRED, *_LAST, *_PIPED))

KEY_ENDS = frozenset((b'":', b"':"))
"""Behind a word that is a key of an object, as `zip` and `login` often are."""


def find_command(findings: Findings, start: int, end: int, word: bytes) -> None:
    """One of `COMMANDS` stands from `start` to `end`."""
    if word in _PIPED:
        _find_written(findings, start)
    if start < findings.runs.get(_RULE, (0, 0))[1]:
        return
    arguments = [(start, end), *_arguments(findings, end)]
    findings.runs[_RULE] = start, arguments[-1][1]
    if len(arguments) > 1:
        _Command(findings, arguments).look()


def _arguments(findings: Findings, at: int) -> Iterator[tuple[int, int]]:
    """Where the arguments behind the word are, within their quotes, as a shell or a list writes them."""
    data = findings.data
    is_list = _QUOTE.match(data, at)
    pattern = _LISTED if is_list else _ARGUMENT
    at = is_list.end() if is_list else at
    limit = len(data) if is_list else findings.structure.string_end(at)
    while (found := pattern.match(data, at)) is not None and found.start(1) < limit:
        at = found.end()
        if is_list:
            yield found.span(3)
        elif at <= limit:
            yield found.span(1)
        else:
            yield found.start(1), limit


class _Command:
    """The arguments of one command, the word that it was known by before them."""

    def __init__(self, findings: Findings, arguments: list[tuple[int, int]]) -> None:
        self._findings = findings
        self._arguments = arguments
        self._texts = [findings.data[start:end] for start, end in arguments]
        self._ways: dict[bytes, str] = {}
        self._is_paired = False

    def look(self) -> None:
        if self._texts[0].lower() in _LAST:
            self._mask(len(self._arguments) - 1)
        for at, text in enumerate(self._texts):
            word = text.lower().rpartition(b"/")[2]
            if at and text[:1] in b"-/" and text:
                self._option(at, text)
            if word in COMMANDS:
                self._ways = {**self._ways, **_WAYS.get(word, {})}
                self._is_paired = self._is_paired or word in _PAIRED
            first = word.partition(b".")[0] if b"-" in word else word
            for row in _ROWS.get(first, ()):
                self._row(at + 1, row)
            if self._is_paired and is_secret_name(text.decode("latin-1")):
                self._mask(at + 1)

    def _row(self, at: int, row: list[bytes]) -> None:
        found = self._texts[at : at + len(row)]
        # A cut one may be shorter.
        if all(text == word for text, word in zip(found, row, strict=False) if word not in {b"*", b"X"}):
            for number, word in enumerate(row, start=at):
                if word == b"X":
                    self._mask(number)

    def _option(self, at: int, text: bytes) -> None:
        name, equals, _ = text.partition(b"=")
        if (way := self._ways.get(name)) is not None:
            if equals:
                self._mask(at, way, skipped=len(name) + 1)
            else:
                self._mask(at + 1, way)
        elif len(text) > 2 and (way := self._ways.get(text[:2])) is not None:  # `-px`, `-ujo:x`
            self._mask(at, way, skipped=2)

    def _mask(self, number: int, way: str = "", skipped: int = 0) -> None:
        """The argument, or what is behind a sign in it, without quotes."""
        if number >= len(self._arguments):
            return
        data = self._findings.data
        start, end = self._arguments[number]
        start += skipped
        while start < end and (quote := _QUOTE.match(data, start, end)) is not None:
            start, end = quote.end(), end - len(quote.group()) * data[start:end].endswith(quote.group())
        value = data[start:end]
        if not skipped and value[:1] == b"-":
            return
        if way:
            before, sign, value = value.partition(b"=" if way == "~" else way.encode())
            start += len(before) + len(sign)
        if way == "~" and not may_be_random(value.decode("utf-8", "replace")):
            return
        if len(value) >= 4 and not (value.isdigit() and len(value) < 6):  # a port
            add_value(self._findings, start, end, Named("password", _RULE), quoted=True)


def _find_written(findings: Findings, start: int) -> None:
    """`echo x | sudo -S`, `echo jo:x | chpasswd`."""
    before = findings.data[max(0, start - _LOOK_BACK) : start]
    if before.find(b"|") < 0:
        return
    written = _WRITTEN.search(before)
    if written is not None:
        at = start - len(before)
        add_value(findings, at + written.start(1), at + written.end(1), Named("password", _RULE), quoted=True)
