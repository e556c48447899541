// What `carnet oms` prints, and what its commands read alike.
#pragma once

#include <string>
#include <vector>

#include "artifact/oms_digests.h"
#include "cli/command.h"
#include "core/result.h"
#include "crypto/certificate.h"
#include "pipeline/sign_model.h"
#include "pipeline/verify_model_files.h"

namespace carnet::cli {

// For --ignore-paths: one that is not in the model is wrong usage, an error of the disk is not.
ExitCode WrongInput(const Error& error, Terminal& terminal);

// `checked_at`: when the certificate had to be valid, and why then; empty for keys.
std::string OmsVerdictText(const pipeline::ModelVerdict& verdict, const std::string& checked_at,
                           Terminal& terminal);
std::string OmsVerdictJson(const pipeline::ModelVerdict& verdict, const std::string& checked_at);

std::string OmsSignedText(const pipeline::SignedModel& model);
std::string OmsSignedJson(const pipeline::SignedModel& model, const std::string& signature);

std::string OmsDigestText(const artifact::OmsModel& model);
std::string OmsDigestJson(const artifact::OmsModel& model);

}  // namespace carnet::cli
