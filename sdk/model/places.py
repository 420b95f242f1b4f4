"""The places of a request: every member of every operation, however deep, with what it must be.

The published model is walked, not a table of ours, so a member that appears in a newer model is
asked for the next time this runs.
"""

import copy
from dataclasses import dataclass

from rules import sample


@dataclass(frozen=True)
class Place:
    """Somewhere in the input of an operation."""

    operation: str
    steps: tuple
    shape: object
    required: bool
    # How messages name it, and how the list of differences does.
    spoken: str
    name: str
    # A text inside a map is complained about as a part of the map.
    part: str = ""


def of_operation(operation):
    """Every place of an operation's input, outer ones first."""
    shape = operation.input_shape
    yield from _members(operation.name, shape, (), "", "")


def _members(operation, structure, steps, spoken, name):
    for member, shape in structure.members.items():
        required = member in structure.required_members
        lower = member[:1].lower() + member[1:]
        inner = (spoken + "." + lower).lstrip(".")
        label = (name + "." + member).lstrip(".")
        yield from _place(operation, shape, steps + (member,), inner, label, required)


def _place(operation, shape, steps, spoken, name, required=False, part=""):
    yield Place(operation, steps, shape, required, spoken, name, part)
    if shape.type_name == "structure":
        yield from _members(operation, shape, steps, spoken, name)
    elif shape.type_name == "list":
        item = spoken + ".1.member"
        yield from _place(operation, shape.member, steps + (0,), item, name + ".item")
    elif shape.type_name == "map":
        key = sample(shape.key)
        yield Place(operation, steps, shape.key, False, spoken, name + ".key", "key")
        inner = steps + (key,)
        if shape.value.type_name == "string":
            yield Place(operation, inner, shape.value, False, spoken, name + ".value", "value")
        else:
            deeper = f"{spoken}.{key}.member"
            yield from _place(operation, shape.value, inner, deeper, name + ".value")


def with_value(base, place, value):
    """The whole input with another value at one place."""
    changed = copy.deepcopy(base)
    slot = changed
    for step in place.steps[:-1]:
        slot = slot[step]
    last = place.steps[-1]
    if place.part == "key":
        entries = slot[last]
        (old,) = entries
        entries[value] = entries.pop(old)
    else:
        slot[last] = value
    return changed


def without(base, place):
    """The whole input without one member."""
    changed = copy.deepcopy(base)
    slot = changed
    for step in place.steps[:-1]:
        slot = slot[step]
    del slot[place.steps[-1]]
    return changed
