// A path as a shell takes it.
#pragma once

#include <string>
#include <string_view>

namespace carnet {

// `path` as one word of a command that people copy into a POSIX shell: quoted where that is needed,
// with `./` before it where it would be taken for an option. Control characters, and bytes that are
// not UTF-8, are shown as Printable (core/utf8.h) shows them: such a word leads nowhere, but does
// no harm.
std::string ShellWord(std::string_view path);

}  // namespace carnet
