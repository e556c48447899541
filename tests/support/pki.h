// A public-key infrastructure like Sigstore's for tests: keys, certificates with the timestamps of
// logs, time stamps. Each header says how it is used.
#pragma once

#include "tests/support/pki_certificate.h"
#include "tests/support/pki_key.h"
#include "tests/support/pki_timestamp.h"
