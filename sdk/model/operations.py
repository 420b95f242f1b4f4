"""Operations, the errors of each, and which four are public.

Our side is `vectors/expected/operations.txt`, which a test of the workspace holds to the code. That
a modelled error is never answered has its reason in `vectors/unreachable.txt`.
"""

from pathlib import Path

FACE = "cognito-identity"
ROOT = Path(__file__).resolve().parents[2]
# Any operation may answer these, so no table repeats them.
ALL_ANSWER = {"InternalErrorException", "TooManyRequestsException"}


def table():
    """Our operations: who may call, and the errors of each."""
    rows = {}
    for line in (ROOT / "vectors/expected/operations.txt").read_text().splitlines():
        words = line.split()
        if words[:1] == [FACE]:
            rows[words[1]] = (words[2], set(words[3:]))
    return rows


def never_answered():
    """Modelled errors that have a reason for never being answered."""
    lines = (ROOT / "vectors/unreachable.txt").read_text().splitlines()
    words = (line.split() for line in lines if line.startswith(FACE + " "))
    return {(line[1], line[2]) for line in words}


def compare(model, wire, found):
    """Both lists of operations, and for each its errors and its door."""
    ours, reasons, asked = table(), never_answered(), 0
    for name in sorted(set(ours) ^ set(model.operation_names)):
        side = "ours only" if name in ours else "modelled only"
        found(name, "-", side, "")
    for name in set(ours) & set(model.operation_names):
        asked += 1
        operation = model.operation_model(name)
        door, errors = ours[name]
        modelled = {shape.name for shape in operation.error_shapes}
        for error in ALL_ANSWER - modelled:
            found(name, error, "answered and not modelled", "")
        for error in errors - modelled:
            found(name, error, "answered and not modelled", "")
        for error in modelled - errors - ALL_ANSWER:
            if (name, error) not in reasons:
                found(name, error, "modelled and never answered", "")
        compare_door(operation, door, wire, found)
    unknown = wire.send(f"{model.metadata['targetPrefix']}.Nonesuch", {}, signed=True)
    if unknown.code != "UnknownOperationException":
        found("Nonesuch", "-", "an unknown operation", unknown)
    return asked


def compare_door(operation, door, wire, found):
    """Who may call: as our table says it, and as the server does it."""
    modelled = "public" if operation.auth_type == "none" else "signed"
    if door != modelled:
        found(operation.name, "-", f"{door}, and modelled as {modelled}", "")
    prefix = operation.service_model.metadata["targetPrefix"]
    answer = wire.send(f"{prefix}.{operation.name}", {}, signed=False)
    wanted = "ValidationException" if modelled == "public" else "MissingAuthenticationTokenException"
    if answer.code != wanted:
        found(operation.name, "-", "called without a signature", answer)
