// Carries the precompiled header of all suites (tests/CMakeLists.txt).
