// Every field of every statement of an honest passport, changed alone and signed anew: either the
// gate notices, or the field is in the list of those that decide nothing.
#include <boost/json.hpp>
#include <exception>
#include <set>

#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

using boost::json::value;

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

std::string Changed(const value& leaf) {
  if (leaf.is_bool()) return leaf.get_bool() ? "false" : "true";
  if (leaf.is_number()) return std::to_string(leaf.to_number<uint64_t>() + 1);
  const std::string text(std::string_view(leaf.get_string()));
  if (text.starts_with("@model:") || text.starts_with("@sha:")) return R"("@sha:another")";
  if (text.starts_with("@roots:")) return R"("@roots:another")";
  if (text.starts_with("@key:")) return R"("@key:somebody")";
  if (text.find_first_not_of("0123456789") == text.npos) return "\"1" + text + "\"";
  return Quoted(text + "x");
}

// What the gate found: nothing, where it passed.
std::string Judgement(World world, const std::string& name, const std::string& pointer,
                      const std::string& json) {
  world.Set(name, pointer, json);
  try {
    return Describe(world.Judge());
  } catch (const std::exception& refused) {
    return refused.what();
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

// Words for people, or facts that only their signer knows.
const std::set<std::string>& FieldsThatDecideNothing() {
  static const std::set<std::string> fields = {
      "dataset /data",
      "dataset /name",
      "dataset /size/bytes",
      "device /cpu/cores",  // a higher ceiling
      "device /cpu/f32_lanes",
      "device /cpu/fma_units",
      "device /cpu/model",
      "device /cpu/nominal_hz",
      "device /cpu/used_hz",
      "device /vendor",
      "passport /intended_deployment",
      "passport /name",
      "passport /parameters/total",  // within 5 %
      "run /authorised_by",
      "run /datasets/*/role",
      "run /intended_deployment",
      "run /opened_by",
      "segment /flop/total/methods/*/source",
      "segment /flop/total/padding_excluded",
      "segment /flop/total/recomputation_excluded",
      "segment /flop/update/methods/*/source",
      "segment /flop/update/padding_excluded",
      "segment /flop/update/recomputation_excluded",
      "segment /model",         // of a checkpoint in between, or beside the tensor roots
      "segment /steps/from",    // of the first
      "segment /steps/to",      // of the last
      "segment /tensor_roots",  // beside the model digest
  };
  return fields;
}

BOOST_AUTO_TEST_SUITE(field)

BOOST_AUTO_TEST_CASE(every_change_of_a_field_that_decides_is_noticed) {
  const World honest = FineTuneWorld();
  std::set<std::string> unnoticed;
  size_t changes = 0;
  for (const Statement& statement : honest.story) {
    const value draft = boost::json::parse(statement.draft);
    std::vector<std::string> leaves;
    CollectLeaves(draft, "", leaves);
    for (const std::string& pointer : leaves) {
      ++changes;
      const std::string json = Changed(draft.at_pointer(pointer));
      if (Judgement(honest, statement.name, pointer, json) != "none") continue;
      unnoticed.insert(FieldName(statement, pointer));
    }
  }
  BOOST_CHECK_GT(changes, 250u);
  for (const std::string& field : unnoticed) {
    BOOST_CHECK_MESSAGE(FieldsThatDecideNothing().contains(field), "unnoticed: " << field);
  }
  for (const std::string& field : FieldsThatDecideNothing()) {
    BOOST_CHECK_MESSAGE(unnoticed.contains(field), "noticed after all: " << field);
  }
}

// The largest value of every number, alone and together with the others of its statement.
BOOST_AUTO_TEST_CASE(extreme_numbers_end_in_a_verdict) {
  const World honest = FineTuneWorld();
  size_t judged = 0;
  for (const char* name : {"cpu", "lease", "chat.run", "chat.1", "chat.done", "chat"}) {
    World all = honest;
    const value draft = boost::json::parse(all.At(name).draft);
    std::vector<std::string> leaves;
    CollectLeaves(draft, "", leaves);
    for (const std::string& pointer : leaves) {
      const value& leaf = draft.at_pointer(pointer);
      const bool flop = leaf.is_string() && leaf.get_string().size() == 13;
      if (!flop && !leaf.is_number()) continue;
      const std::string most =
          flop ? R"("340282366920938463463374607431768211455")" : R"("18446744073709551615")";
      all.Set(name, pointer, most);
      for (const std::string& extreme : {most, std::string(flop ? R"("0")" : "0")}) {
        BOOST_CHECK(!Judgement(honest, name, pointer, extreme).empty());
        ++judged;
      }
    }
    BOOST_CHECK(!Judgement(all, "texts", "/name", R"("texts")").empty());
  }
  BOOST_CHECK_GT(judged, 50u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
