// Turns the story of a World into a passport file: drafts to statements, by schemas/ and signer/
// as a pipeline would; leaves to the logs in memory; receipts of one size. Attacks on a Statement
// are made where they belong. Private to tests/support/.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "signer/signer.h"
#include "tests/support/story_sums.h"
#include "tests/support/world.h"

namespace carnet::test {

class Issuer {
 public:
  explicit Issuer(World& world);

  std::string Issue();

 private:
  struct Made {
    sigstore::Bundle bundle;
    std::vector<uint64_t> indices;
    Bytes certificate;  // empty: signed with a key alone
  };

  void Make(size_t number);
  signer::SignedStatement Sign(const Statement& statement, const boost::json::value& predicate,
                               const signer::Signer& signer);
  void Log(size_t number);
  std::string Line(size_t number);

  void Resolve(const Statement& statement, boost::json::value& value);
  boost::json::value Placeholder(const Statement& statement, const std::string& word);
  boost::json::value ModelPart(const std::string& part, const std::string& name);
  boost::json::object After(const Statement& statement, const std::string& name);

  World& world_;
  std::vector<boost::json::value> drafts_;  // by position in the story
  StorySums::Drafts drafts_by_name_;
  std::vector<Made> made_;
};

}  // namespace carnet::test
