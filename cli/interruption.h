// A command that is asked to stop, by Ctrl-C (SIGINT) or SIGTERM, at the next place where it can.
#pragma once

namespace carnet::cli {

// From now on the first such signal only makes StopAsked true; a second one ends the program.
void StopWhenAsked();
bool StopAsked();  // thread safe

}  // namespace carnet::cli
