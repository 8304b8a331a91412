"""Secrets that are known by their form: tokens with the prefixes of their issuers, JWTs, AWS keys, card numbers.

Without regular expressions: URLs are checked here too, and the default exporter needs no `re` otherwise.
"""

from __future__ import annotations

from binascii import a2b_base64

_DIGITS = b"0123456789"
_HEX = b"0123456789abcdefABCDEF"
_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

MIN_TOKEN = 12
"""No issuer's token is shorter, its prefix included."""

_SAFE = 16
"""Behind a prefix with which no word begins, so many characters make a token."""

# Prefix: how many characters follow it at least. From the issuers' documentation and their entries in GitHub's list of
# secret scanning patterns. Prefixes that are also words are in _WORDLIKE.
_PREFIXES = {
    b"AKIA": 16, b"ASIA": 16, b"ABIA": 16, b"ACCA": 16, b"ABSK": 40, b"bedrock-api-key-": 16,
    b"IQoJb3JpZ2lu": 20, b"FwoGZXIvYXdz": 20, b"FQoGZXIvYXdz": 20, b"FwoGZXIv": 40, b"FQoDYXdz": 40, b"AQoDYXdz": 40,
    b"ghp_": _SAFE, b"gho_": _SAFE, b"ghu_": _SAFE, b"ghs_": _SAFE, b"ghr_": _SAFE, b"github_pat_": _SAFE,
    b"glpat-": _SAFE, b"gldt-": _SAFE, b"glrt-": _SAFE, b"glcbt-": _SAFE, b"glptt-": _SAFE, b"gloas-": _SAFE,
    b"xoxb-": 10, b"xoxp-": 10, b"xoxa-": 10, b"xoxr-": 10, b"xoxs-": 10, b"xoxe-": 10, b"xoxc-": 10, b"xoxd-": 10,
    b"xapp-": 10, b"xoxe.xox": 10,
    b"sk_live_": 10, b"sk_test_": 10, b"rk_live_": 10, b"rk_test_": 10, b"whsec_": _SAFE,
    b"sk-ant-": _SAFE, b"sk-proj-": _SAFE, b"sk-svcacct-": _SAFE, b"sk-or-v1-": _SAFE, b"pplx-": 32, b"gsk_": 32,
    b"AIza": 30, b"ya29.": _SAFE, b"GOCSPX-": _SAFE, b"SG.": 32,
    b"npm_": 30, b"pypi-AgE": _SAFE, b"rubygems_": 32, b"dckr_pat_": _SAFE, b"dckr_oat_": _SAFE,
    b"dop_v1_": 32, b"doo_v1_": 32, b"dor_v1_": 32, b"shpat_": 24, b"shpca_": 24, b"shppa_": 24, b"shpss_": 24,
    b"sq0atp-": _SAFE, b"sq0csp-": _SAFE, b"EAAA": 40, b"NRAK-": 20, b"NRJS-": 16, b"NRII-": 20, b"NRRA-": 20,
    b"hf_": 30, b"api_org_": 30, b"ATATT3": 24, b"ATCTT3": 24, b"ATBB": 24, b"lin_api_": 24, b"lin_oauth_": 24,
    b"ntn_": 30, b"secret_": 40, b"PMAK-": 24, b"dp.pt.": 24, b"dp.st.": 24, b"dp.ct.": 24, b"hvs.": 20, b"hvb.": 20,
    b"hvr.": 20, b"glsa_": 24, b"glc_": 24, b"sntrys_": 24, b"sntryu_": 24, b"AGE-SECRET-KEY-1": 20, b"figd_": 20,
    b"sbp_": 24, b"sb_secret_": 16, b"pscale_tkn_": 20, b"pscale_pw_": 20, b"pscale_oauth_": 20, b"r8_": 30,
    b"CCIPAT_": 24, b"CCIPRJ_": 24, b"EZAK": 40, b"EZTK": 40, b"FLWSECK-": 20, b"FLWSECK_": 20, b"FLWSECK_TEST-": 12,
    b"pul-": 32, b"ops_eyJ": 40, b"lsv2_pt_": 24, b"lsv2_sk_": 24, b"nfp_": 30, b"bkua_": 24, b"HRKU-": 24, b"fo1_": 30,
    b"fio-u-": 30, b"tfp_": 30, b"patX": 40, b"LTAI": 16, b"AKID": 30, b"t1.9eu": 40, b"y0_": 40, b"AQVN": 35,
    b"xkeysib-": 40, b"xsmtpsib-": 40, b"PRIVATE-TOKEN-": 16, b"CFPAT-": 30, b"sl.": 100, b"shippo_live_": 30,
    b"duffel_live_": 30, b"dt0c01.": 60, b"ATTA": 60, b"EAACEdEose0cBA": 10, b"amzn1.oa2-cs.v1.": 30, b"ctp_": 30,
    b"pnu_": 30, b"oy2": 43, b"ico-": 32, b"v1.0-": 40, b"sgp_": 40, b"zpka_": 30, b"tskey-": 16, b"vlt_": 40,
    b"vercel_": 24, b"vcp_": 24, b"u+": 24, b"cio-": 40, b"wandb_v1_": 24, b"xai-": 60, b"gapi_": 30, b"jina_": 40,
    b"aio_": 24, b"AKCp": 60, b"CLOJARS_": 40, b"rdme_": 40, b"ngrok_": 30, b"testsk_": 24, b"sk.eyJ": 40, b"phx_": 30,
    b"tk-us-": 30, b"access-sandbox-": 30, b"access-development-": 30, b"access-production-": 30, b"dG9rO": 40,
    b"pat-na1-": 30, b"pat-na2-": 30, b"pat-eu1-": 30,
}  # fmt: skip

_HEX_PREFIXES = {b"key-": 32, b"dapi": 32, b"SK": 32, b"sk_": 40, b"live_": 35, b"test_": 35, b"api-": 32, b"sdk-": 32}
"""Prefixes that are also words: what follows is all hexadecimal, or a UUID."""

_BY_START: dict[bytes, list[tuple[bytes, int]]] = {}
for _prefix in sorted(_PREFIXES, key=len, reverse=True):
    _BY_START.setdefault(_prefix[:3], []).append((_prefix, _PREFIXES[_prefix]))

_HEX_STARTS = frozenset(prefix[:3] for prefix in _HEX_PREFIXES if len(prefix) > 2) | {
    b"SK" + bytes((digit,)) for digit in b"0123456789abcdef"
}
TOKEN_STARTS = frozenset((*_BY_START, b"eyJ", b"sk-", *_HEX_STARTS))
"""Nearly every word that is not a token differs from all tokens in its first three characters."""


def public_length(word: bytes, *, cut: bool = False) -> int | None:
    """How many first characters of a token may be shown; None if the word is not a token.

    A word is what stands between separators, of letters, digits and `_.-`. `cut`: the text ends with it.
    """
    word = word.rstrip(b".-")
    for prefix, needed in _BY_START.get(word[:3], ()):
        if word.startswith(prefix) and len(word) - len(prefix) >= (8 if cut else needed):
            return len(prefix)
    if word.startswith(b"eyJ"):
        return _jwt(word)
    if word.startswith(b"sk-"):
        return 3 if _is_dense(word[3:], 8 if cut else 20) else None
    for prefix, needed in _HEX_PREFIXES.items():
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) >= (8 if cut else needed) and not rest.strip(_HEX + b"-"):
            return len(prefix)
    return None


def is_issued(word: bytes) -> bool:
    """Tokens without a prefix of their own, told by the lengths of their parts.

    Telegram's, Mailchimp's, Resend's, Airtable's and Discord's.
    """
    length = len(word)
    if word[:2] == b"AA" and length == 35:
        return is_mixed(word)
    if word[32:35] == b"-us":
        return length <= 37 and word[35:].isdigit() and not word[:32].strip(_HEX)
    if word[:3] == b"re_":
        return length == 36 and word[11:12] == b"_" and is_mixed(word[12:])
    parts = word.split(b".")
    if word[:3] == b"pat" and len(parts) == 2:
        return len(parts[0]) == 17 and len(parts[1]) == 64 and not parts[1].strip(_HEX)
    if len(parts) == 3 and len(parts[1]) == 6:
        return 22 <= len(parts[0]) <= 28 and 27 <= len(parts[2]) <= 40 and is_mixed(parts[2])
    return False


def is_opaque(word: bytes) -> bool:
    """It looks random: long hexadecimal, or long with digits and both cases mixed.

    UUIDs, dates, and names with dashes are not.
    """
    if len(word) < 20:
        return False
    if not word.strip(_HEX):
        return len(word) >= 32 and bool(word.strip(_DIGITS)) and bool(word.strip(b"abcdefABCDEF"))
    return is_mixed(word) and _longest_run(word) >= 7


def is_mixed(word: bytes) -> bool:
    """It has digits and both cases, and changes case more often than words do."""
    letters = word.translate(None, _DIGITS)
    if len(letters) == len(word) or not word.translate(None, _LOWER + b"-_") or letters.islower() or letters.isupper():
        return False
    changes = sum(1 for at in range(1, len(word)) if _class_of(word[at]) != _class_of(word[at - 1]))
    return changes * 4 >= len(word)


def is_luhn(digits: bytes) -> bool:
    """The check digit of ISO/IEC 7812, and a range that a card issuer has."""
    if not _is_issuers(digits):
        return False
    total = 0
    for at, digit in enumerate(reversed(digits)):
        number = (digit - 48) * (2 if at % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _is_issuers(digits: bytes) -> bool:
    length, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[:1] == b"4":
        return length in {13, 16, 19}
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return length == 16
    if two in {34, 37}:
        return length == 15
    if two in {30, 36, 38, 39}:
        return length == 14
    return (two in {35, 60, 62, 64, 65} or four == 6011) and 16 <= length <= 19


def _jwt(word: bytes) -> int | None:
    """The length up to the first dot: the header only says which algorithm.

    Signed cookies look alike, but their first part is what they carry.
    """
    dot = word.find(b".")
    if dot <= 10:
        return None
    try:
        header = a2b_base64(word[: dot - dot % 4])
    except ValueError:
        header = b""
    return dot + 1 if b'"alg"' in header else len(b"eyJ")


def _is_dense(rest: bytes, needed: int) -> bool:
    return (
        len(rest) >= needed
        and len(rest.translate(None, _DIGITS)) < len(rest)
        and (len(rest.translate(None, _UPPER)) < len(rest) or b"-" not in rest)
    )


def _longest_run(word: bytes) -> int:
    return max(map(len, word.replace(b"_", b"-").replace(b".", b"-").split(b"-")))


def _class_of(letter: int) -> int:
    return 0 if letter < 58 else 1 if letter < 91 else 2
