// Jail: what a child gives up before it looks at a byte. Prepared once in the zygote, entered in
// each child; there is no way out of it.
//
//   JAIL_BARE  no files at all: for what the small reader does, and for unpacking
//   JAIL_READ  poppler-data, fonts and fontconfig's files, read-only
//
// Neither has sockets, exec, fork, signals to others, ptrace, nor a descriptor to write to but
// JOB_ANSWER_FD. A system call outside the list kills the process.
#pragma once
#include "base/err.h"

typedef enum JailKind { JAIL_BARE, JAIL_READ, JAIL_KIND_COUNT } JailKind;

typedef struct Jail Jail;

// ERR_STORE when the kernel has no seccomp filters; a missing Landlock is only reported.
Err jail_open(Cx *cx, Jail **ret_jail);
void jail_close(Jail *jail); // takes NULL
// "landlock 7, seccomp": which walls this machine has.
const char *jail_report(const Jail *jail);

// For the zygote: no new privileges, no capabilities, no core, address space limited; inherited.
// False when the kernel refuses.
bool jail_harden(void);
// For the child. Descriptors over JOB_ANSWER_FD are closed. False when a wall could not be put up:
// then the child must end at once.
bool jail_enter(const Jail *jail, JailKind kind, uint32_t cpu_seconds);
