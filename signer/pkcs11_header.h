// Private to signer/: the interface of PKCS#11 v2.40, as Debian packages it, without its macros
// TRUE and FALSE.
#pragma once

#define CK_DISABLE_TRUE_FALSE
#include <p11-kit/pkcs11.h>
