// What is wrong with the text of an argument, or nothing. A value that no command could use is
// wrong usage.
#pragma once

#include <string>

namespace carnet::cli {

std::string CheckDate(const std::string& text);
std::string ReadStatementId(std::string& text);  // a whole one; takes `sha256:` off
std::string CheckNonce(const std::string& text);
std::string CheckDigest(const std::string& text);      // whole, or its first digits
std::string CheckText(const std::string& text);        // of a person: no placeholder
std::string CheckKeyName(const std::string& text);     // of a repeated call
std::string CheckAssignment(const std::string& text);  // field=value
std::string CheckReason(const std::string& text);      // why a text is not in the ledger
std::string CheckOrigin(const std::string& text);
std::string CheckNotCovered(const std::string& text);   // of files to leave out
std::string CheckNotStandard(const std::string& text);  // of models and keys: not `-`
std::string CheckModel(const std::string& text);        // nor a passport's name

}  // namespace carnet::cli
