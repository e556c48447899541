"""Checks the passports of AI models, and records how models are made.

    verdict = carnet.verify("./model", trust="./trust", policy="eu-gpai")
    if verdict.passed: ...

What is wrong with a passport is a Verdict that did not pass; an exception, always a carnet.Error,
means that nobody could tell. Times are datetimes with a time zone. Digests and ids are lowercase
hex; amounts of compute are exact ints, in floating-point operations; what is absent is None.
"""
from carnet._errors import (Conflict, Corruption, Error, IoError, Malformed, NotFound, Rejected,
                            Unsupported)
from carnet._carnet import VERSION as __version__
from carnet._carnet import (Appended, Attestation, Chips, Finding, FlopSum, FsckReport, Gate,
                            IncludedPolicy, IssuedPassport, Key, Ledger, LedgerInfo, LedgerReader,
                            Model, ModelFile, OwnChips, Policy, RecordedStep, Row, RunRecorder,
                            RunState, Threshold, Trace, TraceEdge, TraceNode, TraceSum, TreeHead,
                            Trust, Verdict, WeightSet, attest, attest_verdict, digest,
                            find_passport, fsck, issue_passport)
from carnet._trace import trace
from carnet._verify import verify

__all__ = [
    "Appended", "Attestation", "Chips", "Conflict", "Corruption", "Error", "Finding", "FlopSum",
    "FsckReport", "Gate", "IncludedPolicy", "IoError", "IssuedPassport", "Key", "Ledger",
    "LedgerInfo", "LedgerReader", "Malformed", "Model", "ModelFile", "NotFound", "OwnChips",
    "Policy", "RecordedStep", "Rejected", "Row", "RunRecorder", "RunState", "Threshold", "Trace",
    "TraceEdge", "TraceNode", "TraceSum", "TreeHead", "Trust", "Unsupported", "Verdict",
    "WeightSet", "__version__", "attest", "attest_verdict", "digest", "find_passport",
    "fsck", "issue_passport", "trace", "verify",
]

for _public in map(globals().get, __all__):
    if isinstance(_public, type):
        _public.__module__ = "carnet"  # where people import it from
del _public
