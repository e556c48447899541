set(COMPUTE_SOURCES
  compute/agreement.cc
  compute/bounds.cc
  compute/chip_names.cc
  compute/chips.cc
  compute/class_cost.cc
  compute/cpu_peak.cc
  compute/csv_rows.cc
  compute/cpu_tiles.cc
  compute/declared_peaks.cc
  compute/device_peak.cc
  compute/device_time.cc
  compute/conversions.cc
  compute/edge_sizes.cc
  compute/figures.cc
  compute/find_chip.cc
  compute/floor.cc
  compute/group_overlap.cc
  compute/idle_time.cc
  compute/method.cc
  compute/model_sizes.cc
  compute/named_tensors.cc
  compute/number_text.cc
  compute/open_runs.cc
  compute/parameters.cc
  compute/parent_tensors.cc
  compute/physics.cc
  compute/row_text.cc
  compute/sold_time.cc
  compute/stated_figures.cc
  compute/stated_peak.cc
  compute/tensor_pattern.cc
  compute/totals.cc
  compute/upper_bound.cc
  compute/utilisation.cc
  compute/verify.cc
  compute/weight_files.cc
  compute/weight_names.cc)
set(COMPUTE_HEADERS compute/arithmetic.h compute/bounds.h compute/chip_names.h compute/chips.h
  compute/class_cost.h compute/cpu_tiles.h compute/csv_rows.h compute/figure_inputs.h
  compute/find_chip.h compute/idle_time.h compute/model_sizes.h compute/named_tensors.h
  compute/parent_tensors.h compute/row_text.h compute/rules.h compute/sold_time.h
  compute/stated_peak.h compute/tensor_pattern.h compute/upper_bound.h compute/verify.h
  compute/weight_files.h compute/weight_names.h)
carnet_embed(COMPUTE_SOURCES FILE data/weights.toml
  NAMESPACE carnet::verifier::compute FUNCTION WeightsToml)
carnet_embed(COMPUTE_SOURCES FILE data/chips.csv
  NAMESPACE carnet::verifier::compute FUNCTION ChipsCsv)
carnet_embed(COMPUTE_SOURCES FILE data/chip_aliases.csv
  NAMESPACE carnet::verifier::compute FUNCTION ChipAliasesCsv)
