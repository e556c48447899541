// What a file costs that nobody trusted has signed, or whose receipts somebody has replaced (R1,
// R7, R10, R14): as large as a passport may be.
#include <string>

#include "bench/long_passports.h"
#include "bench/report.h"
#include "core/base64.h"
#include "core/check.h"
#include "schemas/limits.h"
#include "sigstore/bundle.h"
#include "tests/support/party_keys.h"

namespace carnet::bench {
namespace {

using test::World;

constexpr double kHostileLimitS = 5;

// As many lines as fit, each made from `line` with a nonce of its own: their signatures, of a
// trusted key, are over something else.
std::string Unsigned(const std::string& line) {
  const auto bundle = test::ValueOf(sigstore::ReadBundle(line), "bundle");
  const std::string payload(AsText(bundle.envelope.payload));
  const std::string encoded = Base64Encode(AsBytes(payload));
  const size_t nonce = payload.find("\"nonce\":\"") + 9;
  const size_t at = line.find(encoded);
  CARNET_CHECK(at != line.npos);
  std::string file;
  file.reserve(schemas::kMaxPassportBytes);
  for (size_t i = 0; i < schemas::kMaxPassportLines; ++i) {
    if (file.size() + line.size() + 1 > schemas::kMaxPassportBytes) break;
    std::string other = payload;
    const std::string number = std::to_string(10'000'000 + i);
    other.replace(nonce, number.size(), number);
    file += line;
    file.replace(file.size() - line.size() + at, encoded.size(), Base64Encode(AsBytes(other)));
    file += "\n";
  }
  return file;
}

std::string WithoutReceipt(const std::string& line) {
  auto bundle = test::ValueOf(sigstore::ReadBundle(line), "bundle");
  bundle.entries.clear();
  return sigstore::WriteBundle(bundle);
}

// Lines of the greatest length, filled with one text over and over.
std::string Filled(const std::string& begin, const std::string& text, const std::string& end) {
  std::string line = begin;
  while (line.size() + text.size() + end.size() <= schemas::kMaxLineBytes) line += text;
  line += end;
  std::string file;
  while (file.size() + line.size() + 1 <= schemas::kMaxPassportBytes) file += line + "\n";
  return file;
}

std::string ManyKeys() {
  std::string line = "{";
  for (uint32_t i = 0; line.size() < schemas::kMaxLineBytes - 20; ++i) {
    line += (i == 0 ? "\"" : ",\"") + std::to_string(i * 2'654'435'761u) + "\":1";
  }
  line += "}";
  std::string file;
  while (file.size() + line.size() + 1 <= schemas::kMaxPassportBytes) file += line + "\n";
  return file;
}

void BenchUnsigned() {
  World world = test::FineTuneWorld();
  const auto lines = test::LinesOf(world.Issue());
  const Hub hub(world);
  const auto time = [&](const std::string& name, const std::string& file) {
    hub.Time(name, file, 1, verifier::Decision::kFail, kHostileLimitS);
  };
  std::string segment, device, run;
  for (const std::string& line : lines) {
    const auto bundle = test::ValueOf(sigstore::ReadBundle(line), "bundle");
    const std::string_view payload = AsText(bundle.envelope.payload);
    if (payload.find("urn:carnet:segment:v1") != payload.npos) segment = line;
    if (payload.find("urn:carnet:device:v1") != payload.npos) device = line;
    if (payload.find("urn:carnet:run:v1") != payload.npos) run = line;
  }
  time("unsigned segments with receipts", Unsigned(segment));
  time("unsigned runs with receipts", Unsigned(run));
  time("unsigned devices without receipt", Unsigned(WithoutReceipt(device)));
  time("lines of empty arrays", Filled("[", "[],", "[]]"));
  time("lines of objects", Filled("[", "{\"a\":{}},", "1]"));
  time("lines of keys", ManyKeys());
  time("lines of escapes", Filled("{\"a\":\"", "\\u0041", "\"}"));
  time("empty objects", [] {
    std::string file;
    for (size_t i = 0; i < schemas::kMaxPassportLines; ++i) file += "{}\n";
    return file;
  }());
}

// Runs whose `seen` is a checkpoint of nobody with a hundred lines that claim the log's key.
void BenchNotes() {
  World world = test::BaseWorld();
  const std::string note = world.log().NoteAt(0);
  const std::string line = note.substr(note.find("\xE2\x80\x94"));
  constexpr size_t kRuns = 200;
  for (size_t i = 0; i < kRuns; ++i) {
    test::AddRun(world, "junk" + std::to_string(i), {});
    std::string seen = "ledger.example\\n1\\n" + std::string(43, 'A') + "=\\nextension " +
                       std::to_string(i) + std::string(50'000, 'x') + "\\n\\n";
    for (int copy = 0; copy < 100; ++copy) seen += line.substr(0, line.size() - 1) + "\\n";
    Replace(world.story.back().draft, "@seen", seen);
  }
  const std::string passport = world.Issue();
  Hub(world).Time("200 signed runs with notes of 100 lines", passport, 1, verifier::Decision::kFail,
                  kHostileLimitS);
}

// What whoever passes a file on can do to an honest one: receipts are not signed. Every line of a
// run shows a checkpoint of its own, as large as a note may be.
void BenchReceipts(const std::string& what, size_t lines, size_t extension_bytes,
                   const std::string& signature_lines) {
  World world = OneRun(lines);
  size_t number = 0;
  for (test::Statement& statement : world.story) {
    statement.edit_receipt = [&, own = ++number](sigstore::Bundle& bundle) {
      bundle.entries.front().checkpoint =
          "ledger.example\n" + std::to_string(own) + "\n" + std::string(43, 'A') + "=\n" +
          std::string(extension_bytes, 'x') + "\n\n" + signature_lines;
    };
  }
  const std::string passport = world.Issue();
  Hub(world).Time(std::to_string(lines) + " signed lines, " + what, passport, 1,
                  verifier::Decision::kFail, kHostileLimitS);
}

void BenchReceipts() {
  World world = test::BaseWorld();
  const std::string note = world.log().NoteAt(0);
  const std::string line = note.substr(note.find("\xE2\x80\x94"));
  std::string hundred;
  for (int copy = 0; copy < 100; ++copy) hundred += line;
  std::string strangers;
  for (int i = 0; i < 99; ++i) {
    strangers += "\xE2\x80\x94 stranger" + std::to_string(i) + line.substr(line.rfind(' '));
  }
  BenchReceipts("junk receipts of 60 kB", 3'900, 60'000, line);
  BenchReceipts("the log's key claimed 100 times", 3'900, 48'000, hundred);
  BenchReceipts("claimed after 99 strangers", 3'900, 48'000, strangers + line);
}

}  // namespace
}  // namespace carnet::bench

int main() {
  carnet::bench::PrintHeader("passports: what hostile ones cost");
  carnet::bench::BenchUnsigned();
  carnet::bench::BenchNotes();
  carnet::bench::BenchReceipts();
}
