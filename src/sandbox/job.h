// Job: what parent and zygote say to each other. Both are the same build: plain structs will do.
// That they are is the first thing said: a reader says who it is before it is given anything.
//
//   reader -> parent  asked with --hello instead of --zygote: JobHello, and it ends
//   parent -> zygote  one SOCK_SEQPACKET message: JobHeader + descriptors in the order of JobFd
//   zygote -> parent  once, when warm: JobHello
//   child  -> parent  over JOB_FD_ANSWER: media:u8 { size:u32 (big-endian) answer }*, as many as
//                     JOB_ANSWERS says of its mode; then end of file
//   zygote -> parent  over JOB_FD_END: JobEnd, when the child has ended; end of file without it
//                     means that the zygote is gone
#pragma once
#include <stdint.h>

#define JOB_MAGIC         UINT32_C(0x46504A32) // "FPJ2"; the first one's hello named no version
#define JOB_MAGIC_FIRST   UINT32_C(0x46504A31) // "FPJ1"
#define JOB_CONTROL_FD    3                    // the zygote's end of the socket
#define JOB_ANSWER_FD     3                    // in the child, where nothing else is open
#define JOB_ANSWER_HEADER 4                    // its size, bytes
#define JOB_ANSWERS_MAX   2

// What is asked, and how many answers that has.
typedef enum JobMode {
    JOB_READ,   // the seal, before anything else looks at the document; then the reading
    JOB_UNPACK, // the bytes of a file
    JOB_MODE_COUNT
} JobMode;
#define JOB_ANSWERS(mode) ((size_t)((mode) == JOB_READ ? 2 : 1))

typedef enum JobFd { JOB_FD_ANSWER, JOB_FD_END, JOB_FD_DOCUMENT, JOB_FD_COUNT } JobFd;

typedef struct JobHeader {
    uint32_t magic;
    uint8_t mode, skip_qr;
    uint16_t entry; // JOB_UNPACK: which file of the container; its bytes are the answer
    uint32_t wall_ms, cpu_seconds;
    uint64_t document_size; // bytes
} JobHeader;

typedef struct JobEnd {
    int32_t wait_status; // as wait(2) says
    uint32_t timed_out;  // killed by the zygote, over wall_ms
    uint64_t cpu_us;
} JobEnd;

#define JOB_VERSION_SIZE 64
#define JOB_REPORT_SIZE  200
// `magic` and `version` lie so in every hello to come, so that a reader of another build can be
// named by what it says itself.
typedef struct JobHello {
    uint32_t magic;
    char version[JOB_VERSION_SIZE]; // NUL-terminated
    char report[JOB_REPORT_SIZE];   // NUL-terminated, empty after --hello
} JobHello;

// "0.1.0 FPR4 1f0c…": version, wire format, and a hash of all that the readers are made of; made at
// build time (tools/embed_build.py). Two programs that say the same understand each other.
extern const char JOB_VERSION[];
