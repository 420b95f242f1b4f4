"""What the published model says a value must be, and values on both sides of each rule.

`broken` is a second implementation of the documented rules, as slow and plain as it can be; what it
says of a value must be what the server says of it, word for word.
"""

import re
import unicodedata

# For each pattern of the model: how a text that matches it begins, and what it goes on with.
PATTERNS = {
    r"[\w-]+:[0-9a-f-]+": ("us-east-1:", "0"),
    r"[\w\s+=,.@-]+": ("", "x"),
    r"[\w._-]+": ("", "x"),
    r"[\w.;_/-]+": ("", "x"),
    r"[\w._:/-]+": ("", "x"),
    r"[\w_]+": ("", "x"),
    r"\d+": ("", "0"),
    r"[\S]+": ("", "x"),
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+": ("", "x"),
    r"(un)?authenticated": ("authenticated", "d"),
}

# A text that ends in each of these is tried wherever a text goes.
ENDINGS = {
    "upper": "A",
    "digit": "7",
    "colon": ":",
    "slash": "/",
    "semicolon": ";",
    "hash": "#",
    "space": " ",
    "tab": "\t",
    "vertical-tab": "\v",
    "control": "\x01",
    "line-end": "\n",
    "no-break-space": "\u00a0",
    "letter": "ü",
    "mark": "\u0301",
    "pair": "\U0001d4b3",
}

# Where the model has no upper bound, so many are sent, and so long a text.
MANY = {100, 1_001}
LONG = {100_000}

AT_LEAST = "Member must have {} greater than or equal to {}"
AT_MOST = "Member must have {} less than or equal to {}"


def length(text):
    """Lengths count UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def matches(pattern, text):
    """Whether the whole text matches; classes are ASCII, as the service has them."""
    if r"\p{" not in pattern:
        return re.fullmatch(pattern, text, re.ASCII) is not None
    kinds = re.findall(r"\\p\{(\w)\}", pattern)
    if pattern != "[" + "".join(rf"\p{{{kind}}}" for kind in kinds) + "]+":
        raise ValueError(f"teach rules.py the pattern {pattern}")
    return text != "" and all(unicodedata.category(one)[0] in kinds for one in text)


def of_length(shape, count):
    """A text of so many characters that matches the pattern, if one can."""
    pattern = shape.metadata.get("pattern")
    if pattern is not None and pattern not in PATTERNS:
        raise ValueError(f"teach rules.py the pattern {pattern}")
    start, fill = PATTERNS.get(pattern, ("", "x"))
    return (start + fill * count)[:count]


def sample(shape):
    """A good value, with every member and one of each list and map."""
    kind = shape.type_name
    if kind == "structure":
        return {name: sample(member) for name, member in shape.members.items()}
    if kind == "list":
        return [sample(shape.member) for _ in range(shape.metadata.get("min", 1))]
    if kind == "map":
        return {sample(shape.key): sample(shape.value)}
    if kind in ("integer", "long"):
        return shape.metadata.get("min", 1)
    if kind == "boolean":
        return True
    if shape.enum:
        return shape.enum[0]
    start, fill = PATTERNS.get(shape.metadata.get("pattern"), ("", "x"))
    least = shape.metadata.get("min", 1)
    whole = start if start.endswith(fill) else start + fill
    return whole + fill * max(0, least - len(whole))


def bounds(shape, noun, size):
    """Which of the two bounds a size breaks."""
    most, least = shape.metadata.get("max"), shape.metadata.get("min")
    broken = []
    if most is not None and size > most:
        broken.append(AT_MOST.format(noun, most))
    if least is not None and size < least:
        broken.append(AT_LEAST.format(noun, least))
    return broken


def broken(shape, value):
    """The rules of this shape itself that a value of its type breaks."""
    if shape.type_name in ("list", "map"):
        return bounds(shape, "length", len(value))
    if shape.type_name in ("integer", "long"):
        return bounds(shape, "value", value)
    if shape.type_name != "string":
        return []
    if shape.enum:
        words = ", ".join(shape.enum)
        return [] if value in shape.enum else [f"Member must satisfy enum value set: [{words}]"]
    found = bounds(shape, "length", length(value))
    pattern = shape.metadata.get("pattern")
    if pattern is not None and not matches(pattern, value):
        found.append(f"Member must satisfy regular expression pattern: {pattern}")
    return found


def every_rule(shape):
    """All the rules of a text, as a complaint about a map lists them."""
    parts = []
    if "max" in shape.metadata:
        parts.append(AT_MOST.format("length", shape.metadata["max"]))
    if "min" in shape.metadata:
        parts.append(AT_LEAST.format("length", shape.metadata["min"]))
    if "pattern" in shape.metadata:
        pattern = shape.metadata["pattern"]
        parts.append(f"Member must satisfy regular expression pattern: {pattern}")
    return "[" + ", ".join(parts) + "]"


def sizes(shape, many):
    """The sizes around both bounds."""
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    around = {max(least - 1, 0), least, least + 1}
    around |= {most - 1, most, most + 1} if most is not None else many
    return sorted(around)


def sides(shape):
    """Values of the right type on both sides of each rule, under the names of what they show."""
    kind = shape.type_name
    if kind == "list":
        for count in sizes(shape, MANY):
            yield f"count {count}", [sample(shape.member)] * count
    elif kind == "map":
        for count in sizes(shape, MANY):
            yield f"count {count}", _entries(shape, count)
    elif kind in ("integer", "long"):
        least, most = shape.metadata["min"], shape.metadata["max"]
        for number in (least - 1, least, least + 1, most - 1, most, most + 1):
            yield f"number {number}", number
    elif kind == "boolean":
        yield "true", True
        yield "false", False
    elif kind == "string":
        yield from _texts(shape)


def _entries(shape, count):
    """A map of so many entries; its keys need not be good ones when there are too many for that."""
    keys = ["authenticated", "unauthenticated"]
    if shape.key.metadata.get("pattern") is None:
        keys = []
    keys += [f"key-{number}" for number in range(count)]
    return {key: sample(shape.value) for key in keys[:count]}


def _texts(shape):
    if shape.enum:
        for word in shape.enum:
            yield f"word {word}", word
        yield "word in lower case", shape.enum[0].lower()
        yield "word unknown", "Nonesuch"
        yield "word empty", ""
        return
    for count in sizes(shape, LONG):
        yield f"length {count}", of_length(shape, count)
    most = shape.metadata.get("max")
    if most is not None:
        # A pair is one character and two code units.
        yield "pairs at most", "\U0001d4b3" * (most // 2)
        yield "pairs too many", "\U0001d4b3" * (most // 2 + 1)
    whole = sample(shape)
    for name, ending in ENDINGS.items():
        yield f"ending {name}", whole + ending
    for part in re.findall(r"[a-z]+", shape.metadata.get("pattern") or ""):
        yield f"text {part}", part


WRONG = {
    "string": [1, True, ["x"], {"x": "x"}],
    "boolean": ["true", 1, []],
    "integer": ["1", True, 1.5, []],
    "long": ["1", True, 1.5, []],
    "list": ["x", {"x": "x"}, 1],
    "map": ["x", ["x"], 1],
    "structure": ["x", ["x"], 1],
}


def wrong_types(shape):
    """Values that JSON can say and this shape cannot be."""
    for value in WRONG[shape.type_name]:
        yield f"type {type(value).__name__}", value
