// A report of a machine is refused, or it is what another one writes of the same machine.
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"
#include "pipeline/machine_report.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace carnet::pipeline;
  const auto machine = ReadMachineReport(carnet::AsText({data, size}));
  if (!machine) return 0;
  CARNET_CHECK(machine->gpus.empty() == machine->cpu.has_value());
  const std::string text = WriteMachineReport(*machine);
  const auto again = ReadMachineReport(text);
  CARNET_CHECK(again && WriteMachineReport(*again) == text);
  return 0;
}
