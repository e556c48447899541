// What the rows of a verdict say when no rule has failed on them, and about what no rule looks at:
// words about the lines of a passport. Decides nothing.
#pragma once

#include <string>
#include <vector>

#include "artifact/covered_files.h"
#include "artifact/model_files.h"
#include "verifier/passport_file.h"
#include "verifier/verdict.h"

namespace carnet::verifier {

// The party whose key signed the line.
std::string SpeakerOfLine(const PassportFile& file, const Statement& line);

std::string ModelText(const artifact::ModelFiles& model, const artifact::CoveredFiles& files);
std::string SignaturesText(const PassportFile& file);
std::string LogText(const PassportFile& file);
// Per party: the kinds that its keys may and did sign here.
std::string IdentityText(const PassportFile& file);

// Custody and hardware have no rules: what is there is shown as its signer's word alone.
Row CustodyRow(const PassportFile& file);
Row HardwareRow(const PassportFile& file);

// R39.
std::vector<std::string> NotChecked(const PassportFile& file, const trust::Trust& trust);
// R39 of the files.
std::vector<std::string> UncoveredFiles(const artifact::ModelFiles& model,
                                        const artifact::CoveredFiles& files);

}  // namespace carnet::verifier
