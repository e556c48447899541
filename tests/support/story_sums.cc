#include "tests/support/story_sums.h"

#include <boost/json.hpp>

#include "tests/support/party_keys.h"

namespace carnet::test {
namespace {

using boost::json::object;
using boost::json::value;

// "@name" as "name"; absent for everything else.
std::optional<std::string> NameOf(const value* reference) {
  if (reference == nullptr || !reference->is_string()) return std::nullopt;
  const auto& text = reference->get_string();
  if (!text.starts_with('@')) return std::nullopt;
  return std::string(text.begin() + 1, text.end());
}

const value* Find(const object& from, const char* key) { return from.if_contains(key); }

std::string TextOf(const value& text) { return {text.as_string().begin(), text.as_string().end()}; }

// 2^53 and above are strings.
std::optional<Flop> CountOf(const value& count) {
  if (!count.is_string()) return Flop(count.to_number<uint64_t>());
  if (TextOf(count) == "undisclosed") return std::nullopt;
  return ValueOf(Flop::Parse(TextOf(count)), "count");
}

// Zero where there is no figure at all.
std::optional<Flop> AmountOf(const value* figure) {
  if (figure == nullptr) return Flop(0);
  if (!figure->is_object()) return std::nullopt;
  return CountOf(figure->as_object().at("amount"));
}

std::optional<Flop> Sum(std::optional<Flop> a, std::optional<Flop> b) {
  return a && b ? CheckedAdd(*a, *b) : std::nullopt;
}

}  // namespace

class StorySums::Walk {
 public:
  Walk(const Drafts& drafts, const char* figure, std::set<std::string> edges,
       bool through_passports)
      : drafts_(drafts),
        figure_(figure),
        edges_(std::move(edges)),
        through_passports_(through_passports) {}

  std::optional<Flop> From(const std::string& passport) {
    Completion(*NameOf(Find(Draft(passport), "completion")));
    while (!stack_.empty()) {
      const std::string name = stack_.back();
      stack_.pop_back();
      Take(name);
    }
    return sum_;
  }

 private:
  const object& Draft(const std::string& name) const {
    const auto found = drafts_.find(name);
    if (found == drafts_.end()) GiveUp("no statement " + name);
    return *found->second;
  }

  void Meet(const std::optional<std::string>& name) {
    if (name && drafts_.contains(*name) && met_.insert(*name).second) stack_.push_back(*name);
  }

  void Completion(const std::string& name) {
    const object& completion = Draft(name);
    Meet(NameOf(Find(completion, "run")));
    for (const value& last : completion.at("last").as_array()) Meet(NameOf(&last));
  }

  // What a statement is, by a field that only its kind has.
  void Take(const std::string& name) {
    const object& draft = Draft(name);
    if (draft.contains("seq")) return Segment(draft);
    if (draft.contains("inputs")) return Run(draft);
    if (draft.contains("outcome")) return Completion(name);
    if (draft.contains("data_basis")) return Dataset(draft);
    if (draft.contains("completion") && through_passports_) {
      Meet(NameOf(Find(draft, "completion")));
    }
  }

  void Segment(const object& draft) {
    sum_ = Sum(sum_, AmountOf(Find(draft.at("flop").as_object(), figure_)));
    Meet(NameOf(Find(draft, "run")));
    const auto source = NameOf(Find(draft, "weights_from"));
    if (source) Meet(source);
    // The path of the weights leaves the lane where `weights_from` does (S9).
    if (!source || through_passports_) Meet(NameOf(Find(draft, "previous")));
  }

  void Run(const object& draft) {
    for (const value& input : draft.at("inputs").as_array()) {
      const object& edge = input.as_object();
      if (edges_.contains(TextOf(edge.at("type")))) Meet(NameOf(Find(edge, "statement")));
    }
    if (!edges_.contains("synthetic-data-from") || !draft.at("datasets").is_array()) return;
    for (const value& use : draft.at("datasets").as_array()) {
      Meet(NameOf(Find(use.as_object(), "statement")));
    }
  }

  void Dataset(const object& draft) {
    if (!draft.at("sources").is_array()) return;
    for (const value& source : draft.at("sources").as_array()) {
      sum_ = Sum(sum_, AmountOf(Find(source.as_object(), "generation_flop")));
    }
    const value* derived = Find(draft, "derived_from");
    if (derived == nullptr) return;
    for (const value& from : derived->as_array()) Meet(NameOf(&from));
  }

  const Drafts& drafts_;
  const char* figure_;
  const std::set<std::string> edges_;
  const bool through_passports_;
  std::set<std::string> met_;
  std::vector<std::string> stack_;
  std::optional<Flop> sum_ = Flop(0);
};

std::optional<Flop> StorySums::Tokens(const std::string& run) const {
  std::optional<Flop> sum = Flop(0);
  for (const auto& [name, draft] : drafts_) {
    if (!draft->contains("seq") || NameOf(Find(*draft, "run")) != run) continue;
    sum = Sum(sum, CountOf(draft->at("tokens")));
  }
  return sum;
}

std::optional<Flop> StorySums::FlopOf(const std::string& run, const std::string& figure) const {
  std::optional<Flop> sum = Flop(0);
  for (const auto& [name, draft] : drafts_) {
    if (!draft->contains("seq") || NameOf(Find(*draft, "run")) != run) continue;
    sum = Sum(sum, AmountOf(Find(draft->at("flop").as_object(), figure.c_str())));
  }
  return sum;
}

std::optional<Flop> StorySums::ParameterUpdate(const std::string& passport) const {
  std::set<std::string> edges;
  for (const char* edge : {"fine-tuned-from", "initialised-from", "merged-from", "adapter-on",
                           "quantised-from", "ablated-from"}) {
    edges.insert(edge);
  }
  return Walk(drafts_, "update", std::move(edges), false).From(passport);
}

std::optional<Flop> StorySums::Cumulative(const std::string& passport) const {
  std::set<std::string> edges;
  for (const value& edge : drafts_.at(passport)->at("flop").at("edges").as_array()) {
    edges.insert(TextOf(edge));
  }
  return Walk(drafts_, "total", std::move(edges), true).From(passport);
}

}  // namespace carnet::test
