// Private to crypto/: OpenSSL's error queue, translated and left empty.
#pragma once

#include <string>

#include "core/result.h"

namespace carnet::crypto {

// "<what>: <OpenSSL's first reason>", or `what` alone when the queue is empty.
Error OpenSslError(ErrorCode code, std::string what);

// For failures that are an answer, such as a bad signature, and not an error: the next caller on
// this thread must not find them in the queue.
void DiscardOpenSslErrors();

}  // namespace carnet::crypto
