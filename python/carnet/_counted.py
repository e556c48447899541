"""What was counted in a part of a segment, beside its other figures."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_count(fields: Mapping[str, Any]) -> dict[str, Any]:
    """With what was counted in a part of the segment, scaled to its tokens, beside its figures."""
    whole = dict(fields)
    counted = whole.pop("counted", None)
    if not counted or "methods" not in whole.get("flop", {}):
        return whole
    result = counted["flop"] * whole["tokens"] // counted["tokens"]
    counter = {"method": "counter", "result": str(result),
               "source": f"{counted['source']}, in a step of {counted['tokens']} tokens, scaled to "
                         f"{whole['tokens']}"}
    methods = list(whole["flop"]["methods"])
    by_classes = sum(_by_classes(one, whole["tokens"]) for one in methods)
    if result * 10 < by_classes * 7:  # R34 bears 30 %; the lower one is not what the run cost
        return whole
    if result * 10 > by_classes * 13:  # weights that are used several times a token
        methods = [one for one in methods if one["method"] != "architecture"]
        whole["flop"] = {**whole["flop"], "method": "counter"}
    whole["flop"] = {**whole["flop"], "methods": [*methods, counter]}
    return whole


_COEFFICIENTS = {"trained": 6, "frozen-under-training": 4, "forward-only": 2, "lookup": 0}  # S9


def _by_classes(method: Mapping[str, Any], tokens: int) -> int:
    """FLOP by architecture; 0 for another method."""
    if method["method"] != "architecture":
        return 0
    each = sum(_COEFFICIENTS[one["treatment"]] * one["parameters"] for one in method["classes"])
    return tokens * (each + int(method.get("attention_per_token", 0)))
