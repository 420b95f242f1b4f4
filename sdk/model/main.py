"""Our Cognito identity against its published model, shape by shape.

The model is the one that botocore ships: operations, members, constraints, errors, who may call.
What the server does is asked of the server itself, so nothing here can go stale: each rule with
values on both sides of it, each member in every wrong type and absent, each answer member by
member. A difference that is not in `differences.txt` fails the lane, and so does a line there that
no longer says anything.

Source: the `cognito-identity` service model, version 2014-06-30; contract page, Cognito identity
sections 1.3 to 2.
"""

import sys
from pathlib import Path

import botocore.session

import answers
import inputs
import operations
from differences import Differences
from wire import Wire

FACE = "cognito-identity"
HERE = Path(__file__).resolve().parent


def main():
    model = botocore.session.get_session().get_service_model(FACE)
    wire = Wire()
    differences = Differences(HERE / "differences.txt")
    chapters = [
        ("operations, errors and who may call", operations.compare),
        ("every rule of every member, from both sides", inputs.compare),
        ("every member of every answer", answers.compare),
    ]
    for title, compare in chapters:
        asked = compare(model, wire, differences.found)
        print(f"ok  {title}: {asked} compared", flush=True)
    lines = differences.unexplained()
    for line in lines:
        print(line)
    if lines:
        sys.exit(f"FAILED  {len(lines)} lines differ from {HERE.name}/differences.txt")
    print(f"ok  {differences.count} differences, each with its reason")


main()
