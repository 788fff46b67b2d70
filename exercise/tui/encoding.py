"""What the terminal's locale can carry."""

from __future__ import annotations

import locale
import sys


def speaks_unicode() -> bool:
    """Whether the terminal's locale carries more than ASCII."""
    encoding = (getattr(sys.stdout, "encoding", "") or locale.getpreferredencoding(do_setlocale=False)).lower().replace("-", "")
    return "utf8" in encoding or "utf16" in encoding
