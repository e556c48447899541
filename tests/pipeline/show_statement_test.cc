#include "pipeline/show_statement.h"

#include "ledger/erase.h"
#include "pipeline/own_statement.h"
#include "schemas/readers.h"
#include "tests/pipeline/two_devices.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

struct Fixture : TwoDevices {
  ShownStatement Show(const StatementId& id, const trust::Trust* trust = nullptr) {
    return ValueOf(ReadShown(*world.Read(), id, trust), "show");
  }
  std::string Text(const StatementId& id, const trust::Trust* trust = nullptr) {
    return ShownText(Show(id, trust));
  }
  boost::json::value Payload(const StatementId& id) {
    const auto entry = ValueOf(world.Read()->EntryAt(IndexOf(id)), "entry");
    return boost::json::parse(std::string(AsText(*entry.payload())));
  }
  // Every scalar of a document, as it is spelt there.
  static void CollectScalars(const boost::json::value& value, std::vector<std::string>& to) {
    if (value.is_object())
      for (const auto& member : value.as_object()) CollectScalars(member.value(), to);
    else if (value.is_array())
      for (const auto& item : value.as_array()) CollectScalars(item, to);
    else if (value.is_string())
      to.emplace_back(value.as_string());
    else
      to.push_back(boost::json::serialize(value));
  }
  static void CheckHas(const std::string& text, const std::string& part) {
    BOOST_CHECK_MESSAGE(text.find(part) != text.npos, "\"" << part << "\" is not in:\n" << text);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(show_statement, Fixture)

BOOST_AUTO_TEST_CASE(every_field_of_every_kind_is_printed) {
  for (const StatementId& id : {texts, first_device, first_allocation, base.run,
                                base.segments[1].id, base.completion, base_passport}) {
    const std::string text = Text(id);
    std::vector<std::string> scalars;
    CollectScalars(Payload(id).at("predicate"), scalars);
    BOOST_CHECK_GT(scalars.size(), 5U);
    for (const std::string& scalar : scalars)
      if (scalar.find('\n') == scalar.npos) CheckHas(text, scalar);
  }
}

BOOST_AUTO_TEST_CASE(references_are_resolved_and_referrers_listed) {
  const trust::Trust trust = world.MakeTrust();
  const std::string run = Text(base.run, &trust);
  CheckHas(run, "statement   sha256:" + Hex(base.run) + "\nkind        run\n");
  CheckHas(run, "signer      lab, key:");
  CheckHas(run, "statement: " + Hex(texts) + "  (dataset \"texts\", says lab)\n");
  CheckHas(run, "referred by segment 0, by lab  sha256:" + Hex(base.segments[0].id) + "\n");
  CheckHas(run, "referred by completion completed, by lab  sha256:" + Hex(base.completion) + "\n");
  CheckHas(Text(base.completion), "run: " + Hex(base.run) + "  (run pre-training)\n");
  CheckHas(Text(base_passport), "referred by run fine-tune, by key:");
  BOOST_CHECK(run.ends_with("nothing was verified: this is what the ledger contains\n"));
}

BOOST_AUTO_TEST_CASE(a_note_inside_a_statement_keeps_its_lines) {
  CheckHas(Text(base.run), "  seen:\n    | ledger.example\n    | ");
}

BOOST_AUTO_TEST_CASE(a_stranger_is_called_one) {
  const StatementId copied = Derive(texts, "copied", "stranger");
  const trust::Trust trust = world.MakeTrust();
  CheckHas(Text(copied, &trust), " (a stranger: not in the trust directory)\n");
  BOOST_CHECK(Text(copied).find("stranger") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_name_can_neither_end_its_line_nor_its_quotation) {
  const StatementId tricky = world.Attest(
      schemas::Kind::kDataset,
      drafts::Dataset({.name = "a\\\", says lab", .data = drafts::Hex(crypto::Sha256Of("x"))}),
      "stranger");
  const StatementId after = Derive(tricky, "y", "stranger");
  CheckHas(Text(after), R"((dataset "a\", says lab", says key:)");
}

BOOST_AUTO_TEST_CASE(a_text_cannot_pass_for_what_a_digest_stands_for) {
  const std::string lie = Hex(texts) + R"(  (dataset \"texts\", says lab))";  // as JSON spells it
  const StatementId liar = world.Attest(
      schemas::Kind::kDataset,
      drafts::Dataset(
          {.name = "x", .data = drafts::Hex(crypto::Sha256Of("z")), .processing = {lie}}),
      "stranger");
  CheckHas(Text(liar), "- \"" + lie + "\"\n");
}

BOOST_AUTO_TEST_CASE(twenty_referrers_are_listed_and_the_rest_is_named) {
  for (int i = 0; i < 21; ++i) Derive(chats, "copy " + std::to_string(i), "stranger");
  const ShownStatement shown = Show(chats);
  BOOST_CHECK_EQUAL(shown.referrers.size(), 20U);
  CheckHas(ShownText(shown),
           "and more: `carnet trace sha256:" + Hex(chats) + " --direction descendants`\n");
  const ShownStatement few = Show(texts);
  BOOST_CHECK_EQUAL(few.referrers.size(), 1U);
  BOOST_CHECK(!few.more_referrers);
}

BOOST_AUTO_TEST_CASE(an_erased_text_is_named_with_its_reason) {
  world.Close();
  ValueOf(ledger::Erase(world.folder(), base.run, world.now(), "a \"court\""), "erase");
  world.Open();
  const std::string text = Text(base.run);
  CheckHas(text, "text        erased since 2026-11-20T");
  CheckHas(text, R"(Z: "a \"court\"")");
  CheckHas(text, "refers to   dataset \"texts\", says key:");
  CheckHas(text, "referred by segment 0, by key:");
  BOOST_CHECK(text.find("pre-training") == std::string::npos);
  const auto json = boost::json::parse(ShownJson(Show(base.run)));
  BOOST_CHECK_EQUAL(json.at("absent").at("cause").as_string(), "erased");
  BOOST_CHECK_EQUAL(json.at("absent").at("reason").as_string(), "a \"court\"");
  BOOST_CHECK(!json.as_object().contains("text"));
}

BOOST_AUTO_TEST_CASE(json_has_the_text_as_it_was_signed) {
  const auto json = boost::json::parse(ShownJson(Show(base_passport))).as_object();
  BOOST_CHECK(!json.at("verified").as_bool());
  BOOST_CHECK(json.at("text") == Payload(base_passport));
  BOOST_CHECK_EQUAL(json.at("statement").as_string(), Hex(base_passport));
  BOOST_CHECK_EQUAL(json.at("references").at(0).at("statement").as_string(), Hex(base.completion));
  BOOST_CHECK_EQUAL(json.at("referrers").at(0).at("statement").as_string(), Hex(chat.run));
  BOOST_CHECK_EQUAL(json.at("subjects").at(0).at("name").as_string(), "model");
  BOOST_CHECK_EQUAL(json.at("indices").at(0).to_number<uint64_t>(), IndexOf(base_passport).value());
  BOOST_CHECK(!json.at("more_referrers").as_bool());
}

BOOST_AUTO_TEST_CASE(a_superseded_passport_is_named_too) {
  const std::string draft =
      With(R"("version":"2","supersedes":")" + Hex(base_passport) + "\"", PassportDraft("base"));
  REQUIRE_VALUE(const auto second, TryIssue(world, draft, base.completion, MakeModel("base")));
  CheckHas(Text(second.id),
           "supersedes: " + Hex(base_passport) + "  (passport \"base\", says key:");
}

BOOST_AUTO_TEST_CASE(what_is_not_logged_is_not_found) {
  CHECK_ERROR(ReadShown(*world.Read(), StatementId(std::array<uint8_t, 32>{7}), nullptr),
              ErrorCode::kNotFound, "is not logged");
}

BOOST_AUTO_TEST_SUITE_END()
