"""The language and the currency of what people read. English texts are the keys of the catalogues of other languages."""

import re

from chinese import CATALOGUE

LANGUAGES = {"en": {}, "zh-CN": CATALOGUE}
# A space between two Chinese characters, or beside Chinese punctuation, with tags of HTML at its side.
BETWEEN = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef])((?:</?[a-z][^>]*>)*) ((?:</?[a-z][^>]*>)*)(?=[\u3000-\u9fff\uff00-\uffef])"
                     "|(?<=[\u3000-\u303f\uff00-\uff1f])((?:</?[a-z][^>]*>)*) ((?:</?[a-z][^>]*>)*)"
                     "| (?=(?:</?[a-z][^>]*>)*[\u3000-\u303f\uff00-\uff1f])")
SYMBOLS = {"USD": "$", "CNY": "¥"}


class _Reader:
    """Whom all texts are for."""
    language, currency = "en", "USD"


missing = set()  # texts without a translation that were asked for


def use(language, currency=None):
    """Set the language, and the currency of the prices: a code of three letters."""
    _Reader.language, _Reader.currency = language, currency or "USD"


def language():
    return _Reader.language


def known(text):
    """Return the translation of a text, or None. In English each text is its own."""
    return text if _Reader.language == "en" else LANGUAGES[_Reader.language].get(text)


def translated(text):
    """Return the translation of a text of the program. One that is missing stays English, and is noted."""
    found = known(text)
    if found is None:
        missing.add(text)
    return text if found is None else found


def say(text, /, **values):
    """Return a text with its {values}, in the reader's language."""
    return closed_up(translated(text).format(**values))


def closed_up(text):
    """Return a text without spaces between two Chinese characters and beside Chinese punctuation."""
    return text if _Reader.language == "en" else BETWEEN.sub(r"\1\2\3\4", text)


def listed(items):
    """Return texts one after the other: "one, two and three"."""
    *others, last = items
    return say("{first} and {last}", first=say(", ").join(others), last=last) if others else last


def money(cost):
    """Return a sum of money. Sums below half a hundredth become "<$0.01"."""
    if cost is None:
        return "–"
    small = 0 < cost < 0.005
    symbol = SYMBOLS.get(_Reader.currency, _Reader.currency + " ")
    return f"{'<' if small else ''}{symbol}{0.01 if small else cost:,.2f}"


def price(amount):
    """Return the price of one unit, with all its digits."""
    return SYMBOLS.get(_Reader.currency, _Reader.currency + " ") + plain(amount)


def currency():
    return SYMBOLS.get(_Reader.currency, _Reader.currency)


def plain(number):
    """Return a number without exponent and without zeros at its end."""
    if number is None:
        return "–"
    if isinstance(number, str):
        return number
    text = re.sub(r"\.?0+$", "", f"{number:,.10f}")
    return text if float(number) == 0 or float(text.replace(",", "")) else f"{number:g}"


def figures(number):
    """Return a quantity in four digits, or more in front of the point."""
    return "–" if number is None else f"{number:,.0f}" if abs(number) >= 1000 else plain(float(f"{number:.4g}"))


def _scaled(number, sizes, separator):
    for size, name in sizes:
        if number >= size * 0.9995:
            return f"{plain(float(f'{number / size:.3g}'))}{separator}{name}"
    return f"{float(f'{number:.3g}'):,.0f}"


def count(number):
    """Return a volume in words, in three digits: 6.3 million."""
    if _Reader.language == "zh-CN":
        return _scaled(number, ((1e8, "亿"), (1e4, "万")), " ").replace(",", "")
    return _scaled(number, ((1e9, "billion"), (1e6, "million")), " ")


def brief(number):
    """Return a volume in the short form of an axis: 10 M."""
    if _Reader.language == "zh-CN":
        return _scaled(number, ((1e8, "亿"), (1e4, "万")), "").replace(",", "")
    return _scaled(number, ((1e9, "G"), (1e6, "M"), (1e3, "k")), " ")


def milliseconds(value):
    return "–" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"
