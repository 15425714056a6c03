"""What the head of an article's text says about it: title, date, source. Nothing is guessed beyond it."""

from __future__ import annotations

import re
from datetime import date

_HEAD = 600  # code points that count as the head of an article
_LONGEST_TITLE = 200
_MENU_WORDS = 3  # a first line this short over a longer one is a site's menu ("All news"), not a title

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(["sept", *(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)])
_DATES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
)

# Agencies that sign their datelines: "(Reuters)", "/TASS/", "INTERFAX".
_AGENCIES = {
    "TASS": "TASS", "ITAR-TASS": "TASS", "INTERFAX": "Interfax", "REUTERS": "Reuters", "AP": "AP", "AFP": "AFP", "UPI": "UPI", "DPA": "dpa",
    "XINHUA": "Xinhua", "SPUTNIK": "Sputnik", "RIA NOVOSTI": "RIA Novosti", "PAJHWOK": "Pajhwok", "TOLONEWS": "TOLOnews",
    "KHAAMA PRESS": "Khaama Press", "ARIANA NEWS": "Ariana News", "IRNA": "IRNA", "APP": "APP", "PTI": "PTI", "ANI": "ANI",
    "ASIA-PLUS": "Asia-Plus", "AVESTA": "Avesta", "KHOVAR": "Khovar", "RFE/RL": "RFE/RL", "VOA": "VOA", "BBC": "BBC", "IRIN": "IRIN",
    "ANADOLU": "Anadolu", "AA": "Anadolu", "YONHAP": "Yonhap", "KYODO": "Kyodo", "EFE": "EFE",
}  # fmt: skip
_IN_BRACKETS = re.compile(r"\(\s*(?P<name>[A-Z][\w/ -]{1,14}?)\s*\)")
_BETWEEN_SLASHES = re.compile(r"/\s*(?P<name>[A-Z][\w -]{1,14}?)\s*/")
_OPENING_SIGNATURE = re.compile(r"\d{1,2}\.\s+(?P<name>[A-Z]{3,})\b")


def find_title(text: str) -> str | None:
    """Return the headline: a short first line without a full stop that stands over a longer text."""
    lines = [line.strip() for line in text[: 4 * _HEAD].splitlines() if line.strip()]
    if len(lines) > 2 and len(lines[0].split()) <= _MENU_WORDS < len(lines[1].split()):
        lines = lines[1:]
    if len(lines) < 2:
        return None
    title = lines[0]
    ends_sentence = title.endswith((".", "”", '"', ":")) and not title.endswith("...")
    return title if len(title) <= _LONGEST_TITLE and not ends_sentence else None


def find_date(text: str) -> str | None:
    """Return the first full date (day, month and year) in the head of the text as ``YYYY-MM-DD``."""
    head = text[:_HEAD]
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(head):
            month = match["m"].lower()
            number = int(month) if month.isdigit() else [name[:3] for name in _MONTHS].index(month[:3]) + 1
            try:
                found.append((match.start(), date(int(match["y"]), number, int(match["d"])).isoformat()))
                break
            except ValueError:
                continue  # "2021-02-31" is no date, so it says nothing
    return min(found)[1] if found else None


def read_day(value: str) -> str | None:
    """Return a date as ``YYYY-MM-DD``, from ISO 8601 (a time may follow) or as a text would write it; None if it is none."""
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError:
        return find_date(value)


def find_source(text: str) -> str | None:
    """Return the agency that signs the dateline, if one does."""
    head = text[:_HEAD]
    for pattern in (_IN_BRACKETS, _BETWEEN_SLASHES, _OPENING_SIGNATURE):
        for match in pattern.finditer(head):
            if agency := _AGENCIES.get(match["name"].upper()):
                return agency
    return None
