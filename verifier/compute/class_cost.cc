#include "verifier/compute/class_cost.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "core/utf8.h"

namespace carnet::verifier::compute {
namespace {

using schemas::ReaderOf;
using schemas::TextOf;
using wire::Treatment;
using Names = NamedTensors::Names;

// Decides for the classes of one segment what they cost, by what is in hand about the run's model.
class ClassCount {
 public:
  ClassCount(const ModelSize& size, const WeightFiles& files, NamedTensors& named)
      : run_(ReaderOf<wire::Run>(size.run->predicate)),
        size_(size),
        files_(files),
        named_(named),
        base_left_(BaseOf(size)) {}

  ClassCost Count(wire::FlopCalculation::Reader architecture) {
    if (ShowsElements()) ReadNames(architecture);
    for (const auto each : architecture.getClasses()) {
      switch (each.getTreatment()) {
        case Treatment::LOOKUP:
          CountTables(each);
          break;
        case Treatment::FROZEN_UNDER_TRAINING:
        case Treatment::FORWARD_ONLY:
          CountFrozen(each);
          break;
        case Treatment::TRAINED:
        case Treatment::UNSET:
          AddTrained(each.getParameters().getValue());
          break;
      }
    }
    return std::move(cost_);
  }

 private:
  // An adapter's base may state no size; its classes are the signer's word then.
  static Uint128 BaseOf(const ModelSize& size) {
    if (size.base.known()) return size.base.total;
    return size.is_adapter ? ~Uint128{0} : 0;
  }

  void AddTrained(Uint128 parameters) { Add(kTrained, parameters); }
  // Of at most 2^64 each: a class states no more.
  void Add(uint64_t coefficient, Uint128 parameters) {
    cost_.classes.push_back({coefficient, static_cast<uint64_t>(parameters)});
  }

  void InFull(Uint128 parameters, std::string reason) {
    AddTrained(parameters);
    if (parameters > 0 && cost_.in_full == 0) cost_.why = std::move(reason);
    cost_.in_full += parameters;
  }

  // A tensor that several classes name counts in one of them.
  void ReadNames(wire::FlopCalculation::Reader architecture) {
    Names frozen;
    Names under_training;
    for (const auto each : architecture.getClasses()) {
      for (const auto table : each.getTables()) tables_named_.push_back(TextOf(table.getTensor()));
      if (!IsFrozen(each)) continue;
      for (const auto name : each.getTensors()) {
        frozen.push_back(TextOf(name));
        if (IsUnderTraining(each)) under_training.push_back(TextOf(name));
      }
    }
    if (frozen.empty()) return;
    named_left_ = WithMargin(named_.Of(tables_named_, frozen).all);
    unchanged_left_ = named_.Of(tables_named_, under_training).unchanged;
  }

  void CountTables(wire::ParameterClass::Reader lookup) {
    const bool held = IsHeld();
    Uint128 left = lookup.getParameters().getValue();
    for (const auto stated : lookup.getTables()) {
      const Table table{TextOf(stated.getTensor()), TextOf(stated.getRole()),
                        stated.getRows().getValue(), stated.getColumns().getValue()};
      const Uint128 parameters = std::min(left, static_cast<Uint128>(table.rows) * table.columns);
      left -= parameters;
      std::string reason = ReasonAgainst(table, held);
      if (!reason.empty()) {
        if (!shared_) Contradict("lookup table " + reason);
        InFull(parameters, std::move(reason));
      } else if (!held || size_.renamed) {  // by its shape alone, a table is any matrix
        cost_.unheld += parameters;
      }
    }
    if (left == 0) return;
    Contradict(fmt::format("lookup tables of {} parameters, but they have {}",
                           lookup.getParameters().getValue(),
                           Flop(lookup.getParameters().getValue() - left).ToString()));
    InFull(left, "more parameters than the lookup tables have");
  }

  // The tables of the root's own run are those of the files; parents may have had others.
  void Contradict(std::string what) {
    const bool own = IsHeld() && size_.held == Held::kToFiles;
    if (own && cost_.false_table.empty()) cost_.false_table = std::move(what);
  }

  // Empty where the table costs nothing.
  std::string ReasonAgainst(const Table& table, bool held) {
    shared_ = false;
    const std::string name = Printable(table.tensor);
    if (!tables_.insert(table.tensor).second) return name + ", which appears more than once";
    if (!roles_.insert(table.role).second) {
      return fmt::format("{}: a second table of role {}", name, Printable(table.role));
    }
    if (!held) return "";
    const TableMatch match = size_.renamed                  ? TableMatch::kByShape
                             : size_.held == Held::kToFiles ? TableMatch::kExact
                                                            : TableMatch::kResized;
    switch (files_.StateOf(table, match)) {
      case TableState::kLookup:
        return "";
      case TableState::kUnknownRole:
        return fmt::format("{}: unknown role {}", name, Printable(table.role));
      case TableState::kOtherName:
        return name + ", which is not named as a table";
      case TableState::kAbsent:
        return name + ", which is not a two-dimensional tensor of the weight files";
      case TableState::kOtherShape:
        return name + ", which has another shape in the weight files";
      case TableState::kShared:
        shared_ = true;
        return name + ", which the output layer shares";
    }
    return "";
  }

  // A frozen base of an adapter is what an adapter is about. Elsewhere frozen tensors are named.
  void CountFrozen(wire::ParameterClass::Reader frozen) {
    Uint128 parameters = frozen.getParameters().getValue();
    const bool under_training = IsUnderTraining(frozen);
    const uint64_t coefficient = under_training ? kFrozenUnderTraining : kForwardOnly;
    if (run_.getInitial() == wire::InitialWeights::RANDOM) {
      return InFull(parameters, "parameters stated as frozen in a run from random weights");
    }
    const Uint128 of_base = std::min(parameters, base_left_);
    if (of_base > 0) Add(coefficient, of_base);
    if (!under_training || !size_.base.known()) cost_.unheld += of_base;
    base_left_ -= of_base;
    parameters -= of_base;
    if (parameters == 0) return;
    const NamedElements named = NamedBy(frozen, parameters);
    if (named.all > 0) Add(coefficient, named.all);
    NoteFrozen(named, under_training);
    InFull(parameters - named.all, "frozen parameters without tensors of that size");
  }

  // Of the parameters, as many as the class names elements; all of them where no file can say.
  NamedElements NamedBy(wire::ParameterClass::Reader frozen, Uint128 parameters) {
    Names names;
    for (const auto name : frozen.getTensors()) names.push_back(TextOf(name));
    if (names.empty()) return {};
    if (!ShowsElements()) return {parameters, 0};
    const NamedElements elements = named_.Of(tables_named_, names);
    const Uint128 all = std::min({parameters, WithMargin(elements.all), named_left_});
    named_left_ -= all;
    return {all, ShowsUnchanged() ? std::min(all, elements.unchanged) : 0};
  }

  // A tensor with the values that it had in the parent did not train. Whether a gradient passed
  // through it, its values do not show.
  void NoteFrozen(const NamedElements& named, bool under_training) {
    const Uint128 unchanged =
        under_training ? std::min(named.unchanged, unchanged_left_) : named.unchanged;
    cost_.frozen += named.all - unchanged;
    if (under_training) {
      unchanged_left_ -= unchanged;
      cost_.unchanged += unchanged;
      cost_.unheld += named.all - unchanged;
    } else {
      cost_.forward_only += unchanged;
      cost_.unheld += named.all;
    }
  }

  static bool IsUnderTraining(wire::ParameterClass::Reader each) {
    return each.getTreatment() == Treatment::FROZEN_UNDER_TRAINING;
  }
  static bool IsFrozen(wire::ParameterClass::Reader each) {
    return IsUnderTraining(each) || each.getTreatment() == Treatment::FORWARD_ONLY;
  }
  static Uint128 WithMargin(Uint128 elements) { return elements + elements / 20; }

  // Whether the files show the tensors of the run's model: an adapter's do not contain its base's.
  bool IsHeld() const {
    return size_.held != Held::kToNothing && files_.readable() && !size_.is_adapter;
  }
  // And that each of their elements is a parameter, under the name that it trained with.
  bool ShowsElements() const { return IsHeld() && !size_.renamed && files_.counts_elements(); }

  // Whether a parameter that the files show unchanged costs a token less. Of a mixture of experts a
  // token uses a part, and a few experts that did not train would stand for the others.
  bool ShowsUnchanged() const {
    return size_.held == Held::kToFiles && size_.stated.active == size_.stated.total;
  }

  const wire::Run::Reader run_;
  const ModelSize& size_;
  const WeightFiles& files_;
  NamedTensors& named_;
  Uint128 base_left_;
  // Where the files show the elements: of the lookup tables, and what frozen classes may count yet.
  Names tables_named_;
  Uint128 named_left_ = 0;
  Uint128 unchanged_left_ = 0;
  ClassCost cost_;
  bool shared_ = false;  // of the last table
  std::set<std::string_view> tables_;
  std::set<std::string_view> roles_;
};

}  // namespace

ClassCost CostOf(wire::FlopCalculation::Reader architecture, const ModelSize& size,
                 const WeightFiles& files, NamedTensors& named) {
  return ClassCount(size, files, named).Count(architecture);
}

}  // namespace carnet::verifier::compute
