"""Ids: names of folders that every system can have."""

from __future__ import annotations

import re
import unicodedata

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def is_safe(name: str) -> bool:
    """Whether a name can be a folder on Linux, macOS and Windows, as it stands.

    >>> is_safe("bakkerij-peeters"), is_safe("CON"), is_safe("../x")
    (True, False, False)
    """
    return bool(ID.fullmatch(name)) and not RESERVED.fullmatch(name)


def safe_id(name: str) -> str:
    """The id nearest to a name: letters, digits and hyphens.

    >>> safe_id("Bakkerij Peeters & Zn."), safe_id("CON"), safe_id("!")
    ('bakkerij-peeters-zn', 'client-con', 'client')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_").lower()[:64].strip("-_")
    return plain if is_safe(plain) else f"client-{plain}"[:64].strip("-_")
