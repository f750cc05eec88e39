"""The facts that can go wrong, each as its own error."""


class HandrailError(Exception):
    """Anything Handrail raises on purpose; its text says what to do and quotes nobody."""


class ContentError(HandrailError):
    """A content file can't be used; names the file, the field and the problem."""

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")
        self.file = file
        self.field = field
        self.problem = problem
