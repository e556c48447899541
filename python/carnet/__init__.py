"""Checks the passports of AI models, and records how models are made.

    verdict = carnet.verify("./model", trust="./trust", policy="eu-gpai")
    if verdict.passed: ...

What is wrong with a passport is a Verdict that did not pass; an exception, always a carnet.Error,
means that nobody could tell. Times are datetimes with a time zone. Digests and ids are lowercase
hex; amounts of compute are exact ints, in floating-point operations; what is absent is None.
"""
import typing as _typing

from carnet._errors import (Conflict, Corruption, Error, IoError, Malformed, NotFound, Rejected,
                            Unsupported)
from carnet._carnet import VERSION as __version__
from carnet._carnet import (Appended, Attestation, AttestedMachine, Chips, FilledDraft, Finding,
                            FlopSum, FsckReport, Gate, IncludedPolicy, IssuedPassport, Key,
                            Ledger, LedgerInfo, LedgerReader, Model, ModelFile, OwnChips, Policy,
                            Project, RecordedStep, Row, RunRecorder, RunState, StreamedFile,
                            StreamingGate, Threshold, Trace, TraceEdge, TraceNode, TraceSum,
                            TreeHead, Trust, Verdict, WeightSet, attest, attest_machine,
                            attest_verdict, digest, fill_dataset, fill_passport, find_passport,
                            find_project, fsck, issue_passport, report_machine)
from carnet._trace import trace
from carnet._verify import verify

__all__ = [
    "Appended", "Attestation", "AttestedMachine", "Chips", "Conflict", "Corruption", "Data",
    "Error", "FilledDraft", "Finding", "FlopSum", "FsckReport", "Gate", "IncludedPolicy",
    "IoError", "IssuedPassport", "JudgedFile", "Key", "Ledger", "LedgerInfo", "LedgerReader",
    "Malformed", "Model", "ModelFile", "NotFound", "OwnChips", "Policy", "Project", "RecordedStep",
    "Refused", "Rejected", "Row", "Run", "RunRecorder", "RunState", "StreamedFile",
    "StreamingGate", "Threshold", "Trace", "TraceEdge", "TraceNode", "TraceSum", "TreeHead",
    "Trust", "Unsupported", "Verdict", "WeightSet", "__version__", "attest", "attest_machine",
    "attest_verdict", "digest", "fill_dataset", "fill_passport", "find_passport", "find_project",
    "fsck", "issue_passport", "report_machine", "tensor_digests", "tensor_root", "trace", "verify",
]

if _typing.TYPE_CHECKING:
    from carnet._data import Data
    from carnet._run import Run
    from carnet._streaming import JudgedFile, Refused
    from carnet._tensors import tensor_digests, tensor_root
_LATER = {"Data": "carnet._data", "JudgedFile": "carnet._streaming", "Refused": "carnet._streaming",
          "Run": "carnet._run", "tensor_digests": "carnet._tensors",
          "tensor_root": "carnet._tensors"}


def __getattr__(name: str) -> object:
    """What a gate need not load."""
    if name not in _LATER:
        raise AttributeError(f"module 'carnet' has no attribute {name!r}")
    import importlib
    value = getattr(importlib.import_module(_LATER[name]), name)
    value.__module__ = "carnet"
    globals()[name] = value
    return value


for _public in map(globals().get, __all__):
    if isinstance(_public, type):
        _public.__module__ = "carnet"  # where people import it from
del _public
