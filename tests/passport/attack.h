// A passport that is wrong in exactly one way: the honest story of a fine-tuned model with one
// edit, re-signed and re-logged as far as the edit needs it, and the one reason to refuse it.
#pragma once

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "tests/support/honest_runs.h"
#include "tests/support/world.h"
#include "verifier/verdict.h"

namespace carnet::test {

using verifier::RejectReason;

struct Attack {
  const char* name;
  int rule;
  RejectReason reason;
  const char* message;  // a part of it
  std::function<void(World&)> make;
  std::set<int> also = {};  // rules that inevitably fail with it

  friend std::ostream& operator<<(std::ostream& out, const Attack& attack) {
    return out << attack.name;
  }
};

// All of them, each table beside its test cases.
const std::vector<Attack>& ReadingAttacks();      // R1-R4
const std::vector<Attack>& SignatureAttacks();    // R5-R8, R15-R17
const std::vector<Attack>& CertificateAttacks();  // the same, of certificates
const std::vector<Attack>& AuthorityAttacks();    // R5, of who certified what
const std::vector<Attack>& LogAttacks();          // R9-R14
const std::vector<Attack>& LineageAttacks();      // R18-R22
const std::vector<Attack>& RunAttacks();          // R23-R29
const std::vector<Attack>& ComputeAttacks();      // R30-R37
const std::vector<Attack>& SizeAttacks();         // R35
const std::vector<Attack>& PolicyAttacks();       // R38

// "33 device-time: segment 1 (sha256:…) uses …"; "none".
std::string Describe(const verifier::Verdict& verdict);

void CheckPasses(const verifier::Verdict& verdict);
void CheckRefused(const verifier::Verdict& verdict, int rule, RejectReason reason,
                  const std::string& message, const std::set<int>& also = {});
void CheckRefused(const Attack& attack);

verifier::RowStatus StatusOf(const verifier::Verdict& verdict, const std::string& row);

}  // namespace carnet::test
