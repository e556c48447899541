"""The exceptions: one for each code of the library's errors (include/carnet/result.h)."""


class Error(Exception):
    """Nobody could tell, or it could not be done. Never a gate's no, which is a Verdict."""


class Malformed(Error):
    """Bytes from outside that do not follow their format."""


class NotFound(Error):
    """What was asked for does not exist."""


class Rejected(Error):
    """Well-formed, but refused for its content: a wrong password, a bad signature."""


class Conflict(Error):
    """Contradicts what is already recorded, or somebody else is at it."""


class Corruption(Error):
    """Stored data does not agree with itself."""


class IoError(Error):
    """The operating system or a library failed."""


class Unsupported(Error):
    """A known format in a variant that is not supported."""
