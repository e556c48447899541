@0xff360f2c5f64de60;
# The predicates of docs/rules.md, `urn:carnet:<kind>:v1`. Unknown fields are refused,
# so every field is here from the start: adding one later makes a new predicate type. The table of
# docs/formats.md is made from this file.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("carnet::wire");

using V = import "values.capnp";
using F = import "flop.capnp";

# --- dataset

enum SourceKind {
  unset @0;
  public @1 $Cxx.name("publicData");
  licensed @2;
  user @3;
  crawled @4;
  synthetic @5;
}

struct Source {
  kind @0 :SourceKind $V.required;
  description @1 :Text;
  uri @2 :Text;
  generator @3 :V.Digest $V.undisclosable;
  # Strong reference: the passport of the model that generated the data. Synthetic only.
  generatorModel @4 :V.Digest $V.undisclosable;  # its model digest, where it has no passport
  generatorPublic @5 :V.Flag;                    # whether the generated data are public
  generationFlop @6 :F.FlopFigure $V.undisclosable;  # discarded samples included
}

struct Sources {
  union {
    items @0 :List(Source) $V.notEmpty $V.maxItems(10000);
    undisclosed @1 :Void;
  }
}

struct DataSize {
  bytes @0 :V.Count $V.required $V.undisclosable;
  records @1 :V.Count $V.undisclosable;
  tokens @2 :V.Count $V.undisclosable;
}

enum DataBasis {
  unset @0;
  files @1;     # `data` follows the model-digest rule (S5) over the files
  manifest @2;  # `data` follows the SHA-256 rule over one manifest file that lists them
}

struct Dataset {
  head @0 :V.Head;
  name @1 :Text $V.required $V.notEmpty;
  version @2 :Text;
  modality @3 :List(Text) $V.maxItems(64);
  size @4 :DataSize $V.required;
  sources @5 :Sources $V.required $V.undisclosable;
  collected @6 :V.Period;
  licence @7 :Text $V.undisclosable;
  geography @8 :List(Text) $V.maxItems(1000);
  derivedFrom @9 :List(V.Digest) $V.maxItems(10000);  # strong: datasets
  processing @10 :List(Text) $V.maxItems(1000);
  data @11 :V.Digest $V.required;  # subject `data`
  dataBasis @12 :DataBasis $V.required;
  files @13 :List(V.FileEntry);
}

# --- device

struct Cpu {
  # Peak FLOP/s = cores * f32_lanes * fma_units * 2 * used_hz (R33).
  model @0 :Text $V.required $V.notEmpty;
  cores @1 :V.Count $V.required;
  f32Lanes @2 :V.Count $V.required;
  fmaUnits @3 :V.Count $V.required;
  nominalHz @4 :V.Count $V.required;
  maximumHz @5 :V.Count;  # as the machine reports it; absent where it does not
  usedHz @6 :V.Count $V.required;
}

struct Cluster {
  name @0 :Text $V.required $V.notEmpty;
  fabricGbps @1 :V.Count $V.undisclosable;      # Gbit/s
  densePeak @2 :V.FlopAmount $V.undisclosable;  # FLOP/s of the whole cluster, dense
}

struct Acquisition {
  on @0 :V.Time;
  licence @1 :Text $V.undisclosable;
}

struct Location {
  jurisdiction @0 :Text $V.required $V.notEmpty $V.undisclosable;
  method @1 :Text;
  assertedBy @2 :Text;
}

struct Evidence {
  type @0 :Text $V.required $V.notEmpty;
  digest @1 :V.Digest $V.required;  # SHA-256 of the evidence's bytes, which are kept elsewhere
  binds @2 :Text $V.required $V.notEmpty;
}

struct DeclaredPeak {
  precision @0 :V.Precision $V.required;
  flops @1 :V.FlopAmount $V.required;  # FLOP/s of one unit, dense; for int8 operations
}

struct DeclaredPeaks {
  # The signer's own word for a chip that no catalogue has (R33).
  peaks @0 :List(DeclaredPeak) $V.required $V.notEmpty $V.maxItems(9);  # each precision once
  source @1 :Text $V.required $V.notEmpty;  # what states them: a data sheet, a measurement
}

struct Device {
  head @0 :V.Head;
  id @1 :Text $V.required $V.notEmpty;  # canonical id (S7); subject `id` is its hash
  members @2 :List(Text);               # of a group: their canonical ids, sorted
  units @3 :V.Count $V.required;        # of a group: as many as members
  vendor @4 :Text $V.required $V.notEmpty;
  chip @5 :Text $V.undisclosable;  # id in the chip catalogue, variant included; or `cpu`
  cpu @6 :Cpu;
  host @7 :Text $V.undisclosable;
  cluster @8 :Cluster;
  acquired @9 :Acquisition;
  location @10 :Location;
  evidence @11 :List(Evidence) $V.maxItems(64);
  declaredPeaks @12 :DeclaredPeaks;  # of a chip that is not in the catalogue
}

# --- allocation

enum KycStatus {
  unset @0;
  passed @1;
  pending @2;
  failed @3;
  notDone @4;
}

struct Kyc {
  status @0 :KycStatus $V.required;
  by @1 :Text $V.undisclosable;
  on @2 :V.Time;
  until @3 :V.Time;
}

struct Jurisdictions {
  buyer @0 :Text $V.undisclosable;
  site @1 :Text $V.undisclosable;
}

struct Allocation {
  head @0 :V.Head;
  holders @1 :List(V.SignerRef) $V.required $V.notEmpty $V.maxItems(1000);  # may use or resell it
  seller @2 :V.Digest $V.undisclosable;  # commitments (S8)
  buyer @3 :V.Digest $V.undisclosable;
  beneficialOwner @4 :V.Digest $V.undisclosable;
  kyc @5 :Kyc;
  parent @6 :V.Digest;                                  # strong: the allocation that is resold
  devices @7 :List(V.Digest) $V.maxItems(100000);       # strong: devices
  pool @8 :Text;                                        # where no devices are named
  window @9 :V.Period $V.required;
  deviceMs @10 :V.Count $V.undisclosable;               # time sold, in unit milliseconds
  jurisdictions @11 :Jurisdictions;
  purpose @12 :Text $V.undisclosable;
  authorisedBy @13 :Text $V.undisclosable;
}

# --- run

enum RunKind {
  unset @0;
  preTraining @1;
  fineTune @2;
  reinforcementLearning @3;
  distillation @4;
  merge @5;
  quantisation @6;
  adapter @7;
  ablation @8;
}

enum InitialWeights {
  unset @0;
  random @1;
  inputs @2;  # from the edges that carry weights
  undisclosed @3;
}

struct Edge {
  type @0 :V.EdgeType $V.required;
  model @1 :V.Digest $V.required $V.undisclosable;
  statement @2 :V.Digest $V.undisclosable;
  # Strong: passport, completion (own unpublished model) or segment (own checkpoint). Absent:
  # the parent has no passport.
  weightPpm @3 :V.Count;  # share in a merge
}

struct DatasetUse {
  statement @0 :V.Digest $V.required;  # strong: dataset
  role @1 :Text;                       # train, validation, …
}

struct DataUsed {
  union {
    items @0 :List(DatasetUse) $V.maxItems(10000);
    undisclosed @1 :Void;
  }
}

struct CodeRef {
  uri @0 :Text;
  revision @1 :Text;
  digest @2 :V.Digest;
}

struct Run {
  head @0 :V.Head;
  kind @1 :RunKind $V.required;
  inputs @2 :List(Edge) $V.required $V.maxItems(10000);
  datasets @3 :DataUsed $V.required $V.undisclosable;
  code @4 :CodeRef;
  configuration @5 :V.Digest;
  environment @6 :Text;
  initial @7 :InitialWeights $V.required;
  seedCommitment @8 :V.Digest;       # S8
  dataOrderCommitment @9 :V.Digest;  # S8
  devices @10 :List(V.Digest) $V.maxItems(100000);      # strong: planned devices
  allocations @11 :List(V.Digest) $V.maxItems(100000);  # strong: planned allocations
  recorders @12 :List(V.SignerRef) $V.maxItems(1000);      # may sign segments and completion
  lanes @13 :V.Count $V.maxValue(100000);               # absent: 1
  openedBy @14 :Text $V.required $V.notEmpty $V.undisclosable;
  authorisedBy @15 :Text $V.required $V.notEmpty $V.undisclosable;
  intendedDeployment @16 :Text $V.required $V.notEmpty $V.undisclosable;
  plannedFlop @17 :V.FlopAmount $V.undisclosable;
  seen @18 :Text $V.required $V.multiLine;  # the ledger's latest checkpoint, the whole note
  retrospective @19 :V.Flag;                # absent: false
}

# --- segment

struct Usage {
  device @0 :V.Digest $V.required;  # strong: device
  allocation @1 :V.Digest;          # strong: allocation
  units @2 :V.Count $V.required;
  ms @3 :V.Count $V.required;       # of each unit
}

struct SegmentFlop {
  update @0 :F.FlopFigure $V.undisclosable;  # what went into parameter updates
  total @1 :F.FlopFigure $V.undisclosable;   # including generation and discarded work
}

struct Metric {
  name @0 :Text $V.required $V.notEmpty;
  value @1 :Text $V.required $V.notEmpty;  # decimal text: shown, never used in a computation
}

struct Segment {
  head @0 :V.Head;
  run @1 :V.Digest $V.required;  # strong: run
  lane @2 :V.Count;              # absent: 0
  seq @3 :V.Count $V.required;
  previous @4 :V.Digest;         # strong: the segment before it in its lane; absent at seq 0
  weightsFrom @5 :V.Digest;      # strong: segment of the same run; absent: previous, or `initial`
  after @6 :V.After;
  steps @7 :V.Span $V.required;
  tokens @8 :V.Count $V.required $V.undisclosable;
  time @9 :V.Period $V.required;
  flop @10 :SegmentFlop $V.required;
  usage @11 :List(Usage) $V.required $V.maxItems(10000);
  precision @12 :List(V.Precision) $V.required $V.notEmpty $V.maxItems(9);
  model @13 :V.Digest $V.required;  # the checkpoint's model digest
  tensorRoots @14 :List(V.WeightSetRoot) $V.maxItems(1000);
  energyJ @15 :V.Count $V.undisclosable;
  metrics @16 :List(Metric) $V.maxItems(100);
}

struct Experts {
  # Of a mixture of experts: which tensors are experts, and how many of them a token uses (R35).
  count @0 :V.Count $V.required;           # experts per layer
  activePerToken @1 :V.Count $V.required;  # of these, without shared ones
  tensors @2 :List(Text) $V.required $V.notEmpty $V.maxItems(64);
  # Patterns of tensor names: `*` stands for any characters, `{expert}` for the expert's number.
  # Without `{expert}` the experts are stacked: the leading dimension of the tensors.
}

struct Parameters {
  total @0 :V.Count $V.required $V.undisclosable;
  active @1 :V.Count $V.undisclosable;  # per token; absent: total
  experts @2 :Experts;                  # required where active is below total
}

# --- completion

enum Outcome {
  unset @0;
  completed @1;
  aborted @2;
}

struct Conversion {
  tool @0 :Text $V.required $V.notEmpty;
  reason @1 :Text $V.required $V.notEmpty;
}

struct FlopTotals {
  update @0 :V.FlopAmount $V.undisclosable;
  total @1 :V.FlopAmount $V.undisclosable;
}

struct Completion {
  head @0 :V.Head;
  run @1 :V.Digest $V.required;                                # strong: run
  last @2 :List(V.Digest) $V.required $V.maxItems(100000);     # strong: last segment of each lane
  after @3 :V.After;
  outcome @4 :Outcome $V.required;
  reason @5 :Text;                                             # of an abort
  segments @6 :List(V.Count) $V.required $V.maxItems(100000);  # number per lane, in lane order
  tokens @7 :V.Count $V.required $V.undisclosable;
  flop @8 :FlopTotals $V.required;
  model @9 :V.Digest;  # final model digest; present exactly when completed
  tensorRoots @10 :List(V.WeightSetRoot) $V.maxItems(1000);
  converted @11 :Conversion;  # the files are a conversion of the last checkpoint
  runId @12 :V.Digest;        # the run's subject; present exactly when aborted (S3)
  parameters @13 :Parameters;  # of the final model; its passport repeats them
}

# --- passport

struct PassportFlop {
  parameterUpdate @0 :V.FlopAmount $V.required $V.undisclosable;
  cumulative @1 :V.FlopAmount $V.required $V.undisclosable;
  edges @2 :List(V.EdgeType) $V.required $V.maxItems(8);  # the edge types that `cumulative` follows
}

struct Evaluation {
  name @0 :Text $V.required $V.notEmpty;
  by @1 :Text $V.required $V.notEmpty;
  result @2 :Text $V.required $V.notEmpty;
  uri @3 :Text;
}

struct TensorLeaves {
  # Of one weight set of a parent: what shows that frozen tensors are as the parent left them (R35).
  leaves @0 :List(V.Digest) $V.required $V.notEmpty $V.maxItems(40000);
  # The leaf hashes of its tensor tree, in the order of the tree (S6). A statement of 3 MB, which is
  # what a line of 4 MiB holds (R1), has room for so many and for 300 kB of everything else.
}

struct Passport {
  head @0 :V.Head;
  completion @1 :V.Digest $V.required;  # strong: completion
  after @2 :V.After;
  model @3 :V.Digest $V.required;
  files @4 :List(V.FileEntry) $V.required $V.notEmpty;
  tensorRoots @5 :List(V.WeightSetRoot) $V.maxItems(1000);
  omsRoot @6 :V.Digest;
  name @7 :Text $V.required $V.notEmpty;
  version @8 :Text;
  parameters @9 :Parameters $V.required;
  flop @10 :PassportFlop $V.required;
  intendedDeployment @11 :Text $V.required $V.notEmpty $V.undisclosable;
  restrictions @12 :List(Text) $V.maxItems(1000);
  evaluations @13 :List(Evaluation) $V.maxItems(1000);
  inferenceFlopPerToken @14 :V.FlopAmount $V.undisclosable;
  licence @15 :Text $V.undisclosable;
  supersedes @16 :V.Digest;  # weak: an earlier passport of the same model
  parentTensors @17 :List(TensorLeaves) $V.maxItems(64);  # of parents that it was trained from
}
