// What is found is compared with what reading every entry and following every name finds
// (two_devices.h), or with lists written by hand.
#include "pipeline/find_statements.h"

#include "tests/pipeline/two_devices.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

struct Fixture : TwoDevices {
  Found Find(const FindRequest& request) {
    return ValueOf(FindStatements(*world.Read(), request), "find");
  }
  Found FindBy(pipeline::FindBy by, const SubjectDigest& digest,
               std::optional<Kind> kind = std::nullopt) {
    return Find({.by = by, .digest = digest, .kind = kind});
  }
  static std::set<std::string> Ids(const Found& found) {
    std::set<std::string> ids;
    for (const FoundStatement& each : found.statements) ids.insert(Hex(each.statement.id));
    return ids;
  }
  std::set<std::string> Passports() const {
    return {Hex(base_passport), Hex(chat_passport), Hex(other_passport)};
  }
  std::set<std::string> SegmentsOf(const TrainedModel& model) const {
    std::set<std::string> ids;
    for (const auto& segment : model.segments) ids.insert(Hex(segment.id));
    return ids;
  }
};

using By = pipeline::FindBy;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(find_statements, Fixture)

BOOST_AUTO_TEST_CASE(models_by_data_set_are_those_whose_closure_has_it) {
  for (const StatementId& dataset : {texts, chats}) {
    const Found found = FindBy(By::kDataset, AsSubject(dataset));
    BOOST_CHECK(Ids(found) == Leading(Passports(), dataset));
  }
  const Found found = FindBy(By::kDataset, AsSubject(texts));
  BOOST_REQUIRE_EQUAL(found.statements.size(), 2U);
  BOOST_CHECK(found.statements[0].statement.id == base_passport);
  BOOST_CHECK(found.statements[0].models_between == 0U);
  BOOST_CHECK(found.statements[1].statement.id == chat_passport);
  BOOST_CHECK(found.statements[1].models_between == 1U);
}

BOOST_AUTO_TEST_CASE(a_data_set_may_be_named_by_its_data) {
  const auto data = Retag<SubjectDigest>(crypto::Sha256Of("texts"));
  BOOST_CHECK(Ids(FindBy(By::kDataset, data)) == Ids(FindBy(By::kDataset, AsSubject(texts))));
}

BOOST_AUTO_TEST_CASE(models_and_runs_by_device_and_allocation) {
  for (const auto& [device, models] :
       {std::pair(first_device, std::set<std::string>{Hex(base_passport), Hex(chat_passport)}),
        std::pair(second_device, std::set<std::string>{Hex(chat_passport), Hex(other_passport)})}) {
    BOOST_CHECK(Ids(FindBy(By::kDevice, AsSubject(device))) == models);
    BOOST_CHECK(Leading(Passports(), device) == models);
  }
  // The fine-tune of a model made on the first device did not run there.
  BOOST_CHECK(Ids(FindBy(By::kDevice, AsSubject(first_device), Kind::kRun)) ==
              std::set<std::string>{Hex(base.run)});
  BOOST_CHECK(Ids(FindBy(By::kAllocation, AsSubject(first_allocation), Kind::kRun)) ==
              std::set<std::string>{Hex(base.run)});
  BOOST_CHECK(Ids(FindBy(By::kDevice, AsSubject(second_device), Kind::kRun)) ==
              (std::set<std::string>{Hex(chat.run), Hex(other.run)}));
  BOOST_CHECK(Ids(FindBy(By::kDevice, AsSubject(first_device), Kind::kSegment)) ==
              SegmentsOf(base));
  BOOST_CHECK(Ids(FindBy(By::kDevice, AsSubject(first_device), Kind::kAllocation)) ==
              std::set<std::string>{Hex(first_allocation)});
}

BOOST_AUTO_TEST_CASE(an_allocation_that_lists_a_device_is_no_use_of_it) {
  const StatementId idle =
      world.Attest(Kind::kDevice, drafts::Device({.id = "aws:i-00000000000000001"}), "cloud");
  world.allocation =
      world.Attest(Kind::kAllocation,
                   drafts::Allocation({.holders = {"key:" + drafts::Hex(KeyNamed("lab").id())},
                                       .devices = {Hex(world.device), Hex(idle)},
                                       .from_ms = world.clock_ms - kDayMs,
                                       .to_ms = world.clock_ms + kDayMs}),
                   "cloud");
  const TrainedModel third = Train(world, "third");
  BOOST_CHECK(FindBy(By::kDevice, AsSubject(idle), Kind::kRun).statements.empty());
  BOOST_CHECK(Ids(FindBy(By::kDevice, AsSubject(idle), Kind::kAllocation)) ==
              std::set<std::string>{Hex(world.allocation)});
  BOOST_CHECK(
      Ids(FindBy(By::kDevice, AsSubject(second_device), Kind::kRun)).contains(Hex(third.run)));
}

BOOST_AUTO_TEST_CASE(models_by_parent_however_it_is_named) {
  const TrainedModel unnamed =
      Train(world, "unnamed", {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "base")}});
  for (const SubjectDigest& parent :
       {ModelSubject("base"), AsSubject(base_passport), AsSubject(base.completion),
        AsSubject(base.segments.back().id)}) {
    BOOST_CHECK(Ids(FindBy(By::kParent, parent)) == std::set<std::string>{Hex(chat_passport)});
    BOOST_CHECK(Ids(FindBy(By::kParent, parent, Kind::kRun)) ==
                (std::set<std::string>{Hex(chat.run), Hex(unnamed.run)}));
  }
  BOOST_CHECK(FindBy(By::kParent, ModelSubject("chat")).statements.empty());
}

BOOST_AUTO_TEST_CASE(a_model_that_only_edges_name_has_children_too) {
  const TrainedModel orphan = Train(
      world, "orphan", {.kind = "fine-tune", .inputs = {EdgeTo("fine-tuned-from", "nobodys")}});
  BOOST_CHECK(Ids(FindBy(By::kParent, ModelSubject("nobodys"), Kind::kCompletion)) ==
              std::set<std::string>{Hex(orphan.completion)});
}

BOOST_AUTO_TEST_CASE(a_file_with_the_digest_of_a_model_is_not_that_model) {
  // The weight file of every model here is a subject of its passport.
  const auto& files = MakeModel("base").files;
  BOOST_REQUIRE(!files.empty());
  const auto file = Retag<SubjectDigest>(files.front().sha256);
  CHECK_ERROR(FindStatements(*world.Read(), {.by = By::kParent, .digest = file}),
              ErrorCode::kNotFound, "is no model in this ledger");
}

BOOST_AUTO_TEST_CASE(statements_by_key_and_kind) {
  const SignerId cloud(KeyNamed("cloud").id()), lab(KeyNamed("lab").id());
  BOOST_CHECK(Ids(Find({.by = By::kSigners, .signers = {cloud}, .kind = Kind::kDevice})) ==
              (std::set<std::string>{Hex(first_device), Hex(second_device)}));
  BOOST_CHECK(Ids(Find({.by = By::kSigners, .signers = {lab}})) == Passports());
  BOOST_CHECK(Find({.by = By::kSigners, .signers = {cloud}}).statements.empty());
  const Found both = Find({.by = By::kSigners, .signers = {lab, cloud}, .kind = Kind::kAllocation});
  BOOST_CHECK_EQUAL(both.statements.size(), 2U);
}

BOOST_AUTO_TEST_CASE(what_changed_since_a_size_goes_on_where_it_was_cut) {
  const uint64_t size = world.size();
  uint64_t from = size - 5;
  std::vector<uint64_t> seen;
  for (bool more = true; more;) {
    const Found found = Find({.from = LeafIndex(from), .limit = 2});
    BOOST_CHECK_EQUAL(found.size.value(), size);
    for (const auto& each : found.statements) seen.push_back(each.statement.index.value());
    more = found.next.has_value();
    if (more) from = found.next->value();
  }
  BOOST_CHECK((seen == std::vector<uint64_t>{size - 5, size - 4, size - 3, size - 2, size - 1}));
  BOOST_CHECK(Find({.from = LeafIndex(size)}).statements.empty());
  BOOST_CHECK(Ids(Find({.kind = Kind::kPassport, .from = IndexOf(chat_passport)})) ==
              (std::set<std::string>{Hex(chat_passport), Hex(other_passport)}));
}

BOOST_AUTO_TEST_CASE(a_limit_keeps_the_first_of_the_log) {
  const Found found =
      Find({.by = By::kSigners, .signers = {SignerId(KeyNamed("lab").id())}, .limit = 2});
  BOOST_CHECK(Ids(found) == (std::set<std::string>{Hex(base_passport), Hex(chat_passport)}));
  BOOST_REQUIRE(found.next);
  BOOST_CHECK(*found.next == IndexOf(other_passport));
}

BOOST_AUTO_TEST_CASE(since_a_time_compares_what_the_signer_says) {
  const auto created =
      ValueOf(FindStatements(*world.Read(), {.from = IndexOf(chat_passport)}), "find")
          .statements.at(0)
          .statement.created;
  BOOST_REQUIRE(created);
  const Found found = Find({.kind = Kind::kPassport, .created_since = created});
  BOOST_CHECK(Ids(found) == (std::set<std::string>{Hex(chat_passport), Hex(other_passport)}));
}

BOOST_AUTO_TEST_CASE(with_trust_strangers_use_nothing) {
  const StatementId strangers = Derive(texts, "copied", "stranger");
  const StatementId labs = Derive(texts, "cleaned", "lab");
  const trust::Trust trust = world.MakeTrust();
  const FindRequest blind{.by = By::kDataset, .digest = AsSubject(texts), .kind = Kind::kDataset};
  BOOST_CHECK(Ids(Find(blind)) == (std::set<std::string>{Hex(strangers), Hex(labs)}));
  FindRequest trusting = blind;
  trusting.trust = &trust;
  const Found found = Find(trusting);
  BOOST_CHECK(Ids(found) == std::set<std::string>{Hex(labs)});
  BOOST_CHECK_EQUAL(found.strangers, 1U);
  BOOST_CHECK_EQUAL(found.statements.at(0).statement.party, "lab");
  BOOST_CHECK(FoundText(found).find("1 statement by strangers left out\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_thing_of_another_kind_is_refused) {
  CHECK_ERROR(FindStatements(*world.Read(), {.by = By::kDataset, .digest = AsSubject(base.run)}),
              ErrorCode::kRejected, "is a run, not a dataset");
  CHECK_ERROR(FindStatements(*world.Read(), {.by = By::kParent, .digest = AsSubject(texts)}),
              ErrorCode::kRejected, "is a dataset, not a model");
  const SubjectDigest nowhere(std::array<uint8_t, 32>{7});
  CHECK_ERROR(FindStatements(*world.Read(), {.by = By::kDevice, .digest = nowhere}),
              ErrorCode::kNotFound, "is no device in this ledger");
}

BOOST_AUTO_TEST_CASE(names_are_quoted_and_columns_aligned) {
  const std::string text = FoundText(Find({.by = By::kDataset, .digest = AsSubject(texts)}));
  const auto lines = LinesOf(text.substr(0, text.find("2 statements in a ledger of ")));
  BOOST_REQUIRE_EQUAL(lines.size(), 3U);
  BOOST_CHECK(lines[0].starts_with("statement"));
  BOOST_CHECK(lines[1].starts_with("sha256:" + Hex(base_passport).substr(0, 8) + "…  passport"));
  BOOST_CHECK(lines[1].ends_with("  \"base\""));
  BOOST_CHECK(lines[2].ends_with("  \"chat\"  through 1 other model"));
  // One column each: the sign of omission is one character of three bytes, twice in a line.
  BOOST_CHECK_EQUAL(lines[0].find("what"), lines[1].find("\"base\"") - 4);
}

BOOST_AUTO_TEST_CASE(json_has_every_field) {
  const auto json =
      boost::json::parse(FoundJson(Find({.by = By::kDataset, .digest = AsSubject(texts)})));
  BOOST_CHECK(!json.at("verified").as_bool());
  BOOST_CHECK_EQUAL(json.at("tree_size").to_number<uint64_t>(), world.size());
  const auto& second = json.at("statements").at(1).as_object();
  BOOST_CHECK_EQUAL(second.at("statement").as_string(), Hex(chat_passport));
  BOOST_CHECK_EQUAL(second.at("kind").as_string(), "passport");
  BOOST_CHECK_EQUAL(second.at("label").as_string(), "chat");
  BOOST_CHECK_EQUAL(second.at("models_between").to_number<uint64_t>(), 1U);
  BOOST_CHECK_EQUAL(second.at("index").to_number<uint64_t>(), IndexOf(chat_passport).value());
  BOOST_CHECK(second.contains("created") && !second.contains("party"));
  BOOST_CHECK(!json.as_object().contains("next"));
}

BOOST_AUTO_TEST_SUITE_END()
