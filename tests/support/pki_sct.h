// Private to tests/support/pki_*.cc: signed certificate timestamps as a log makes them (RFC 6962).
#pragma once

#include <vector>

#include "tests/support/pki_certificate.h"
#include "tests/support/pki_openssl.h"

namespace carnet::test {

// The extension with one timestamp of each log over `certificate`, which was signed without it.
TestExtension TimestampExtension(X509& certificate, const TestKey& issuer,
                                 const std::vector<TestLog>& logs);

}  // namespace carnet::test
