"""How a place name is normalised: the same code when the gazetteer is built and when it is asked.

Three keys, strictest first:

1. :func:`fold`: case, accents, apostrophes, hyphens, Arabic and Cyrillic letter variants.
2. :func:`strip_generic`: the folded name without words such as "province" or "viloyati".
3. :func:`transliteration_key`: one key for the many Latin spellings of one Persian, Pashto, Turkic
   or Russian name (Kunduz, Qonduz, Kondoz), and one for its cases in Russian (Кундуза, Кундузе).
   Loose: only for regional names found by context.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MIN_TRANSLITERATION_KEY = 5
"""Shortest transliteration key in use."""
SURE_TRANSLITERATION_KEY = 7
"""From this length, one letter less a further word, any key is used; shorter ones with fewer than
:data:`MANY_CONSONANTS` made most of the hits on names from elsewhere."""
MANY_CONSONANTS = 4
_LEAST_CYRILLIC = 4  # letters

_DROPPED = dict.fromkeys(
    map(
        ord,
        "'`´\"·.,،’‘“”"  # apostrophes, quotes, stops
        "ʻʼʿʾˈˌ"  # modifier letters that stand for ayn and hamza
        "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u0640",
    )
)
_LETTERS = str.maketrans(
    {
        # Latin letters that Unicode does not decompose
        "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "a", "ŋ": "n",
        # Arabic, Persian, Pashto, Uyghur forms of one letter
        "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ك": "ک", "ڪ": "ک", "ګ": "گ", "ة": "ه", "ۀ": "ه", "ہ": "ه",
        "ھ": "ه", "ە": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ۇ": "و", "ډ": "د", "ټ": "ت", "ړ": "ر",
        "ږ": "ژ", "ښ": "ش", "ڼ": "ن", "څ": "س", "ځ": "ز",
        # Tajik, Uzbek, Kazakh, Kyrgyz, Ukrainian letters and their nearest Russian one
        "ё": "е", "қ": "к", "ҳ": "х", "ҷ": "ч", "ғ": "г", "ў": "у", "ұ": "у", "ө": "о", "ү": "у", "ң": "н", "ә": "а",
        "і": "и", "ї": "и", "ӣ": "и", "ӯ": "у", "є": "е",
    }
)  # fmt: skip
_SEPARATORS = re.compile(r"[-‐‑‒–—―_/\\\s()\[\]]+")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Return the exact-match key of a name.

    Args:
        name: A name in any script.

    Returns:
        The name lower-cased, without accents, apostrophes and stops, with hyphens and runs of
        space as one space. Empty if nothing is left.
    """
    if name.isascii():
        return _SEPARATORS.sub(" ", name.lower().translate(_DROPPED)).strip()
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_DROPPED))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)
    folded = _SEPARATORS.sub(" ", plain).strip()
    return folded if folded == name else fold(folded)  # decomposing may bring up what folds further: "№", "…"


GENERIC_WORDS = frozenset(
    """
    province provinces district districts city town village region governorate municipality prefecture
    oblast oblasti krai rayon raion rayoni nohiya nohiyai nohia viloyat viloyati vilayat velayat velayati wilayat wilayah welayat welayati
    shahr shahri shahre shahrestan shahrak ostan markaz markazi woluswali wuleswali uluswali oluswali woleswali wolaswali vuluswali
    alaqadari hokumat hukumat
    провинция провинции провинцию провинциеи область области областью раион раиона раионе раионом
    город города городе городом вилоят вилоята вилояте вилояти вилаият вилаията вилаияте уезд уезда уезде нохия нохияи шахри
    ولایت ولایات استان شهر شهرستان ولسوالی شار ناحیه مرکز
    """.split()
)
"""Folded class words that a name keeps or drops freely; "bandar", "pul" and the like are parts of names."""

_NEVER_STRIPPED = frozenset({"county", "parish", "borough"})  # "Charles City County" is not Charles County
_IZAFAT = frozenset({"e", "i", "ye", "yi", "ul", "al", "el"})


@lru_cache(maxsize=65536)
def strip_generic(folded: str) -> str:
    """Return a folded name without its class words ("shahr i kunduz province" → "kunduz").

    Args:
        folded: A name as :func:`fold` returns it.

    Returns:
        The name without class words and the izafat between them; the name itself if it has none,
        or nothing else.
    """
    words = folded.split(" ")
    kept = [word for word in words if word not in GENERIC_WORDS]
    if len(kept) == len(words) or words[-1] in _NEVER_STRIPPED:
        return folded
    while len(kept) > 1 and words[0] in GENERIC_WORDS and kept[0] in _IZAFAT | {"of"}:
        kept = kept[1:]
    while len(kept) > 1 and words[-1] in GENERIC_WORDS and kept[-1] in _IZAFAT:
        kept = kept[:-1]
    return " ".join(kept) or folded


# Endings of case that Russian hangs on a name or on the adjective of one: "в Кундузе", "Кундузской".
_CASE_ENDING = re.compile(  # folded: й stands as и
    "(?<=[а-я]{4})(?:ск(?:ии|ого|ому|им|ом|ая|ои|ую|ое)|ыи|ии|ого|ому|ая|ую|ое|ои|еи|ом|ем|[аяуюыиеоь])$"
)


def _cyrillic_key(stripped: str) -> str | None:
    """The key under which the cases of a name in Cyrillic letters meet; four letters of each word always stay."""
    letters = stripped.replace(" ", "")
    if len(letters) < _LEAST_CYRILLIC or not re.fullmatch("[а-я]+", letters):
        return None
    return " ".join(_CASE_ENDING.sub("", word) for word in stripped.split(" "))


# A name spelt the German way ("Schibirghan", "Pandschir"): its ch, j and sch as others would write them.
_GERMAN = (("tsch", "tch"), ("dsch", "dzh"), ("(?<!s)ch", "kh"), ("j", "y"), ("sch", "sh"))
# Consonants: digraphs to one letter, letters that transliterations swap to one of them. The French ch is the English
# sh, and s stands for z where the language has no z: one letter each.
_CONSONANTS = (
    ("shch|tch|sch|sh|ch", "S"),
    ("dzh|dj|dz|zh", "j"),
    ("(?:kh|x)[vw](?=[aeiou])", "h"),  # Khwaja, Khvajeh, Khoja
    ("kh|x", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("ck|q|c(?=[aou]|[^aeiouyh]|$)", "k"),
    ("w", "v"),
    ("tz|z", "s"),
)
# Vowels: only three classes survive (a/o, i/e/y, ia), and an h or v that merely lengthens a vowel goes.
_VOWELS = (
    (r"(?<=[aeiouy])v(?=[^aeiouy]|$)", "u"),
    (r"(?<=[aeiou])h(?=[^aeiouy]|$)", ""),
    ("iya|ia|ya|yo|ja$", "ia"),
    ("(?:ai|ay|ei|ey|ee|ie|iy|y|e|i)+(?!a)", "i"),
    ("[aou]+", "a"),
    (r"(?<=[^ai])h(?![ai])", ""),
    (r"(.)\1+", r"\1"),
)
_READ_AS_GERMAN, _TO_KEY = (
    tuple((re.compile(pattern), letter) for pattern, letter in rules) for rules in (_GERMAN, _CONSONANTS + _VOWELS)
)
# An izafat written onto the word before: "Puli Khumri", "Qalai Naw".
_LINK = re.compile("(?<=[^aeiou])[ie]$|(?<=a)y?i?e?$")
_FINAL_A = re.compile("(?<=[^aeiouy])(?:eh|ah|e)$")  # "Qaleh", "Dara", "Tepe"
_REGIONAL_SIGN = re.compile("kh|gh|q|zh|dj|dsch|^x")


@lru_cache(maxsize=65536)
def transliteration_key(name: str) -> str | None:
    """Return the loose key under which the Latin spellings of one name meet, or the cases of a Russian one.

    The rules (q/k, o/u/oo, i/e/y, kh/x/h, gh/g, zh/dzh/j, w/v, ch/sh, s/z, izafat, final -eh, doubled letters,
    medial h) were set on two thirds of ``tests/gazetteer/tables/variants.tsv``, and the length of a key so that
    fewer than 1 in 200 names from elsewhere meet a regional one.

    Args:
        name: A name in any form.

    Returns:
        The key, or None if the name is in other letters or the key is too short to tell names apart: below
        :data:`SURE_TRANSLITERATION_KEY` only one of many consonants counts, or of a name that shows by a letter
        where it is from ("kh", "gh", "q"), and none below :data:`MIN_TRANSLITERATION_KEY`.
    """
    stripped = strip_generic(fold(name))
    if "а" <= stripped[:1] <= "я":
        return _cyrillic_key(stripped)
    words = stripped.split(" ")
    if len(words) > 2:
        words = [words[0], *(word for word in words[1:-1] if word not in _IZAFAT), words[-1]]
    words = [_LINK.sub("", word) if len(word) > 3 else word for word in words[:-1]] + words[-1:]
    spelt = "".join(_FINAL_A.sub("a", word) if len(word) > 3 else word for word in words)
    if not spelt.isascii() or not spelt.isalnum():
        return None
    key = spelt
    for pattern, letter in (*(_READ_AS_GERMAN if "sch" in spelt else ()), *_TO_KEY):
        key = pattern.sub(letter, key)
    tells = len(key) + len(words) > SURE_TRANSLITERATION_KEY or len(re.sub("[ai]", "", key)) >= MANY_CONSONANTS
    if len(key) >= MIN_TRANSLITERATION_KEY and (tells or _REGIONAL_SIGN.search(spelt)):
        return key
    return None
