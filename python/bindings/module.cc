#include <carnet/carnet.h>

#include "python/bindings/bind.h"

NB_MODULE(_carnet, module) {
  module.doc() = "Carnet's C++ library. Use the package carnet, which this is a part of.";
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
}
