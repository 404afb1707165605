// fapiao-read: the program in whose children documents are parsed. Its work is the table of
// readers.
//
//   fapiao-read --zygote [--trust DIR]                    started by sandbox/ (see sandbox/job.h)
//   fapiao-read --hello                                   likewise: which build it is
//   fapiao-read [--seal] [--no-qr] [--no-jail] FILE       one document, to look at by hand
//
// Links poppler: as a whole this program is under GPL-3.0, and so it is a program of its own.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "model/reading_json.h"
#include "read/read_zip.h"
#include "read/readers.h"
#include "sandbox/jail.h"
#include "sandbox/zygote.h"

static Err run(Cx *cx, const ZygoteJob *job, Slice *ret_answer)
{
    if (job->mode == JOB_UNPACK) return read_zip_entry(cx, job->document, job->entry, ret_answer);
    const ReadJob read_job = {.bytes = job->document, .skip_qr = job->skip_qr};
    return reader_answer(cx, readers_all, &read_job, job->trust_pem, zygote_say, ret_answer);
}

static const ZygoteWork work = {
    .warm = readers_warm, .sniff = reader_sniff, .run = run, .opens_files = true};

// ---- by hand ----

static Err show(Cx *cx, const ZygoteJob *job, bool seal_only, Slice *ret_answer)
{
    SealAnswer seal = {};
    seal_check(cx, job->document, job->trust_pem, &seal);
    if (seal_only) {
        *ret_answer =
            cx_printf(cx, "%s " SLICE_FMT " trusted %zu\n", draft_seal_name(seal.seal.state),
                      SLICE_ARG(seal.seal.signer), seal.trusted_count);
        for (size_t i = 0; i < seal.seal.reason_count; i++)
            *ret_answer = cx_printf(cx, SLICE_FMT SLICE_FMT "\n", SLICE_ARG(*ret_answer),
                                    SLICE_ARG(seal.seal.reasons[i]));
        return ERR_OK;
    }
    ReadJob read_job = {.bytes = job->document, .seal = &seal, .skip_qr = job->skip_qr};
    Reading reading = {};
    reader_run(cx, readers_all, &read_job, &reading);
    for (size_t i = 0; i < reading.draft_count; i++)
        reading.drafts[i].seal = seal.seal;
    TRY(reading_json_print(cx, SLICE(""), SLICE(""), &reading, ret_answer));
    *ret_answer = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT "\n", SLICE_ARG(*ret_answer),
                            SLICE_ARG(reading.detail));
    return ERR_OK;
}

// The whole file in memory; NULL when it can't be had.
static const char *map_file(const char *path, size_t *ret_size)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || info.st_size <= 0) return NULL;
    *ret_size = (size_t)info.st_size;
    void *bytes = mmap(NULL, *ret_size, PROT_READ, MAP_PRIVATE, fd, 0);
    return bytes == MAP_FAILED ? NULL : bytes;
}

static int by_hand(const char *path, ZygoteJob *job, bool seal_only, bool no_jail)
{
    Cx cx;
    Jail *jail = NULL;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    job->document.data = map_file(path, &job->document.size);
    if (job->document.data == NULL) {
        perror(path);
        return 1;
    }
    readers_warm();
    int out = no_jail ? STDOUT_FILENO : dup2(STDOUT_FILENO, JOB_ANSWER_FD);
    if (!no_jail && (jail_open(&cx, &jail) != ERR_OK || out != JOB_ANSWER_FD || !jail_harden() ||
                     !jail_enter(jail, JAIL_READ, LIMIT_READER_CPU_SECONDS))) {
        fprintf(stderr, "no jail: " SLICE_FMT "\n", SLICE_ARG(err_text(&cx)));
        return 1;
    }
    Slice answer = {"", 0};
    if (show(&cx, job, seal_only, &answer) != ERR_OK) answer = err_text(&cx);
    _exit(write(out, answer.data, answer.size) == (ssize_t)answer.size ? 0 : 1);
}

int main(int argc, char **argv)
{
    ZygoteJob job = {.mode = JOB_READ, .trust_pem = {"", 0}};
    const char *trust_dir = NULL, *path = NULL;
    bool zygote = false, hello = false, seal_only = false, no_jail = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--zygote") == 0)
            zygote = true;
        else if (strcmp(argv[i], "--hello") == 0)
            hello = true;
        else if (strcmp(argv[i], "--seal") == 0)
            seal_only = true;
        else if (strcmp(argv[i], "--no-qr") == 0)
            job.skip_qr = true;
        else if (strcmp(argv[i], "--no-jail") == 0)
            no_jail = true;
        else if (strcmp(argv[i], "--trust") == 0 && i + 1 < argc)
            trust_dir = argv[++i];
        else
            path = argv[i];
    }
    if (hello) return zygote_hello();
    if (zygote) return zygote_run(&work, trust_dir);
    if (path != NULL) return by_hand(path, &job, seal_only, no_jail);
    fprintf(stderr, "usage: fapiao-read [--seal] [--no-qr] [--no-jail] FILE\n");
    return 2;
}
