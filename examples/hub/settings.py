"""What the operator of the hub decides, from the environment."""
import dataclasses
import os
import pathlib
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Settings:
    """
    folder: HUB_FOLDER, which the hub alone writes to.
    trust: HUB_TRUST, a trust directory.
    policy: HUB_POLICY, an id or a .toml file.
    key: HUB_KEY, which signs verdicts; its password is in CARNET_PASSWORD.
    ledger: HUB_LEDGER, where signed verdicts are logged.
    lineage: HUB_LINEAGE, a copy of the ledger that the passports are from, for pictures; or none.
    max_upload: HUB_MAX_UPLOAD, bytes of one model.
    max_uploads: at a time; each can take a processor.
    idle_s: seconds that an upload may pause.
    """

    folder: pathlib.Path
    trust: pathlib.Path
    key: pathlib.Path
    ledger: pathlib.Path
    lineage: pathlib.Path | None = None
    policy: str = "hub-default"
    max_upload: int = 64 << 30
    max_uploads: int = 4
    idle_s: float = 60.0

    @staticmethod
    def of(environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises KeyError, naming the variable that is missing."""
        path = {name: pathlib.Path(environment[f"HUB_{name.upper()}"])
                for name in ("folder", "trust", "key", "ledger")}
        if environment.get("HUB_LINEAGE"):
            path["lineage"] = pathlib.Path(environment["HUB_LINEAGE"])
        return Settings(**path, policy=environment.get("HUB_POLICY", "hub-default"),
                        max_upload=int(environment.get("HUB_MAX_UPLOAD", 64 << 30)))
