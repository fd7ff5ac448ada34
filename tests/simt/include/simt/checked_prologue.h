// Put in front of CUDA sources that are compiled for checking: compilers turn copies and fills into
// calls of memcpy and its kin behind the instrumentation's back; here those names are local labels
// that lead to the emulator.
#pragma once

#ifdef __x86_64__
__asm__(R"(
.pushsection .text
memcpy: jmp simt_memcpy@PLT
memmove: jmp simt_memmove@PLT
memset: jmp simt_memset@PLT
.popsection
)");
#endif
