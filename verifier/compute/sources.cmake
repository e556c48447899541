set(COMPUTE_SOURCES
  compute/agreement.cc
  compute/chips.cc
  compute/cpu_peak.cc
  compute/device_peak.cc
  compute/device_time.cc
  compute/figures.cc
  compute/floor.cc
  compute/group_overlap.cc
  compute/method.cc
  compute/number_text.cc
  compute/parameters.cc
  compute/physics.cc
  compute/stated_figures.cc
  compute/totals.cc
  compute/utilisation.cc
  compute/verify.cc)
set(COMPUTE_HEADERS compute/arithmetic.h compute/chips.h compute/rules.h compute/verify.h)
carnet_embed(COMPUTE_SOURCES FILE data/chips.csv
  NAMESPACE carnet::verifier::compute FUNCTION ChipsCsv)
