"""Every member of every input: there or not, of every type, on both sides of each of its rules."""

import places
import rules


def compare(model, wire, found):
    """Asks the server about every place; returns how many requests that took."""
    prefix = model.metadata["targetPrefix"]
    asked = 0
    for name in model.operation_names:
        operation = model.operation_model(name)
        base = rules.sample(operation.input_shape)
        signed = operation.auth_type != "none"

        def ask(members, place, what, wanted, operation=operation, signed=signed):
            nonlocal asked
            asked += 1
            answer = wire.send(f"{prefix}.{operation.name}", members, signed)
            judge(operation, answer, place, what, wanted, found)

        ask(base, "-", "every member", set())
        ask({**base, "Nonesuch": {"x": [1]}}, "-", "an unknown member", set())
        for place in places.of_operation(operation):
            for what, members, wanted in questions(base, place):
                ask(members, place.name, what, wanted)
    return asked


def questions(base, place):
    """Inputs that ask about one place, with what must be said of them."""
    if place.part != "key":
        for what, value in rules.wrong_types(place.shape):
            yield what, places.with_value(base, place, value), "SerializationException"
    if place.steps and place.part == "" and isinstance(place.steps[-1], str):
        missing = {complaint(place, "Member must not be null", None)} if place.required else set()
        if not in_map(place):
            yield "null", places.with_value(base, place, None), missing
            yield "absent", places.without(base, place), missing
    for what, value in rules.sides(place.shape):
        yield what, places.with_value(base, place, value), wanted(place, value)


def in_map(place):
    """Whether the last step is a key of a map and no member."""
    return place.name.endswith(".value")


def wanted(place, value):
    """Each complaint that the rules make of a value at a place."""
    broken = rules.broken(place.shape, value)
    if place.part == "":
        found = {complaint(place, rule, value) for rule in broken}
        if place.shape.type_name == "map":
            found |= bad_keys(place, value)
        return found
    if not broken:
        return set()
    noun = "Map keys" if place.part == "key" else "Map value"
    return {complaint(place, f"{noun} must satisfy constraint: {rules.every_rule(place.shape)}")}


def bad_keys(place, value):
    """What is said of a map that was filled with more keys than there are good ones."""
    key = place.shape.key
    if not any(rules.broken(key, one) for one in value):
        return set()
    return {complaint(place, f"Map keys must satisfy constraint: {rules.every_rule(key)}")}


def complaint(place, rule, value=""):
    """The words about one broken rule; the value is told when it is a plain text or number."""
    start = ""
    if value is None:
        start = "Value null "
    elif isinstance(value, (str, int)) and value != "" and rules.length(str(value)) < 100:
        if str(value).isprintable() and not place.shape.metadata.get("sensitive"):
            start = f"Value '{value}' "
    return f"{start}at '{place.spoken}' failed to satisfy constraint: {rule}"


def judge(operation, answer, place, what, wanted, found):
    """Holds one answer to what had to be said."""
    if wanted == "SerializationException":
        if answer.code != wanted or answer.status != 400:
            found(operation.name, place, what, answer)
        return
    if not wanted:
        errors = {shape.name for shape in operation.error_shapes}
        if answer.code and (answer.code not in errors or answer.status != 400):
            found(operation.name, place, what, answer)
        return
    noun = "error" if len(wanted) == 1 else "errors"
    start = f"{len(wanted)} validation {noun} detected: "
    refused = answer.code == "ValidationException" and answer.status == 400
    if refused and answer.message.startswith(start):
        if all(one in answer.message for one in wanted):
            return
        if all(escaped(one) in answer.message for one in wanted):
            found(operation.name, place, "the value is shown escaped", answer)
            return
    found(operation.name, place, what, f"{answer}\n    wanted: {start}{'; '.join(wanted)}")


def escaped(text):
    """The words with each letter beyond ASCII as its number."""
    return "".join(one if one.isascii() else f"\\u{{{ord(one):x}}}" for one in text)
