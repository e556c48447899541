// A ledger that Python holds open, until it closes it: then its lock is free for another writer.
#pragma once

#include <carnet/ledger.h>
#include <nanobind/nanobind.h>

#include <optional>

namespace carnet::python {

class OpenLedger {
 public:
  explicit OpenLedger(Ledger ledger) : ledger_(std::move(ledger)) {}

  // Raises ValueError after Close.
  Ledger& Get() {
    if (!ledger_) throw nanobind::value_error("the ledger is closed");
    return *ledger_;
  }
  void Close() {
    std::optional<Ledger> closed;
    closed.swap(ledger_);
    const nanobind::gil_scoped_release released;  // waits for the ledger's own thread
    closed.reset();
  }

 private:
  std::optional<Ledger> ledger_;
};

}  // namespace carnet::python
