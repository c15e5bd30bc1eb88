"""A refused move: what is wrong and what to do, in words for the person who asked."""


class Refusal(Exception):
    """Carries a Chinese sentence, an HTTP status (400 input, 403 access, 409 state) and what is missing."""

    def __init__(
        self, message: str, *, status: int = 409, missing: tuple[str, ...] = (), errors: dict | None = None
    ):
        super().__init__(message)
        self.message = message
        self.status = status
        self.missing = tuple(missing)
        self.errors = errors or {}
