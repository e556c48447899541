#include <carnet/ledger.h>

#include <nanobind/stl/string.h>

#include <optional>

#include "python/bindings/bind.h"
#include "python/bindings/open_ledger.h"
#include "python/bindings/password.h"
#include "python/bindings/paths.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

void Create(const Path& folder, const std::string& origin, const std::optional<Path>& guard,
            const PasswordArgument& password) {
  const AskedPassword asked(password);
  const LedgerOptions options{PathOrEmpty(guard), asked.function()};
  asked.Use([&] { return Ledger::Create(folder.string(), origin, options); });
}

OpenLedger Open(const Path& folder, const std::optional<Path>& guard,
                const PasswordArgument& password) {
  const AskedPassword asked(password);
  const LedgerOptions options{PathOrEmpty(guard), asked.function()};
  return OpenLedger(asked.Use([&] { return Ledger::Open(folder.string(), options); }));
}

Appended Append(OpenLedger& open, const std::string& bundle, const std::string& public_key) {
  Ledger ledger = open.Get();
  return WithoutGil([&] { return ledger.Append(bundle, public_key); });
}

LedgerReader ReadLedger(OpenLedger& open) {
  const Ledger ledger = open.Get();
  return WithoutGil([&] { return ledger.Read(); });
}

LedgerReader OpenReader(const Path& folder) {
  return WithoutGil([&] { return LedgerReader::Open(folder.string()); });
}

nb::str BundleAt(const LedgerReader& reader, uint64_t index) {
  return Given(WithoutGil([&] { return reader.BundleAt(index); }));
}

nb::str BundleOf(const LedgerReader& reader, const std::string& statement) {
  return Given(WithoutGil([&] { return reader.Bundle(statement); }));
}

nb::bytes PassportOf(const LedgerReader& reader, const std::string& statement) {
  const std::string lines = WithoutGil([&] { return reader.Passport(statement); });
  return nb::bytes(lines.data(), lines.size());
}

TupleOf<uint64_t> IndicesOf(const LedgerReader& reader, const std::string& digest, size_t limit) {
  return Given(WithoutGil([&] { return reader.IndicesOf(digest, limit); }));
}

FsckReport CheckLedger(const Path& folder, const std::optional<Path>& guard) {
  return WithoutGil([&] { return Fsck(folder.string(), PathOrEmpty(guard)); });
}

void BindLedgerParts(nb::module_& module) {
  ValueClass<LedgerInfo>(module, "LedgerInfo", "What a ledger is, for one tree size.")
      .Field("origin", &LedgerInfo::origin, "Its permanent name, a bare hostname.")
      .Field("log_id", &LedgerInfo::log_id, "Hex.")
      .Field("key", &LedgerInfo::key, "Its public key, as a C2SP verifier key.")
      .Field("tree_size", &LedgerInfo::tree_size, "Entries.")
      .Field("root", &LedgerInfo::root, "Root hash, hex.")
      .Field("checkpoint", &LedgerInfo::checkpoint, "The latest signed note.")
      .Done();
  ValueClass<Appended>(module, "Appended", "Where an attestation is in the log.")
      .Field("index", &Appended::index, "Of its leaf, from 0.")
      .Field("duplicate", &Appended::duplicate,
             "Whether it was there already: its first index then.")
      .Done();
  ValueClass<FsckReport>(module, "FsckReport", "What `fsck` found.")
      .Field("tree_size", &FsckReport::tree_size, "Entries.")
      .Field("rows_checked", &FsckReport::rows_checked, "Rows of the database.")
      .Field("withheld", &FsckReport::withheld, "Entries whose text was never stored.")
      .Field("erased", &FsckReport::erased, "Entries whose text was erased.")
      .Field("findings", &FsckReport::findings,
             "One for each row that disagrees, at most 100; empty: clean.")
      .Done();
}

void BindReader(nb::module_& module) {
  nb::class_<LedgerReader>(module, "LedgerReader", nb::is_final(),
                           "Everything that can be asked of a ledger without writing. All answers "
                           "are for one tree size. Safe from several threads. Every call may raise "
                           "NotFound, Corruption (a row that does not agree with the tree), "
                           "IoError.")
      .def_static("open", &OpenReader, nb::arg("folder"),
                  "With or without a writer, in this process or another.")
      .def("info", [](const LedgerReader& reader) { return reader.Info(); })
      .def("bundle_at", &BundleAt, nb::arg("index"),
           "The Sigstore bundle, JSON, with its receipt. NotFound also where the statement's text "
           "is withheld or erased.")
      .def("bundle", &BundleOf, nb::arg("statement"),
           "The same by statement id, hex; of one that is logged more than once, the first.")
      .def("indices_of", &IndicesOf, nb::arg("digest"), nb::arg("limit") = 1000,
           "Indices of statements about a digest, hex, ascending.")
      .def("passport", &PassportOf, nb::arg("statement"),
           "A logged passport, by its statement's id, and everything that it refers to, one bundle "
           "a line; verifies nothing.")
      .def(
          "trusted_root",
          [](const LedgerReader& reader, const std::string& run_by) {
            return Given(reader.TrustedRoot(run_by));
          },
          nb::arg("run_by") = "", "Its trusted_root.json, for a trust directory or for cosign.")
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

constexpr const char* kLedgerDoc =
    R"(The only writer of a ledger, which holds its folder's lock until `close`, or until
nothing refers to it any more; `with carnet.Ledger.open(folder) as ledger:` closes it. Safe from
several threads. What is acknowledged is durable, in the tree, and under a signed checkpoint.)";

}  // namespace

void BindLedger(nb::module_& module) {
  BindLedgerParts(module);
  BindReader(module);
  nb::class_<OpenLedger>(module, "Ledger", nb::is_final(), kLedgerDoc)
      .def_static("create", &Create, nb::arg("folder"), nb::arg("origin"), nb::kw_only(),
                  nb::arg("guard") = nb::none(), nb::arg("password") = nb::none(),
                  "Creates a ledger with its own key, encrypted if a password is given. `guard` is "
                  "the folder of its guard, best on another disk. Raises Malformed (origin), "
                  "Conflict (the folder is not empty), IoError.")
      .def_static("open", &Open, nb::arg("folder"), nb::kw_only(), nb::arg("guard") = nb::none(),
                  nb::arg("password") = nb::none(),
                  "`password` is a str, or is called for one if the key is encrypted. Raises "
                  "Conflict (another writer), Rejected (older than its last signed checkpoint; "
                  "wrong password), Corruption, IoError, NotFound.")
      .def("append", &Append, nb::arg("bundle"), nb::arg("public_key"),
           "An attestation that was signed elsewhere: a bundle, JSON, and its signer's public key, "
           "PEM. Raises Malformed, Rejected (signature, for another ledger, too large), Conflict "
           "(what a ledger accepts only once), and IoError and Corruption, which hold for all "
           "later calls too, until it is opened again.")
      .def("read", &ReadLedger, "Reads the latest acknowledged state.")
      .def("close", &OpenLedger::Close, "Frees the lock, once nothing else uses the ledger.")
      .def(
          "__enter__", [](nb::handle self) { return nb::borrow(self); },
          nb::sig("def __enter__(self) -> Ledger"))
      .def(
          "__exit__", [](OpenLedger& open, const nb::args&) { open.Close(); },
          nb::sig("def __exit__(self, *args: object) -> None"))
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
  module.def("fsck", &CheckLedger, nb::arg("folder"), nb::arg("guard") = nb::none(),
             "Re-derives everything from the entries and compares. Reads only. Raises IoError, "
             "NotFound.");
}

}  // namespace carnet::python
