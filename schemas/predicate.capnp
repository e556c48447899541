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
  kind @0 :SourceKind $V.required;  # where the data come from
  description @1 :Text;  # what they are, in words
  uri @2 :Text;  # where they can be had
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
  bytes @0 :V.Count $V.required $V.undisclosable;  # of all files together
  records @1 :V.Count $V.undisclosable;  # documents, images, …, as the publisher counts them
  tokens @2 :V.Count $V.undisclosable;  # by the tokeniser that the training uses
}

enum DataBasis {
  unset @0;
  files @1;     # `data` follows the model-digest rule (S5) over the files
  manifest @2;  # `data` follows the SHA-256 rule over one manifest file that lists them
}

struct Dataset {
  head @0 :V.Head;  # added by the signer (S1)
  name @1 :Text $V.required $V.notEmpty;  # what the data set is called
  version @2 :Text;  # of the data set, as its publisher counts
  modality @3 :List(Text) $V.maxItems(64);  # text, image, audio, …
  size @4 :DataSize $V.required;  # how large it is
  sources @5 :Sources $V.required $V.undisclosable;  # where the data come from, one by one
  collected @6 :V.Period;  # when the data were collected
  licence @7 :Text $V.undisclosable;  # SPDX id, or what the licence is called
  geography @8 :List(Text) $V.maxItems(1000);  # countries or regions that the data come from
  derivedFrom @9 :List(V.Digest) $V.maxItems(10000);  # data sets that it was made from; strong
  processing @10 :List(Text) $V.maxItems(1000);
  # steps that the data went through: filtered, deduplicated, …
  data @11 :V.Digest $V.required;  # subject `data`
  dataBasis @12 :DataBasis $V.required;  # what `data` is the digest of
  files @13 :List(V.FileEntry);  # every file with its digest
}

# --- device

struct Cpu {
  # Peak FLOP/s = cores * f32_lanes * fma_units * 2 * used_hz (R33).
  model @0 :Text $V.required $V.notEmpty;  # as the machine reports it
  cores @1 :V.Count $V.required;  # hardware threads that the system shows
  f32Lanes @2 :V.Count $V.required;  # of the widest vector unit
  fmaUnits @3 :V.Count $V.required;  # per core, at most 2
  nominalHz @4 :V.Count $V.required;  # clock, Hz
  maximumHz @5 :V.Count;  # as the machine reports it; absent where it does not
  usedHz @6 :V.Count $V.required;  # clock that the peak is computed from, Hz
}

struct Cluster {
  name @0 :Text $V.required $V.notEmpty;  # what the cluster is called
  fabricGbps @1 :V.Count $V.undisclosable;      # Gbit/s
  densePeak @2 :V.FlopAmount $V.undisclosable;  # FLOP/s of the whole cluster, dense
}

struct Acquisition {
  on @0 :V.Time;  # when the device was acquired
  licence @1 :Text $V.undisclosable;  # export licence under which it was
}

struct Location {
  jurisdiction @0 :Text $V.required $V.notEmpty $V.undisclosable;
  # country, such as DE, where the device is
  method @1 :Text;  # how the place was found out
  assertedBy @2 :Text;  # who says so
}

struct Evidence {
  type @0 :Text $V.required $V.notEmpty;  # format of the evidence
  digest @1 :V.Digest $V.required;  # SHA-256 of the evidence's bytes, which are kept elsewhere
  binds @2 :Text $V.required $V.notEmpty;  # what it binds: a key, a nonce, …
}

struct DeclaredPeak {
  precision @0 :V.Precision $V.required;  # the number format that the peak is for
  flops @1 :V.FlopAmount $V.required;  # FLOP/s of one unit, dense; for int8 operations
}

struct DeclaredPeaks {
  # The signer's own word for a chip that no catalogue has (R33).
  peaks @0 :List(DeclaredPeak) $V.required $V.notEmpty $V.maxItems(9);  # each precision once
  source @1 :Text $V.required $V.notEmpty;  # what states them: a data sheet, a measurement
}

struct Device {
  head @0 :V.Head;  # added by the signer (S1)
  id @1 :Text $V.required $V.notEmpty;  # canonical id (S7); subject `id` is its hash
  members @2 :List(Text);               # of a group: their canonical ids, sorted
  units @3 :V.Count $V.required;        # of a group: as many as members
  vendor @4 :Text $V.required $V.notEmpty;  # who makes the chip
  chip @5 :Text $V.undisclosable;  # id in the chip catalogue, variant included; or `cpu`
  cpu @6 :Cpu;  # of a CPU: what the machine reports
  host @7 :Text $V.undisclosable;  # name of the machine that the device is in
  cluster @8 :Cluster;  # the cluster that it is part of
  acquired @9 :Acquisition;  # when and under which licence it was bought
  location @10 :Location;  # where it is
  evidence @11 :List(Evidence) $V.maxItems(64);  # attestation reports and the like
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
  status @0 :KycStatus $V.required;  # of the check of the customer
  by @1 :Text $V.undisclosable;  # who checked
  on @2 :V.Time;  # when
  until @3 :V.Time;  # how long the check is good for
}

struct Jurisdictions {
  buyer @0 :Text $V.undisclosable;  # country of the buyer
  site @1 :Text $V.undisclosable;  # country of the machines
}

struct Allocation {
  head @0 :V.Head;  # added by the signer (S1)
  holders @1 :List(V.SignerRef) $V.required $V.notEmpty $V.maxItems(1000);  # may use or resell it
  seller @2 :V.Digest $V.undisclosable;  # commitment (S8) to who sells
  buyer @3 :V.Digest $V.undisclosable;  # commitment (S8) to who buys
  beneficialOwner @4 :V.Digest $V.undisclosable;  # commitment (S8) to who owns the buyer in the end
  kyc @5 :Kyc;  # whether the customer is known
  parent @6 :V.Digest;                                  # the allocation that is resold; strong
  devices @7 :List(V.Digest) $V.maxItems(100000);       # what is sold; strong
  pool @8 :Text;                                        # where no devices are named
  window @9 :V.Period $V.required;  # from when to when the devices may be used
  deviceMs @10 :V.Count $V.undisclosable;               # time sold, in unit milliseconds
  jurisdictions @11 :Jurisdictions;  # of buyer and site
  purpose @12 :Text $V.undisclosable;  # what the time was bought for
  authorisedBy @13 :Text $V.undisclosable;  # who authorised the sale
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
  type @0 :V.EdgeType $V.required;  # what was taken from the parent
  model @1 :V.Digest $V.required $V.undisclosable;  # the parent's model digest
  statement @2 :V.Digest $V.undisclosable;
  # Strong: passport, completion (own unpublished model) or segment (own checkpoint). Absent:
  # the parent has no passport.
  weightPpm @3 :V.Count;  # share in a merge
}

struct DatasetUse {
  statement @0 :V.Digest $V.required;  # id of a data set's statement; strong
  role @1 :Text;  # train, validation, …
}

struct DataUsed {
  union {
    items @0 :List(DatasetUse) $V.maxItems(10000);
    undisclosed @1 :Void;
  }
}

struct CodeRef {
  uri @0 :Text;  # where the code can be had
  revision @1 :Text;  # commit, with `-dirty` where files differed from it
  digest @2 :V.Digest;  # of the code as files
}

struct Run {
  head @0 :V.Head;  # added by the signer (S1)
  kind @1 :RunKind $V.required;  # what kind of training this is
  inputs @2 :List(Edge) $V.required $V.maxItems(10000);
  # the models that it starts or learns from; none: []
  datasets @3 :DataUsed $V.required $V.undisclosable;  # the data that it trains on
  code @4 :CodeRef;  # the code that trains
  configuration @5 :V.Digest;  # SHA-256 of the configuration file
  environment @6 :Text;  # versions of the libraries that matter
  initial @7 :InitialWeights $V.required;  # where the first weights come from
  seedCommitment @8 :V.Digest;       # commitment (S8) to the random seed
  dataOrderCommitment @9 :V.Digest;  # commitment (S8) to the order of the data
  devices @10 :List(V.Digest) $V.maxItems(100000);      # planned devices; strong
  allocations @11 :List(V.Digest) $V.maxItems(100000);  # planned allocations; strong
  recorders @12 :List(V.SignerRef) $V.maxItems(1000);      # may sign segments and completion
  lanes @13 :V.Count $V.maxValue(100000);               # stretches that run side by side; absent: 1
  openedBy @14 :Text $V.required $V.notEmpty $V.undisclosable;  # team or person who opens the run
  authorisedBy @15 :Text $V.required $V.notEmpty $V.undisclosable;  # who authorised the run
  intendedDeployment @16 :Text $V.required $V.notEmpty $V.undisclosable;
  # what the model is meant for
  plannedFlop @17 :V.FlopAmount $V.undisclosable;  # FLOP that the run is planned to take
  seen @18 :Text $V.required $V.multiLine;  # the ledger's latest checkpoint, the whole note
  retrospective @19 :V.Flag;                # entered after the fact; absent: false
}

# --- segment

struct Usage {
  device @0 :V.Digest $V.required;  # id of a device's statement; strong
  allocation @1 :V.Digest;          # id of an allocation's statement; strong
  units @2 :V.Count $V.required;    # of the device, at one time
  ms @3 :V.Count $V.required;       # of each unit
}

struct SegmentFlop {
  update @0 :F.FlopFigure $V.undisclosable;  # what went into parameter updates
  total @1 :F.FlopFigure $V.undisclosable;   # including generation and discarded work
}

struct Metric {
  name @0 :Text $V.required $V.notEmpty;  # what was measured
  value @1 :Text $V.required $V.notEmpty;  # decimal text: shown, never used in a computation
}

struct Segment {
  head @0 :V.Head;  # added by the signer (S1)
  run @1 :V.Digest $V.required;  # id of the run's statement; strong
  lane @2 :V.Count;              # absent: 0
  seq @3 :V.Count $V.required;   # its number in the lane, from 0
  previous @4 :V.Digest;         # the segment before it in its lane; absent at seq 0; strong
  weightsFrom @5 :V.Digest;      # segment of the same run; absent: previous, or `initial`; strong
  after @6 :V.After;  # the ledger at the statement before it (S10)
  steps @7 :V.Span $V.required;  # optimiser steps of this segment
  tokens @8 :V.Count $V.required $V.undisclosable;
  # tokens processed: repeats count, padding does not
  time @9 :V.Period $V.required;  # from when to when it ran
  flop @10 :SegmentFlop $V.required;  # floating-point operations (S9)
  usage @11 :List(Usage) $V.required $V.maxItems(10000);  # the devices used, and how long
  precision @12 :List(V.Precision) $V.required $V.notEmpty $V.maxItems(9);
  # formats of the matrix products
  model @13 :V.Digest $V.required;  # the checkpoint's model digest
  tensorRoots @14 :List(V.WeightSetRoot) $V.maxItems(1000);  # of the checkpoint (S6)
  energyJ @15 :V.Count $V.undisclosable;  # energy used, in joules
  metrics @16 :List(Metric) $V.maxItems(100);  # losses and the like, for people
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
  total @0 :V.Count $V.required $V.undisclosable;  # how many the model has
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
  tool @0 :Text $V.required $V.notEmpty;  # program that converted the last checkpoint
  reason @1 :Text $V.required $V.notEmpty;  # why
}

struct FlopTotals {
  update @0 :V.FlopAmount $V.undisclosable;  # sum over the segments
  total @1 :V.FlopAmount $V.undisclosable;  # sum over the segments
}

struct Completion {
  head @0 :V.Head;  # added by the signer (S1)
  run @1 :V.Digest $V.required;                                # id of the run's statement; strong
  last @2 :List(V.Digest) $V.required $V.maxItems(100000);     # last segment of each lane; strong
  after @3 :V.After;  # the ledger at the statement before it (S10)
  outcome @4 :Outcome $V.required;  # completed or aborted
  reason @5 :Text;                                             # of an abort
  segments @6 :List(V.Count) $V.required $V.maxItems(100000);  # number per lane, in lane order
  tokens @7 :V.Count $V.required $V.undisclosable;  # sum over the segments
  flop @8 :FlopTotals $V.required;  # sums over the segments
  model @9 :V.Digest;  # final model digest; present exactly when completed
  tensorRoots @10 :List(V.WeightSetRoot) $V.maxItems(1000);  # of the final model (S6)
  converted @11 :Conversion;  # the files are a conversion of the last checkpoint
  runId @12 :V.Digest;        # the run's subject; present exactly when aborted (S3)
  parameters @13 :Parameters;  # of the final model; its passport repeats them
}

# --- passport

struct PassportFlop {
  parameterUpdate @0 :V.FlopAmount $V.required $V.undisclosable;  # sum over the path of the weights
  cumulative @1 :V.FlopAmount $V.required $V.undisclosable;  # sum along the edges
  edges @2 :List(V.EdgeType) $V.required $V.maxItems(8);  # the edge types that `cumulative` follows
}

struct Evaluation {
  name @0 :Text $V.required $V.notEmpty;  # test or benchmark
  by @1 :Text $V.required $V.notEmpty;  # who evaluated
  result @2 :Text $V.required $V.notEmpty;  # in words or numbers
  uri @3 :Text;  # where the report can be had
}

struct TensorLeaves {
  # Of one weight set of a parent: what shows that frozen tensors are as the parent left them (R35).
  leaves @0 :List(V.Digest) $V.required $V.notEmpty $V.maxItems(40000);
  # The leaf hashes of its tensor tree, in the order of the tree (S6). A statement of 3 MB, which is
  # what a line of 4 MiB holds (R1), has room for so many and for 300 kB of everything else.
}

struct Passport {
  head @0 :V.Head;  # added by the signer (S1)
  completion @1 :V.Digest $V.required;  # id of the completion's statement; strong
  after @2 :V.After;  # the ledger at the statement before it (S10)
  model @3 :V.Digest $V.required;  # model digest
  files @4 :List(V.FileEntry) $V.required $V.notEmpty;  # every file of the model with its digest
  tensorRoots @5 :List(V.WeightSetRoot) $V.maxItems(1000);  # of the model (S6)
  omsRoot @6 :V.Digest;  # digest that a signature of OpenSSF Model Signing has over the same files
  name @7 :Text $V.required $V.notEmpty;  # what the model is called
  version @8 :Text;  # of the model, as its publisher counts
  parameters @9 :Parameters $V.required;  # of the model
  flop @10 :PassportFlop $V.required;  # figures summed by Carnet; a draft may state `edges` alone
  intendedDeployment @11 :Text $V.required $V.notEmpty $V.undisclosable;
  # what the model is meant for
  restrictions @12 :List(Text) $V.maxItems(1000);  # what it must not be used for
  evaluations @13 :List(Evaluation) $V.maxItems(1000);  # tests and their results
  inferenceFlopPerToken @14 :V.FlopAmount $V.undisclosable;  # FLOP that a token costs in use
  licence @15 :Text $V.undisclosable;  # SPDX id, or what the licence is called
  supersedes @16 :V.Digest;  # weak: an earlier passport of the same model
  parentTensors @17 :List(TensorLeaves) $V.maxItems(64);  # of parents that it was trained from
  notCovered @18 :List(Text) $V.maxItems(64);  # names of files that the model digest leaves out (S5)
}
