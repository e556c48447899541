"""Why an upload did not become a model."""


class Refusal(Exception):
    """What the uploader did not send as it has to be.

    status: of HTTP: 400 the request, 408 its pace, 409 the name is taken, 413 too large,
        415 not a form, 503 or 507 the hub cannot take it now.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
