// The gate's verdict as the public value.
#pragma once

#include <carnet/verify.h>

#include "json/writer.h"
#include "verifier/verdict.h"

namespace carnet::api {

Verdict VerdictOf(const verifier::Verdict& verdict);

// Verdict::ToJson, as part of a document.
void WriteVerdict(const Verdict& verdict, json::Writer& writer);

}  // namespace carnet::api
