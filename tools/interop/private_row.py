"""A private Sigstore that the test makes itself: its certificates, log and time authority."""
from outcome import WE_VERIFY, Row

NAME = "a private Sigstore (OpenSSL, PyPI's cryptography)"
DIRECTIONS = (WE_VERIFY,)


def row(world):
    result = Row(NAME)
    for name, good, question in world.private_sigstore():
        world.ask_carnet(result, f"{'good' if good else 'wrong'}: {name}", question, good)
    return result
