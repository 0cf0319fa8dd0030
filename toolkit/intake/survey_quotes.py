"""Open answers without what tells who wrote them or whom they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable

GONE = "[…]"

_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTER = r"[A-Za-zÀ-ÖØ-öø-ÿ]"
_PROPER = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_TITLE = (
    r"\b(?:[Mm]eneer|[Dd]e heer|[Dd]hr\.?|[Mm]evrouw|[Mm]evr\.?|[Mm]w\.?|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|[Dd]r\.?|"
    r"[Pp]rof\.?|[Cc]ollega|[Mm]edewerk(?:er|ster)|[Vv]erkoper|[Vv]erkoopster|[Ii]k heet|[Mm]ijn naam is|[Mm]y name is|"
    r"[Nn]aam:|[Nn]ame:|[Gg]roet(?:en|jes)?,?|[Mm]vg,?|[Rr]egards,?|[Cc]heers,?|[Tt]hanks to|[Dd]ank aan|[Bb]edankt,?)"
)
_PART, _DOT = r"[\w+'-]{1,64}", r"(?:\.+| \. ?|\. (?=be\b|nl\b|com\b))"
_WHO = re.compile(rf"({_TITLE})\s+(?:[A-Z]\.\s*)*{_PROPER}(?:\s+(?:van|de|der|den|ter|ten|von|le|la)\b\.?)*(?:\s+{_PROPER})*")
_BOX = r"(?:,?\s+bus\s+\w+)?"
_BEFORE_NUMBERS = (
    r"(?:Na|In|Al|Om|Op|Binnen|Sinds|Ruim|Bijna|Slechts|Maar|Meer|Minder|Dan|Van|Voor|De|Het|Die|Deze|Met|Tot|Nu|Wij|Er|"
    r"After|For|Within|Since|Only|About|Over|The|These|Those|Up|To|At|By|Top|Got|We|My)\b"
)
_WHAT = re.compile(
    rf"{_PART}(?:{_DOT}{_PART}){{0,3}}\s?(?:@|\(at\)|\[at\])\s?{_PART}(?:{_DOT}{_PART})*"  # e-mail
    rf"|\b{_PART}(?: (?:punt|dot) {_PART})* (?:at|apenstaart(?:je)?) {_PART}(?: (?:punt|dot) {_PART})+"  # and spelt out
    r"|(?:https?://|www\.)\S+|(?<!\w)@\w+"  # pages and accounts
    r"|\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b"  # IBAN
    rf"|\b{_LETTER}+(?:straat|laan|weg|plein|lei|dreef|kaai|kade|dijk|gracht|singel|steenweg|plaats|markt|baan)\s+\d+(?:\s?[A-Za-z]\b)?{_BOX}"
    rf"|\b(?!{_BEFORE_NUMBERS})[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’-]+\s+\d{{1,3}}[A-Za-z]?\b{_BOX}"  # Meir 24
    rf"|\b\d+\s+(?:{_PROPER}\s+)+(?:[Ss]treet|[Rr]oad|[Aa]venue|[Ll]ane|[Dd]rive)\b"
    rf"|\b[1-9]\d{{3}}\s?[A-Z]{{2}}\b(?:\s+{_PROPER})?|\b(?:B-)?[1-9]\d{{3}}\s+{_PROPER}"  # postcode and place
    r"|\b\d-[A-Z]{3}-\d{3}\b|\b[A-Z]{1,3}-\d{2,3}-[A-Z]{1,3}\b"  # number plates
    r"|(?<!\w)(?:\+|00)?\(?\d(?:[\s()./-]{0,3}\d){4,}(?!\w)"  # telephone, account, order and customer numbers
)


def parts_of_names(names: Iterable[str]) -> frozenset[str]:
    """The words of three letters or more that names are made of, without capitals."""
    return frozenset(part.casefold() for name in names for part in _WORD.findall(name))


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """A text with e-mail and web addresses, numbers, streets, titled and given names replaced by […].

    `names` are names that the file itself knows. What is left may still tell who wrote
    it: quotations are read by a person before they are shown.

    >>> redacted("Mail mij op jan@peeters.be of bel 0475 12 34 56, groeten, Jan Peeters")
    'Mail mij op […] of bel […], groeten, […]'
    """
    known = names if isinstance(names, frozenset) else parts_of_names(names)
    text = _WHO.sub(lambda found: f"{found[1]} {GONE}", _WHAT.sub(GONE, text))
    if not known:
        return text
    return _WORD.sub(lambda word: GONE if word[0][0].isupper() and word[0].casefold() in known else word[0], text)


_PERSONAL = re.compile(r"@|(?<!\w)(?:\+|00?)[\d\s()./-]{7,}\d(?!\w)|\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}")


def is_personal(text: str) -> bool:
    """Whether the name of a group is an e-mail address, a telephone or account number, or a person with a title.

    >>> [is_personal(one) for one in ("Oost", "2024", "jan@peeters.be", "0475 12 34 56", "mevrouw Peeters")]
    [False, False, True, True, True]
    """
    return bool(_PERSONAL.search(text) or _WHO.search(text))
