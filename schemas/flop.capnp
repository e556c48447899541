@0xedbe3b53d35990ff;
# S9: a FLOP figure is never a bare number.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("carnet::wire");

using V = import "values.capnp";

enum FlopMethod {
  unset @0;
  hardware @1;      # floor(sum of units * ms * peak * utilisation_ppm / 10^9)
  architecture @2;  # tokens * (sum of coefficient * parameters + attention_per_token)
  counter @3;       # counted while running; the number, with its source
  declared @4;      # the number, with its source
}

enum UtilisationBasis {
  unset @0;
  mfu @1;
  hfu @2;
  ofu @3;
  smActive @4;
  counter @5;
  profiler @6;
  assumed @7;
  derived @8;  # computed from another method given here: never counts as agreement
}

enum Treatment {
  # FLOP per token and parameter; one fused multiply-add is two operations.
  unset @0;
  trained @1;              # 6
  frozenUnderTraining @2;  # 4: activations' gradients pass through
  forwardOnly @3;          # 2: frozen before anything trained, or inference
  lookup @4;               # 0: two-dimensional embedding tables, named
}

struct LookupTable {
  # A two-dimensional embedding table, as the weight header names it (R35).
  tensor @0 :Text $V.required $V.notEmpty;  # its name in the weight header
  role @1 :Text $V.required $V.notEmpty;  # `token`, `position`, …: one that the policy knows
  rows @2 :V.Count $V.required;  # as the header has them
  columns @3 :V.Count $V.required;  # as the header has them
}

struct ParameterClass {
  treatment @0 :Treatment $V.required;  # what the training does to them: 6, 4, 2 or 0 FLOP a token
  parameters @1 :V.Count $V.required;  # how many
  tables @2 :List(LookupTable) $V.maxItems(1000);  # required for `lookup`, refused elsewhere
  tensors @3 :List(Text) $V.maxItems(10000);
  # Names, or patterns with `*`, of what did not train; required for frozen classes of kinds that
  # train (R35).
}

struct HardwareTerm {
  # One usage item: the same units and ms, in the order of the segment's `usage`.
  units @0 :V.Count $V.required;  # as in the usage item
  ms @1 :V.Count $V.required;  # as in the usage item
  peak @2 :V.FlopAmount $V.required;  # dense, FLOP/s of one unit
  utilisationPpm @3 :V.Count $V.required $V.maxValue(1000000);  # share of the peak, in millionths
}

struct FlopCalculation {
  # One method with its inputs and result. `method` decides which inputs are required.
  method @0 :FlopMethod $V.required;  # how it was computed
  result @1 :V.FlopAmount $V.required;  # FLOP by this method
  basis @2 :UtilisationBasis;             # hardware
  terms @3 :List(HardwareTerm) $V.maxItems(10000);  # hardware
  tokens @4 :V.Count;                     # architecture: processed, repeats counted, padding not
  parameters @5 :V.Count;                 # architecture: N, the sum over `classes`
  classes @6 :List(ParameterClass) $V.maxItems(1000);  # architecture
  attentionPerToken @7 :V.FlopAmount;     # architecture
  source @8 :Text;                        # counter, declared: what or who states it
}

struct FlopStatement {
  amount @0 :V.FlopAmount $V.required;  # FLOP
  method @1 :FlopMethod $V.required;  # the one of `methods` whose result `amount` is
  methods @2 :List(FlopCalculation) $V.required $V.notEmpty $V.maxItems(16);
  # each way in which it was computed
  precision @3 :V.Precision $V.required;  # of the matrix products
  sequenceLength @4 :V.Count;  # tokens in a sequence
  recomputationExcluded @5 :V.Flag $V.required;  # whether activations computed again are left out
  paddingExcluded @6 :V.Flag $V.required;  # whether padding is left out
  powerCapW @7 :V.Count;  # limit of the devices' power, in watts
  marginPpm @8 :V.Count $V.maxValue(300000);  # stated, at most 30 %
}

struct FlopFigure {
  union {
    stated @0 :FlopStatement;
    undisclosed @1 :Void;
  }
}
