#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "model/wire.h"
#include "sandbox/warden.h"

#define PDF_HEADER_WITHIN 1024  // bytes
#define QUIET_MS          10    // most readings take less
#define GRACE_MS          5'000 // past a child's deadline: then the zygote itself hangs

struct Sandbox {
    char *reader, *reader_xml, *trust_dir; // owned; reader_xml and trust_dir may be NULL
    Warden *pages;                         // fapiao-read: everything, started when first needed
    Warden *plain; // fapiao-read-xml: what needs no pictures; the same as `pages` where missing
    bool skip_qr;
    uint32_t wall_ms, cpu_seconds;
    atomic_uint_least64_t cpu_us;
};

// What came back from one child.
typedef struct Reply {
    Media media;                    // MEDIA_UNKNOWN when it did not get that far
    Slice answers[JOB_ANSWERS_MAX]; // only when complete; of JOB_UNPACK the first
    bool complete;                  // all of them, nothing after them
    size_t count, size_max;
    JobEnd end;
} Reply;

// ---- open, close ----

static Err reader_path(Cx *cx, const SandboxOptions *options, const char **ret_path)
{
    char path[PATH_MAX];
    *ret_path = options->reader;
    if (options->reader != NULL) return ERR_OK;
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size <= 0) return err_set(cx, ERR_STORE, "cannot tell where this program lies");
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash - path);
    *ret_path = cx_printf(cx, "%.*s/fapiao-read", folder, path).data;
    return ERR_OK;
}

// A reader of another build answers what this one can't decode, and each document would be called
// hostile: so both are asked at the start, side by side, although pages wait for their first.
static Err readers_fit(Cx *cx, const Sandbox *sandbox)
{
    if (sandbox->plain == sandbox->pages) return warden_start(cx, sandbox->pages);
    WardenAsk pages;
    TRY(warden_ask_begin(cx, sandbox->reader, &pages));
    Err plain = warden_start(cx, sandbox->plain);
    Slice why = plain == ERR_OK ? SLICE("") : cx_printf(cx, SLICE_FMT, SLICE_ARG(err_text(cx)));
    TRY(warden_ask_end(cx, &pages));
    if (plain != ERR_OK) return err_set(cx, plain, SLICE_FMT, SLICE_ARG(why));
    return ERR_OK;
}

static Err readers_open(Cx *cx, const SandboxOptions *options, Sandbox *sandbox)
{
    const char *path = NULL;
    TRY(reader_path(cx, options, &path));
    Slice plain = cx_printf(cx, "%s-xml", path);
    sandbox->reader = strdup(path); // owned: sandbox_close
    sandbox->reader_xml = access(plain.data, X_OK) == 0 ? strdup(plain.data) : NULL; // owned: there
    if (options->trust_dir != NULL) sandbox->trust_dir = strdup(options->trust_dir); // owned: there
    TRY(warden_open(cx, sandbox->reader, sandbox->trust_dir, &sandbox->pages));
    sandbox->plain = sandbox->pages;
    if (sandbox->reader_xml != NULL)
        TRY(warden_open(cx, sandbox->reader_xml, sandbox->trust_dir, &sandbox->plain));
    if (access(sandbox->reader, X_OK) != 0)
        return err_set(cx, ERR_STORE, "cannot start '%s': %s", sandbox->reader, strerror(errno));
    return readers_fit(cx, sandbox);
}

Err sandbox_open(Cx *cx, const SandboxOptions *options, Sandbox **ret_sandbox)
{
    Sandbox *sandbox = calloc(1, sizeof *sandbox); // owned: sandbox_close
    if (sandbox == NULL) return err_set(cx, ERR_STORE, "no memory for the sandbox");
    sandbox->skip_qr = options->skip_qr;
    sandbox->wall_ms = options->wall_ms > 0 ? options->wall_ms : LIMIT_READER_WALL_MS;
    sandbox->cpu_seconds =
        options->cpu_seconds > 0 ? options->cpu_seconds : LIMIT_READER_CPU_SECONDS;
    Err err = readers_open(cx, options, sandbox);
    if (err != ERR_OK) {
        sandbox_close(sandbox);
        return err;
    }
    *ret_sandbox = sandbox;
    return ERR_OK;
}

void sandbox_close(Sandbox *sandbox)
{
    if (sandbox == NULL) return;
    if (sandbox->plain != sandbox->pages) warden_close(sandbox->plain);
    warden_close(sandbox->pages);
    free(sandbox->reader);
    free(sandbox->reader_xml);
    free(sandbox->trust_dir);
    free(sandbox);
}

// ---- one job ----

// The bytes as a file in memory that nobody can change any more.
static int sealed_memory(Slice bytes)
{
    int fd = memfd_create("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -1;
    for (size_t done = 0; done < bytes.size;) {
        ssize_t n = write(fd, bytes.data + done, bytes.size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            (void)close(fd);
            return -1;
        }
        done += (size_t)n;
    }
    int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (fcntl(fd, F_ADD_SEALS, seals) == 0) return fd;
    (void)close(fd);
    return -1;
}

typedef enum Got { GOT_ALL, GOT_END, GOT_LATE } Got;

static uint64_t steady_ms(Cx *cx)
{
    return cx->world->steady_ms(cx->world->self);
}

// `size` bytes before the deadline; *ret_size says how many came before the end of the file.
static Got read_until(Cx *cx, int fd, uint64_t deadline_ms, void *bytes, size_t size,
                      size_t *ret_size)
{
    *ret_size = 0;
    while (*ret_size < size) {
        uint64_t now = steady_ms(cx);
        if (now >= deadline_ms) return GOT_LATE;
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int ready = poll(&poll_fd, 1, (int)(deadline_ms - now));
        if (ready <= 0) continue;
        ssize_t n = read(fd, (char *)bytes + *ret_size, size - *ret_size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return GOT_END;
        *ret_size += (size_t)n;
    }
    return GOT_ALL;
}

// Size and bytes; *ret_whole says whether they came.
static Err one_answer(Cx *cx, int fd, uint64_t deadline_ms, size_t size_max, Slice *ret_answer,
                      bool *ret_whole)
{
    uint8_t header[JOB_ANSWER_HEADER];
    size_t got = 0;
    *ret_whole = false;
    if (read_until(cx, fd, deadline_ms, header, sizeof header, &got) != GOT_ALL) return ERR_OK;
    size_t size = (size_t)header[0] << 24 | (size_t)header[1] << 16 | (size_t)header[2] << 8 |
                  (size_t)header[3];
    if (size > size_max) return ERR_OK;
    char *bytes = arena_try_alloc(&cx->arena, size);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "an answer of %zu bytes does not fit", size);
    *ret_whole = read_until(cx, fd, deadline_ms, bytes, size, &got) == GOT_ALL;
    *ret_answer = (Slice){bytes, size};
    return ERR_OK;
}

// media, answers, end of file; whatever is not so leaves `complete` false.
static Err reply_answers(Cx *cx, int fd, uint64_t deadline_ms, Reply *reply)
{
    uint8_t media = 0;
    size_t got = 0;
    bool whole = read_until(cx, fd, deadline_ms, &media, 1, &got) == GOT_ALL;
    if (whole && media < MEDIA_COUNT) reply->media = (Media)media;
    for (size_t i = 0; i < reply->count && whole; i++)
        TRY(one_answer(cx, fd, deadline_ms, reply->size_max, &reply->answers[i], &whole));
    char more;
    reply->complete = whole && read_until(cx, fd, deadline_ms, &more, 1, &got) == GOT_END;
    return ERR_OK;
}

// Who reads while a child writes waits for the pipe, and the kernel lets it wait turning: so its
// end is waited for first, a moment (decision 0024). What does not fit into the pipe waits as long.
static void let_it_write(int end_fd)
{
    struct pollfd ended = {.fd = end_fd, .events = POLLIN};
    (void)poll(&ended, 1, QUIET_MS);
}

// ERR_CONFLICT when the zygote died under the job: then it may be tried again with another one.
static Err reply_receive(Cx *cx, const Sandbox *sandbox, int *answer_fd, int end_fd, Reply *reply)
{
    uint64_t deadline_ms = steady_ms(cx) + sandbox->wall_ms + GRACE_MS;
    Err err = reply_answers(cx, *answer_fd, deadline_ms, reply);
    // A child that is still talking is told so by a broken pipe.
    (void)close(*answer_fd);
    *answer_fd = -1;
    size_t got = 0;
    Got all = read_until(cx, end_fd, deadline_ms, &reply->end, sizeof reply->end, &got);
    if (err != ERR_OK) return err;
    if (all == GOT_END) return err_set(cx, ERR_CONFLICT, "the reader's zygote is gone");
    if (all == GOT_LATE) reply->end = (JobEnd){.wait_status = SIGKILL, .timed_out = 1};
    return ERR_OK;
}

// One child. `generation` as in warden_send.
static Err job_try(Cx *cx, const Sandbox *sandbox, Warden *warden, const JobHeader *header,
                   int document_fd, uint64_t *generation, Reply *reply)
{
    int answer[2], end[2];
    if (pipe2(answer, O_CLOEXEC) != 0)
        return err_set(cx, ERR_STORE, "no pipe to be had: %s", strerror(errno));
    AUTO_CLOSE int answer_read = answer[0], answer_write = answer[1];
    if (pipe2(end, O_CLOEXEC) != 0)
        return err_set(cx, ERR_STORE, "no pipe to be had: %s", strerror(errno));
    AUTO_CLOSE int end_read = end[0], end_write = end[1];
    const int fds[JOB_FD_COUNT] = {answer_write, end_write, document_fd};
    TRY(warden_send(cx, warden, header, fds, generation));
    // Ours must not keep the pipes open, or their end would never be seen.
    cleanup_fd_now(&answer_write);
    cleanup_fd_now(&end_write);
    bool unpacks = header->mode == JOB_UNPACK;
    *reply = (Reply){.media = MEDIA_UNKNOWN,
                     .count = JOB_ANSWERS(header->mode),
                     .size_max = unpacks ? LIMIT_ZIP_ENTRY_BYTES : LIMIT_READING_BYTES};
    if (!unpacks) let_it_write(end_read); // files are larger than a pipe
    return reply_receive(cx, sandbox, &answer_read, end_read, reply);
}

static JobHeader header_of(const Sandbox *sandbox, JobMode mode, size_t document_size)
{
    return (JobHeader){.magic = JOB_MAGIC,
                       .mode = (uint8_t)mode,
                       .skip_qr = sandbox->skip_qr,
                       .wall_ms = sandbox->wall_ms,
                       .cpu_seconds = sandbox->cpu_seconds,
                       .document_size = document_size};
}

// One child for a job; a zygote that dies under it is replaced once.
static Err job_run(Cx *cx, Sandbox *sandbox, Warden *warden, JobHeader header, int document_fd,
                   Reply *ret_reply)
{
    uint64_t generation = 0;
    Err err = job_try(cx, sandbox, warden, &header, document_fd, &generation, ret_reply);
    if (err == ERR_CONFLICT)
        err = job_try(cx, sandbox, warden, &header, document_fd, &generation, ret_reply);
    if (err == ERR_CONFLICT) err = err_wrap(cx, ERR_STORE, "twice");
    if (err == ERR_OK) sandbox->cpu_us += ret_reply->end.cpu_us;
    return err;
}

// ---- reading ----

// English, for the log; "" when the child ended well.
static Slice reply_trouble(Cx *cx, const Sandbox *sandbox, const Reply *reply)
{
    int status = reply->end.wait_status;
    int killed_by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (reply->end.timed_out)
        return cx_printf(cx, "took over %u s", (sandbox->wall_ms + 999) / 1000);
    // A child that does not heed SIGXCPU gets SIGKILL a second later.
    bool over_cpu = reply->end.cpu_us >= sandbox->cpu_seconds * UINT64_C(1'000'000);
    if (killed_by == SIGXCPU || (killed_by == SIGKILL && over_cpu))
        return cx_printf(cx, "took over %u s of CPU time", sandbox->cpu_seconds);
    if (killed_by == SIGSYS) return SLICE("its reader tried what readers may not");
    if (killed_by != 0) return cx_printf(cx, "its reader crashed (signal %d)", killed_by);
    if (WEXITSTATUS(status) != 0)
        return cx_printf(cx, "its reader gave up (exit %d)", WEXITSTATUS(status));
    return reply->complete ? SLICE("") : SLICE("its reader's answer is not whole");
}

static void reading_hostile(Reading *reading, Media media, Slice detail)
{
    *reading = (Reading){.media = media, .reason = REASON_HOSTILE, .detail = detail};
}

// What begins like XML needs no program that knows pages and pictures; it never is any of them.
static bool is_markup(Slice bytes)
{
    Slice head = slice_sub(bytes, 0, 64);
    if (slice_starts(head, SLICE("\xef\xbb\xbf"))) head = slice_sub(head, 3, head.size);
    head = slice_trim(head);
    return slice_starts(head, SLICE("<")) &&
           slice_find(slice_sub(bytes, 0, PDF_HEADER_WITHIN), SLICE("%PDF")) == SLICE_NONE;
}

// An OFD or a container of files, by the very bytes that the readers ask (reader_sniff).
static bool is_zip(Slice bytes)
{
    return slice_starts(bytes, SLICE("PK\3\4")) || slice_starts(bytes, SLICE("PK\5\6"));
}

// Pictures are looked at in an OFD for its QR code alone.
static Warden *warden_for(const Sandbox *sandbox, Slice bytes)
{
    bool plain = is_markup(bytes) || (sandbox->skip_qr && is_zip(bytes));
    return plain ? sandbox->plain : sandbox->pages;
}

// A reader may say "present, not checked" of what has no seal pass (数电票 XML); it never says
// more.
static bool may_stay(const Seal *checked, const Seal *read)
{
    return checked->state == SEAL_ABSENT && read->state == SEAL_UNCHECKED && !read->issuer_trusted;
}

Err sandbox_read(Cx *cx, Sandbox *sandbox, Slice bytes, Reading *ret_reading)
{
    Reading reading = {};
    if (bytes.size == 0 || bytes.size > LIMIT_DOCUMENT_BYTES) {
        reading.reason = bytes.size == 0 ? REASON_EMPTY : REASON_TOO_LARGE;
        *ret_reading = reading;
        return ERR_OK;
    }
    AUTO_CLOSE int document_fd = sealed_memory(bytes);
    if (document_fd < 0) return err_set(cx, ERR_STORE, "no memory: %s", strerror(errno));
    Reply reply;
    TRY(job_run(cx, sandbox, warden_for(sandbox, bytes), header_of(sandbox, JOB_READ, bytes.size),
                document_fd, &reply));
    Seal seal = {};
    Slice trouble = reply_trouble(cx, sandbox, &reply);
    if (slice_empty(trouble) && (wire_decode_seal(cx, reply.answers[0], &seal) != ERR_OK ||
                                 wire_decode(cx, reply.answers[1], &reading) != ERR_OK))
        trouble = cx_printf(cx, "garbled: " SLICE_FMT, SLICE_ARG(err_text(cx)));
    if (!slice_empty(trouble)) reading_hostile(&reading, reply.media, trouble);
    for (size_t i = 0; i < reading.draft_count; i++)
        if (!may_stay(&seal, &reading.drafts[i].seal)) reading.drafts[i].seal = seal;
    *ret_reading = reading;
    return ERR_OK;
}

// ---- unpacking ----

Err sandbox_archive_open(Cx *cx, Sandbox *sandbox, Slice bytes, SandboxArchive *ret_archive)
{
    int fd = sealed_memory(bytes);
    if (fd < 0) return err_set(cx, ERR_STORE, "no memory: %s", strerror(errno));
    *ret_archive = (SandboxArchive){sandbox, fd, bytes.size};
    return ERR_OK;
}

void sandbox_archive_close(SandboxArchive *archive)
{
    (void)close(archive->fd);
    *archive = (SandboxArchive){.fd = -1};
}

Err sandbox_archive_entry(Cx *cx, SandboxArchive *archive, const ReadingEntry *entry,
                          Slice *ret_bytes)
{
    Sandbox *sandbox = archive->sandbox;
    Reply reply;
    JobHeader header = header_of(sandbox, JOB_UNPACK, archive->size);
    header.entry = (uint16_t)entry->index;
    TRY(job_run(cx, sandbox, sandbox->plain, header, archive->fd, &reply));
    Slice trouble = reply_trouble(cx, sandbox, &reply);
    if (slice_empty(trouble) && reply.answers[0].size != entry->size)
        trouble = cx_printf(cx, "%zu bytes instead of %u", reply.answers[0].size, entry->size);
    if (!slice_empty(trouble))
        return err_set(cx, ERR_CORRUPT, "entry %u: " SLICE_FMT, entry->index, SLICE_ARG(trouble));
    *ret_bytes = reply.answers[0];
    return ERR_OK;
}

// ---- asking ----

Err sandbox_report(Cx *cx, Sandbox *sandbox, Slice *ret_line)
{
    TRY(warden_start(cx, sandbox->pages));
    return warden_report(cx, sandbox->pages, ret_line);
}

uint64_t sandbox_cpu_us(const Sandbox *sandbox)
{
    return sandbox->cpu_us;
}
