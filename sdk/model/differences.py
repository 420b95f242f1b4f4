"""The differences that are declared, against those that were found.

One line each: `Operation | place | what | reason`, where the first three may hold `*`. A difference
without a line is a failure; a line without a difference is one, too.
"""

from fnmatch import fnmatchcase


class Differences:
    """What was found, held to what is declared."""

    def __init__(self, file):
        self.declared = []
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            fields = [field.strip() for field in line.split("|", 3)]
            if len(fields) != 4 or len(fields[3].split()) < 3:
                raise SystemExit(f"{file.name}:{number}: operation | place | what | reason")
            self.declared.append((number, tuple(fields[:3])))
        self.used = set()
        self.strange = []
        self.count = 0

    def found(self, operation, place, what, told):
        """A difference; `told` says more to a reader and is not compared."""
        self.count += 1
        explained = False
        for number, fields in self.declared:
            if all(map(fnmatchcase, (operation, place, what), fields)):
                self.used.add(number)
                explained = True
        if not explained:
            self.strange.append(f"undeclared  {operation} | {place} | {what}\n    {told}")

    def unexplained(self):
        """What fails the comparison."""
        idle = [
            f"nothing differs here any more  {' | '.join(fields)}"
            for number, fields in self.declared
            if number not in self.used
        ]
        return self.strange + idle
