// Every field of every statement of an honest passport, changed alone and signed anew: either the
// gate refuses it, or the field is in the list of those that decide nothing. What the honest signer
// would not sign is signed by hand, so that every change is judged by the gate.
#include <boost/json.hpp>
#include <map>
#include <set>

#include "tests/passport/attack.h"
#include "tests/support/test.h"
#include "verifier/rules.h"

namespace carnet::test {
namespace {

using boost::json::value;

// Names of fields, as "segment /usage/*/ms".
using Fields = std::set<std::string>;

void CollectLeaves(const value& part, const std::string& pointer, std::vector<std::string>& to) {
  if (const auto* object = part.if_object()) {
    for (const auto& member : *object) {
      CollectLeaves(member.value(), pointer + "/" + std::string(std::string_view(member.key())),
                    to);
    }
  } else if (const auto* array = part.if_array()) {
    for (size_t i = 0; i < array->size(); ++i) {
      CollectLeaves(array->at(i), pointer + "/" + std::to_string(i), to);
    }
  } else {
    to.push_back(pointer);
  }
}

std::vector<std::string> LeavesOf(const value& draft) {
  std::vector<std::string> leaves;
  CollectLeaves(draft, "", leaves);
  return leaves;
}

// Another word of the same closed set.
const std::map<std::string, std::string>& OtherWords() {
  static const std::map<std::string, std::string> words = {
      {"public", "licensed"},
      {"manifest", "files"},
      {"pre-training", "ablation"},
      {"fine-tune", "reinforcement-learning"},
      {"random", "inputs"},
      {"inputs", "random"},
      {"trained", "forward-only"},
      {"fp32", "bf16"},
      {"architecture", "hardware"},
      {"counter", "declared"},
      {"completed", "aborted"},
      {"fine-tuned-from", "distilled-from"},
      {"initialised-from", "distilled-from"},
      {"merged-from", "distilled-from"},
      {"adapter-on", "distilled-from"},
      {"quantised-from", "distilled-from"},
      {"ablated-from", "distilled-from"},
  };
  return words;
}

bool IsNumber(const std::string& text) { return text.find_first_not_of("0123456789") == text.npos; }

bool IsReference(const std::string& text) {
  return text.starts_with('@') && text.find(':') == text.npos && text != "@seen" &&
         text != "@update" && text != "@total";
}

// Another place or sum than the placeholder stands for.
std::string OtherPlaceholder(const std::string& text) {
  const std::string what = text.substr(0, text.find(':'));
  if (what == "@model" || what == "@files" || what == "@roots") return Quoted(what + ":another");
  if (what == "@key") return R"("@key:somebody")";
  if (what == "@after") return R"("@after:texts")";
  if (what == "@seen") return R"("@seen:1")";
  if (what == "@tokens") return "1";
  if (what == "@flop") return R"({"update":"1","total":"1"})";
  if (what == "@sha") return R"("@sha:another")";
  return R"("1")";  // @update, @total
}

// The leaf with another value of its type, as JSON.
std::string Changed(const value& leaf) {
  if (leaf.is_bool()) return leaf.get_bool() ? "false" : "true";
  if (leaf.is_number()) return std::to_string(leaf.to_number<uint64_t>() + 1);
  std::string text(std::string_view(leaf.get_string()));
  if (IsReference(text)) return Quoted(std::string(64, '7'));
  if (text.starts_with('@')) return OtherPlaceholder(text);
  if (const auto other = OtherWords().find(text); other != OtherWords().end()) {
    return Quoted(other->second);
  }
  if (IsNumber(text)) return Quoted("1" + text);
  if (text.starts_with("20") && text.ends_with("Z"))
    return Quoted("203" + text.substr(3));  // years
  return Quoted(text + "x");
}

// The least and the largest value of a number; none for everything else.
std::vector<std::string> Extremes(const value& leaf) {
  if (leaf.is_number()) return {"0", R"("18446744073709551615")"};
  if (!leaf.is_string() || !IsNumber(std::string(leaf.get_string()))) return {};
  return {R"("0")", R"("340282366920938463463374607431768211455")"};
}

// As somebody writes it into the signed text who does not sign with our software.
TextEdit Writing(const std::string& pointer, const std::string& json) {
  return [pointer, json](std::string& payload) {
    value statement = boost::json::parse(payload);
    statement.at_pointer("/predicate" + pointer) = boost::json::parse(json);
    payload = boost::json::serialize(statement);
  };
}

struct Judged {
  bool signable;  // whether the honest software signs the statement
  verifier::Verdict verdict;
};

// Later statements repeat what the changed one says, or, where their signer would refuse that, what
// the honest one said. Anything but a draft that is refused is an error of this test, and ends it.
Judged JudgeChange(const World& honest, const std::string& name, const std::string& pointer,
                   const std::string& json) {
  World world = honest;
  const value draft = boost::json::parse(world.At(name).draft);
  const value& leaf = draft.at_pointer(pointer);
  bool signable = true;
  if (!leaf.is_string() || !IsReference(std::string(leaf.get_string()))) {
    world.Set(name, pointer, json);
    try {
      return {true, world.Judge()};
    } catch (const RefusedDraft& refused) {
      signable = refused.statement != name;
    }
    world = honest;
  }
  world.At(name).edit_payload = Writing(pointer, json);
  return {signable, world.Judge()};
}

bool IsSigned(World world) {
  try {
    (void)world.Issue();
    return true;
  } catch (const RefusedDraft&) {
    return false;
  }
}

// "segment /steps/from".
std::string FieldName(const Statement& statement, const std::string& pointer) {
  std::string path;
  for (const char c : pointer) {
    const bool index = c >= '0' && c <= '9' && path.ends_with('/');
    path += index ? '*' : c;
  }
  return std::string(schemas::KindName(statement.kind)) + " " + path;
}

void CheckSame(const Fields& found, const Fields& listed, const std::string& what) {
  for (const std::string& field : found) {
    BOOST_CHECK_MESSAGE(listed.contains(field), what << ", but not listed: " << field);
  }
  for (const std::string& field : listed) {
    BOOST_CHECK_MESSAGE(found.contains(field), "listed, but not " << what << ": " << field);
  }
}

// Words for people, or facts that only their signer knows.
const Fields& FieldsThatDecideNothing() {
  static const Fields fields = {
      "allocation /window/to",  // a longer lease
      "dataset /data",
      "dataset /data_basis",
      "dataset /name",
      "dataset /size/bytes",
      "dataset /sources/*/kind",
      "device /cpu/cores",  // a higher ceiling
      "device /cpu/f32_lanes",
      "device /cpu/fma_units",
      "device /cpu/model",
      "device /cpu/nominal_hz",
      "device /cpu/used_hz",
      "device /vendor",
      "passport /flop/edges/*",  // a choice, which `cumulative` follows
      "passport /intended_deployment",
      "passport /name",
      "passport /parameters/total",  // within 5 %
      "run /authorised_by",
      "run /datasets/*/role",
      "run /intended_deployment",
      "run /kind",  // a fine-tune, or reinforcement learning
      "run /opened_by",
      "segment /flop/total/methods/*/method",  // counted, or declared
      "segment /flop/total/methods/*/source",
      "segment /flop/total/padding_excluded",
      "segment /flop/total/precision",
      "segment /flop/total/recomputation_excluded",
      "segment /flop/update/methods/*/method",  // counted, or declared
      "segment /flop/update/methods/*/source",
      "segment /flop/update/padding_excluded",
      "segment /flop/update/precision",
      "segment /flop/update/recomputation_excluded",
      "segment /model",  // of a checkpoint in between, or beside the tensor roots
      "segment /precision/*",
      "segment /steps/from",    // of the first
      "segment /steps/to",      // of the last
      "segment /tensor_roots",  // beside the model digest
  };
  return fields;
}

// What our software does not sign, as the statement contradicts itself. The gate refuses it for
// that alone (R3).
const Fields& FieldsRefusedBeforeSigning() {
  static const Fields fields = {
      "completion /outcome", "device /id",      "device /units",
      "passport /files",     "passport /model", "segment /seq",
  };
  return fields;
}

BOOST_AUTO_TEST_SUITE(field)

BOOST_AUTO_TEST_CASE(every_change_of_a_field_that_decides_is_refused) {
  const World honest = FineTuneWorld();
  Fields unnoticed;
  Fields not_signed;
  size_t changes = 0;
  for (const Statement& statement : honest.story) {
    const value draft = boost::json::parse(statement.draft);
    for (const std::string& pointer : LeavesOf(draft)) {
      ++changes;
      const std::string field = FieldName(statement, pointer);
      const auto [signable, verdict] =
          JudgeChange(honest, statement.name, pointer, Changed(draft.at_pointer(pointer)));
      const bool refused = !verdict.findings.empty();
      BOOST_CHECK_MESSAGE(refused == (verdict.decision == verifier::Decision::kFail),
                          field << ": a decision without a reason");
      if (!refused) unnoticed.insert(field);
      if (signable) continue;
      not_signed.insert(field);
      BOOST_CHECK_MESSAGE(
          refused && verdict.findings.front().reason() == RejectReason::kBadField,
          statement.name << pointer << " is not signed, but judged" << Describe(verdict));
    }
  }
  BOOST_CHECK_GT(changes, 250u);
  CheckSame(unnoticed, FieldsThatDecideNothing(), "unnoticed");
  CheckSame(not_signed, FieldsRefusedBeforeSigning(), "not signed");
}

// What may be as small or large as its type allows.
const Fields& FieldsThatMayBeExtreme() {
  static const Fields fields = {
      "dataset /size/bytes 0",
      R"(dataset /size/bytes "18446744073709551615")",
      R"(device /cpu/cores "18446744073709551615")",  // a higher ceiling
      R"(device /cpu/f32_lanes "18446744073709551615")",
      R"(device /cpu/fma_units "18446744073709551615")",
      R"(device /cpu/nominal_hz "18446744073709551615")",
      R"(device /cpu/used_hz "18446744073709551615")",
      R"(segment /steps/to "18446744073709551615")",  // of the last
  };
  return fields;
}

// The least and the largest value of every number.
BOOST_AUTO_TEST_CASE(extreme_numbers_are_refused) {
  const World honest = FineTuneWorld();
  Fields unnoticed;
  size_t judged = 0;
  for (const char* name : {"cpu", "chats", "chat.run", "chat.1", "chat.done", "chat"}) {
    const Statement statement = World(honest).At(name);
    const value draft = boost::json::parse(statement.draft);
    for (const std::string& pointer : LeavesOf(draft)) {
      const value& leaf = draft.at_pointer(pointer);
      for (const std::string& extreme : Extremes(leaf)) {
        if (extreme == boost::json::serialize(leaf)) continue;
        ++judged;
        const auto verdict = JudgeChange(honest, name, pointer, extreme).verdict;
        if (!verdict.findings.empty()) continue;
        unnoticed.insert(FieldName(statement, pointer) + " " + extreme);
      }
    }
  }
  BOOST_CHECK_GT(judged, 50u);
  CheckSame(unnoticed, FieldsThatMayBeExtreme(), "unnoticed");
}

// All numbers of a statement at once that the honest software would sign, so that no product or sum
// of them wraps into sense.
BOOST_AUTO_TEST_CASE(a_statement_of_extreme_numbers_is_refused) {
  const World honest = FineTuneWorld();
  for (const char* name : {"cpu", "chat.1", "chat.done", "chat"}) {
    World world = honest;
    const value draft = boost::json::parse(world.At(name).draft);
    size_t numbers = 0;
    for (const std::string& pointer : LeavesOf(draft)) {
      const auto extremes = Extremes(draft.at_pointer(pointer));
      if (extremes.empty()) continue;
      World more = world;
      more.Set(name, pointer, extremes.back());
      if (!IsSigned(more)) continue;
      world = std::move(more);
      ++numbers;
    }
    BOOST_CHECK_MESSAGE(numbers > 0, name << " has no numbers");
    const auto verdict = world.Judge();
    BOOST_CHECK_MESSAGE(!verdict.findings.empty(), name << " passes");
    BOOST_CHECK(verdict.decision == verifier::Decision::kFail);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
