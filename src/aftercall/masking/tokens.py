"""Secrets that are known by their form: tokens with the prefixes of their issuers, JWTs, AWS keys.

Without regular expressions: URLs are checked here too, and the default exporter needs no `re` otherwise.
"""

from __future__ import annotations

from binascii import a2b_base64

_DIGITS = b"0123456789"
_HEX = b"0123456789abcdefABCDEF"
_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_AZURE_MARKS = (b"JQQJ99", b"AZDO", b"AzFu", b"AzSe")
"""In keys of Azure's AI services, DevOps, Functions and Search."""

_ISSUED_LENGTHS = frozenset((35, 36, 37, 40, 52, 54, 56, 84))

MIN_TOKEN = 12
"""No issuer's token is shorter, its prefix included."""

_SAFE = 16
"""Behind a prefix with which no word begins, so many characters make a token."""

# Prefix: how many characters follow it at least. From the issuers' documentation and their entries in GitHub's list of
# secret scanning patterns. Prefixes that are also words are in _WORDLIKE.
_PREFIXES = {
    b"AKIA": 16, b"ASIA": 16, b"ABIA": 16, b"ACCA": 16, b"ABSK": 40, b"bedrock-api-key-": 16, b"IQoJb3JpZ2lu": 20,
    b"FwoGZXIvYXdz": 20, b"FQoGZXIvYXdz": 20, b"FwoGZXIv": 40, b"FQoDYXdz": 40, b"AQoDYXdz": 40, b"ghp_": _SAFE,
    b"gho_": _SAFE, b"ghu_": _SAFE, b"ghs_": _SAFE, b"ghr_": _SAFE, b"github_pat_": _SAFE, b"glpat-": _SAFE,
    b"gldt-": _SAFE, b"glrt-": _SAFE, b"glcbt-": _SAFE, b"glptt-": _SAFE, b"gloas-": _SAFE, b"xoxb-": 10, b"xoxp-": 10,
    b"xoxa-": 10, b"xoxr-": 10, b"xoxs-": 10, b"xoxe-": 10, b"xoxc-": 10, b"xoxd-": 10, b"xapp-": 10, b"xoxe.xox": 10,
    b"sk_live_": 10, b"sk_test_": 10, b"rk_live_": 10, b"rk_test_": 10, b"whsec_": _SAFE, b"sk-ant-": _SAFE,
    b"sk-proj-": _SAFE, b"sk-svcacct-": _SAFE, b"sk-or-v1-": _SAFE, b"pplx-": 32, b"gsk_": 32, b"AIza": 30,
    b"ya29.": _SAFE, b"GOCSPX-": _SAFE, b"SG.": 32, b"npm_": 30, b"pypi-AgE": _SAFE, b"rubygems_": 32,
    b"dckr_pat_": _SAFE, b"dckr_oat_": _SAFE, b"dop_v1_": 32, b"doo_v1_": 32, b"dor_v1_": 32, b"shpat_": 24,
    b"shpca_": 24, b"shppa_": 24, b"shpss_": 24, b"sq0atp-": _SAFE, b"sq0csp-": _SAFE, b"EAAA": 40, b"NRAK-": 20,
    b"NRJS-": 16, b"NRII-": 20, b"NRRA-": 20, b"hf_": 30, b"api_org_": 30, b"ATATT3": 24, b"ATCTT3": 24, b"ATBB": 24,
    b"lin_api_": 24, b"lin_oauth_": 24, b"ntn_": 30, b"secret_": 40, b"PMAK-": 24, b"dp.pt.": 24, b"dp.st.": 24,
    b"dp.ct.": 24, b"hvs.": 20, b"hvb.": 20, b"hvr.": 20, b"glsa_": 24, b"glc_": 24, b"sntrys_": 24, b"sntryu_": 24,
    b"AGE-SECRET-KEY-1": 20, b"figd_": 20, b"sbp_": 24, b"sb_secret_": 16, b"pscale_tkn_": 20, b"pscale_pw_": 20,
    b"pscale_oauth_": 20, b"r8_": 30, b"CCIPAT_": 24, b"CCIPRJ_": 24, b"EZAK": 40, b"EZTK": 40, b"FLWSECK-": 20,
    b"FLWSECK_": 20, b"FLWSECK_TEST-": 12, b"pul-": 32, b"ops_eyJ": 40, b"lsv2_pt_": 24, b"lsv2_sk_": 24, b"nfp_": 30,
    b"bkua_": 24, b"HRKU-": 24, b"fo1_": 30, b"fio-u-": 30, b"tfp_": 30, b"patX": 40, b"LTAI": 16, b"AKID": 30,
    b"t1.9eu": 40, b"y0_": 40, b"AQVN": 35, b"xkeysib-": 40, b"xsmtpsib-": 40, b"PRIVATE-TOKEN-": 16, b"CFPAT-": 30,
    b"sl.": 100, b"shippo_live_": 30, b"duffel_live_": 30, b"dt0c01.": 60, b"ATTA": 60, b"EAACEdEose0cBA": 10,
    b"amzn1.oa2-cs.v1.": 30, b"ctp_": 30, b"pnu_": 30, b"oy2": 43, b"ico-": 32, b"v1.0-": 40, b"sgp_": 40, b"zpka_": 30,
    b"tskey-": 16, b"vlt_": 40, b"vercel_": 24, b"vcp_": 24, b"u+": 24, b"cio-": 40, b"wandb_v1_": 24, b"xai-": 60,
    b"gapi_": 30, b"jina_": 40, b"aio_": 24, b"AKCp": 60, b"CLOJARS_": 40, b"rdme_": 40, b"ngrok_": 30, b"testsk_": 24,
    b"sk.eyJ": 40, b"phx_": 30, b"tk-us-": 30, b"access-sandbox-": 30, b"access-development-": 30,
    b"access-production-": 30, b"dG9rO": 40, b"pat-na1-": 30, b"pat-na2-": 30, b"pat-eu1-": 30, b"pcsk_": 40,
    b"fm2_": 40, b"fm1r_": 40, b"fm1a_": 40, b"NRAA-": 20, b"NRAL-": 20, b"NRIQ-": 20, b"NRSP-": 20, b"EAA": 90,
    b"glagent-": _SAFE, b"glsoat-": _SAFE, b"glimt-": _SAFE, b"glft-": _SAFE, b"glffct-": _SAFE, b"glwt-": _SAFE,
    b"GR1348941": _SAFE, b"cfat_": 30, b"cfut_": 30, b"cfk_": 30, b"BBDC-": 32, b"p8e-": 30, b"eyJrIjoi": 40,
    b"nvapi-": 40, b"tvly-": 20, b"tgp_v1_": 30, b"gitpod_": 30, b"squ_": 40, b"sqp_": 40, b"sqa_": 40, b"dp.scim.": 24,
    b"dp.audit.": 24, b"dp.sa.": 24, b"dt0s01.": 60, b"dt0s16.": 60, b"dt0s08.": 60, b"apify_api_": 30, b"xaat-": 32,
    b"xapt-": 32, b"hcaik_": 40, b"hcbik_": 40, b"hcxik_": 40, b"hcamk_": 40, b"BBFF-": 24, b"ddp_": 30, b"ddw_": 30,
    b"s-s4t2ud-": 40, b"s-s4t2af-": 40, b"sm_aat_": 16, b"sm_pat_": 16, b"sm_sat_": 16, b"Mid-server-": 20,
    b"xnd_production_": 24, b"xnd_development_": 24, b"sk-lf-": 30, b"APA91b": 80, b"AQ.Ab8": 40,
    b"AAAAAAAAAAAAAAAAAAAAA": 60, b"AKLT": 40, b"ucat_": 24, b"nsec1": 58, b"xprv": 100, b"zprv": 100, b"yprv": 100,
    b"tprv": 100, b"cmVmdGtu": 50, b"amzn1.application-oa2-client-secret.": 20, b"nla-": 30, b"waka_": 30,
    b"waka_sec_": 30, b"waka_tok_": 30, b"ory_at_": 30, b"ory_rt_": 30, b"ory_pat_": 24, b"ory_st_": 24, b"ory_ac_": 30,
    b"pdl_live_": 30, b"pdl_sdbx_": 30,
}  # fmt: skip

_HEX_PREFIXES = {
    b"key-": 32, b"dapi": 32, b"SK": 32, b"sk_": 40, b"live_": 35, b"test_": 35, b"api-": 32, b"sdk-": 32, b"pk_": 34,
    b"ck_": 40, b"cs_": 40, b"fc-": 32, b"e2b_": 32,
}  # fmt: skip
"""Prefixes that are also words: what follows is all hexadecimal, or a UUID."""

_WORDLIKE = {
    b"fw_": 20, b"rnd_": 24, b"SCW": 17, b"csk-": 40, b"rootly_": 40, b"unkey_": 20, b"tss_": 40, b"essu_": 40,
    b"persona_production_": 24, b"persona_sandbox_": 24, b"secret-live-": 30, b"secret-test-": 30, b"napi_": 40,
    b"cal_live_": 24, b"rzp_live_": 14, b"rzp_test_": 14, b"sk_prod_": 20, b"tr_prod_": 20, b"tr_dev_": 20,
}  # fmt: skip
"""Behind these stands what looks random."""

_BY_START: dict[bytes, list[tuple[bytes, int]]] = {}
for _prefix in sorted(_PREFIXES, key=len, reverse=True):
    _BY_START.setdefault(_prefix[:3], []).append((_prefix, _PREFIXES[_prefix]))

_HEX_STARTS = frozenset(prefix[:3] for prefix in (*_HEX_PREFIXES, *_WORDLIKE) if len(prefix) > 2) | {
    b"SK" + bytes((digit,)) for digit in b"0123456789abcdef"
}
TOKEN_STARTS = frozenset((*_BY_START, b"eyJ", b"sk-", *_HEX_STARTS))
"""Nearly every word that is not a token differs from all tokens in its first three characters."""


def public_length(word: bytes, *, cut: bool = False) -> int | None:
    """How many first characters of a token may be shown; None if the word is not a token.

    A word is what stands between separators, of letters, digits and `_.-`. `cut`: the text ends with it.
    """
    word = word.rstrip(b".-")
    if word[:3] not in TOKEN_STARTS:
        return None
    for prefix, needed in _BY_START.get(word[:3], ()):
        if word.startswith(prefix) and len(word) - len(prefix) >= (8 if cut else needed):
            return len(prefix)
    if word.startswith(b"eyJ"):
        return _jwt(word)
    if word.startswith(b"sk-"):
        return 3 if _is_dense(word[3:], 8 if cut else 20) else None
    return _behind_word(word, cut=cut)


def _behind_word(word: bytes, *, cut: bool) -> int | None:
    for prefix, needed in _HEX_PREFIXES.items():
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) >= (8 if cut else needed) and not rest.strip(_HEX + b"-"):
            return len(prefix)
    for prefix, needed in _WORDLIKE.items():
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) >= (8 if cut else needed) and (cut or _is_random(rest)):
            return len(prefix)
    return None


def _is_random(rest: bytes) -> bool:
    return is_mixed(rest) or not rest.strip(_HEX)


def is_issued(word: bytes) -> bool:
    """Tokens without a prefix of their own, told by the lengths of their parts.

    Telegram's, Mailchimp's, Resend's, Airtable's, Discord's, New Relic's, MaxMind's and Azure's.
    """
    length = len(word)
    if length in _ISSUED_LENGTHS and _has_issued_end(word, length):
        return True
    if word[:3] == b"re_":
        return length == 36 and word[11:12] == b"_" and is_mixed(word[12:])
    parts = word.split(b".")
    if word[:3] == b"pat" and len(parts) == 2:
        return len(parts[0]) == 17 and len(parts[1]) == 64 and not parts[1].strip(_HEX)
    if len(parts) == 3 and len(parts[1]) == 6:
        return 22 <= len(parts[0]) <= 28 and 27 <= len(parts[2]) <= 40 and is_mixed(parts[2])
    return False


def _has_issued_end(word: bytes, length: int) -> bool:
    if length == 35:
        return word[:2] == b"AA" and is_mixed(word)
    if length == 40:
        return (word[36:] == b"NRAL" and word.isalnum()) or (word[36:] == b"_mmk" and word[6:7] == b"_")
    if word[32:35] == b"-us":
        return word[35:].isdigit() and not word[:32].strip(_HEX)
    return any(word.find(mark, 30) >= 0 for mark in _AZURE_MARKS) and is_mixed(word)


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
    return changes_of(word) * 4 >= len(word)


_KINDS = bytes(48 if byte < 58 else 49 if byte < 91 else 50 for byte in range(256))
_CHANGES = (b"01", b"02", b"10", b"12", b"20", b"21")


def changes_of(word: bytes) -> int:
    """How many neighbours are of different kinds: capital letters, small letters, others."""
    kinds = word.translate(_KINDS)
    return sum(map(kinds.count, _CHANGES))


def _longest_run(word: bytes) -> int:
    return max(map(len, word.replace(b"_", b"-").replace(b".", b"-").split(b"-")))


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
