// Turns a fault in kernel code (a guard page, a null pointer) into a report.
#pragma once

namespace simt {

/// Prepares the calling host thread. Does nothing under AddressSanitizer, which has its own ways,
/// and on processors other than x86-64, where a fault ends the program.
void catch_faults();

}  // namespace simt
