"""Times as statements spell them."""
from __future__ import annotations

import datetime


def now_text() -> str:
    """Of this moment, with milliseconds."""
    moment = datetime.datetime.now(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def ms_between(earlier: str, later: str) -> int:
    """0 where they are the other way round."""
    first, second = (datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
                     for text in (earlier, later))
    return max(0, (second - first) // datetime.timedelta(milliseconds=1))
