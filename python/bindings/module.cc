#include <carnet/carnet.h>

#include <cstdlib>

#include "python/bindings/bind.h"

NB_MODULE(_carnet, module) {
  module.doc() = "Carnet's C++ library. Use the package carnet, which this is a part of.";
  // What a program still holds when it ends, in a cycle or a thread, concerns nobody.
  nanobind::set_leak_warnings(std::getenv("CARNET_LEAK_WARNINGS") != nullptr);
  module.attr("VERSION") = carnet_version();
  carnet::python::BindDigest(module);
  carnet::python::BindTrust(module);
  carnet::python::BindVerdict(module);
  carnet::python::BindGate(module);
  carnet::python::BindStreaming(module);
  carnet::python::BindLedger(module);
  carnet::python::BindDraft(module);
  carnet::python::BindRecord(module);
  carnet::python::BindTrace(module);
  carnet::python::BindTensors(module);
}
