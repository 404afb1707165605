#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "model/wire.h"
#include "sandbox/job.h"

#define START_MS 30'000 // for the zygote to say hello
#define GRACE_MS 5'000  // past a child's deadline: then the zygote itself hangs
#define CLOSE_MS 2'000  // for the zygote to end by itself

struct Sandbox {
    char reader[PATH_MAX];
    char *trust_dir; // owned: NULL = none
    bool skip_qr;
    uint32_t wall_ms, cpu_seconds;
    atomic_uint_least64_t cpu_us;
    pthread_mutex_t mutex; // guards what follows
    int control_fd;        // -1 = no zygote
    pid_t zygote;
    uint64_t generation; // one more with each zygote
    bool greeted;
    char report[JOB_REPORT_SIZE];
};

// What came back from one child.
typedef struct Reply {
    Media media;   // MEDIA_UNKNOWN when it did not get that far
    Slice answer;  // only when complete
    bool complete; // header and all bytes, nothing after them
    JobEnd end;
} Reply;

// ---- the zygote: start, end ----

static Err reader_path(Cx *cx, const SandboxOptions *options, char path[static PATH_MAX])
{
    if (options->reader != NULL) {
        (void)snprintf(path, PATH_MAX, "%s", options->reader);
        return ERR_OK;
    }
    static const char name[] = "fapiao-read";
    ssize_t size = readlink("/proc/self/exe", path, PATH_MAX - sizeof name);
    if (size <= 0) return err_set(cx, ERR_STORE, "cannot tell where this program lies");
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    memcpy(slash == NULL ? path : slash + 1, name, sizeof name);
    return ERR_OK;
}

// Nothing but /dev/null, stderr and the socket goes along: no stdout, no lock, no database.
static int zygote_spawn(const Sandbox *sandbox, int control_fd, pid_t *ret_pid)
{
    extern char **environ;
    char *argv[] = {(char *)"fapiao-read", (char *)"--zygote", NULL, NULL, NULL};
    if (sandbox->trust_dir != NULL) {
        argv[2] = (char *)"--trust";
        argv[3] = sandbox->trust_dir;
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    (void)sigfillset(&defaults);
    int wrong = posix_spawn_file_actions_init(&actions);
    wrong |= posix_spawnattr_init(&attributes);
    wrong |= posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    wrong |= posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    wrong |= posix_spawn_file_actions_adddup2(&actions, control_fd, JOB_CONTROL_FD);
    wrong |= posix_spawn_file_actions_addclosefrom_np(&actions, JOB_CONTROL_FD + 1);
    wrong |= posix_spawnattr_setsigdefault(&attributes, &defaults);
    // A process group of its own: Ctrl-C at the terminal is for the parent to handle.
    wrong |= posix_spawnattr_setpgroup(&attributes, 0);
    wrong |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    if (wrong == 0)
        wrong = posix_spawn(ret_pid, sandbox->reader, &actions, &attributes, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return wrong;
}

static Err zygote_begin(Cx *cx, Sandbox *sandbox)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return err_set(cx, ERR_STORE, "cannot make a socket for the reader: %s", strerror(errno));
    AUTO_CLOSE int theirs = ends[1];
    int wrong = zygote_spawn(sandbox, theirs, &sandbox->zygote);
    if (wrong != 0) {
        (void)close(ends[0]);
        return err_set(cx, ERR_STORE, "cannot start '%s': %s", sandbox->reader, strerror(wrong));
    }
    sandbox->control_fd = ends[0];
    sandbox->generation++;
    sandbox->greeted = false;
    return ERR_OK;
}

// Closing the socket is the order to end; who does not obey is killed.
static void zygote_end(Sandbox *sandbox)
{
    if (sandbox->control_fd < 0) return;
    (void)close(sandbox->control_fd);
    sandbox->control_fd = -1;
    for (int waited = 0; waited < CLOSE_MS; waited += 2) {
        pid_t ended = waitpid(sandbox->zygote, NULL, WNOHANG);
        if (ended != 0) return;
        (void)usleep(2'000);
    }
    (void)kill(sandbox->zygote, SIGKILL);
    (void)waitpid(sandbox->zygote, NULL, 0);
}

Err sandbox_open(Cx *cx, const SandboxOptions *options, Sandbox **ret_sandbox)
{
    Sandbox *sandbox = calloc(1, sizeof *sandbox); // owned: sandbox_close
    if (sandbox == NULL) return err_set(cx, ERR_STORE, "no memory for the sandbox");
    sandbox->control_fd = -1;
    sandbox->skip_qr = options->skip_qr;
    sandbox->wall_ms = options->wall_ms > 0 ? options->wall_ms : LIMIT_READER_WALL_MS;
    sandbox->cpu_seconds =
        options->cpu_seconds > 0 ? options->cpu_seconds : LIMIT_READER_CPU_SECONDS;
    (void)pthread_mutex_init(&sandbox->mutex, NULL);
    if (options->trust_dir != NULL) sandbox->trust_dir = strdup(options->trust_dir); // owned: above
    Err err = reader_path(cx, options, sandbox->reader);
    if (err == ERR_OK) err = zygote_begin(cx, sandbox);
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
    zygote_end(sandbox);
    (void)pthread_mutex_destroy(&sandbox->mutex);
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

static bool job_send(int control_fd, const JobHeader *header, const int *fds)
{
    size_t fds_size = (header->extra_size > 0 ? JOB_FD_COUNT : JOB_FD_EXTRA) * sizeof(int);
    char room[CMSG_SPACE(JOB_FD_COUNT * sizeof(int))] __attribute__((aligned(8))) = {};
    struct iovec part = {.iov_base = (void *)header, .iov_len = sizeof *header};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = room,
                             .msg_controllen = CMSG_SPACE(fds_size)};
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(fds_size);
    memcpy(CMSG_DATA(control), fds, fds_size);
    for (;;) {
        ssize_t n = sendmsg(control_fd, &message, MSG_NOSIGNAL);
        if (n >= 0 || errno != EINTR) return n == sizeof *header;
    }
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

// media, size, answer, end of file; whatever is not so leaves `complete` false.
static Err reply_answer(Cx *cx, int fd, uint64_t deadline_ms, Reply *reply)
{
    uint8_t header[JOB_ANSWER_HEADER];
    size_t got = 0;
    Got all = read_until(cx, fd, deadline_ms, header, sizeof header, &got);
    if (got > 0 && header[0] < MEDIA_COUNT) reply->media = (Media)header[0];
    if (all != GOT_ALL) return ERR_OK;
    size_t size = (size_t)header[1] << 24 | (size_t)header[2] << 16 | (size_t)header[3] << 8 |
                  (size_t)header[4];
    if (size > LIMIT_READING_BYTES) return ERR_OK;
    char *bytes = arena_try_alloc(&cx->arena, size);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "an answer of %zu bytes does not fit", size);
    if (read_until(cx, fd, deadline_ms, bytes, size, &got) != GOT_ALL) return ERR_OK;
    char more;
    reply->complete = read_until(cx, fd, deadline_ms, &more, 1, &got) == GOT_END;
    reply->answer = (Slice){bytes, size};
    return ERR_OK;
}

// ERR_CONFLICT when the zygote died under the job: then it may be tried again with another one.
static Err reply_receive(Cx *cx, const Sandbox *sandbox, int *answer_fd, int end_fd, Reply *reply)
{
    uint64_t deadline_ms = steady_ms(cx) + sandbox->wall_ms + GRACE_MS;
    Err err = reply_answer(cx, *answer_fd, deadline_ms, reply);
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

// Hands one job over. *generation tells which zygote took it.
static Err job_hand_over(Cx *cx, Sandbox *sandbox, const JobHeader *header, const int *fds,
                         uint64_t *generation)
{
    (void)pthread_mutex_lock(&sandbox->mutex);
    // Another thread may have started a new one meanwhile.
    bool stale = *generation == sandbox->generation || sandbox->control_fd < 0;
    Err err = ERR_OK;
    if (stale) {
        zygote_end(sandbox);
        err = zygote_begin(cx, sandbox);
    }
    *generation = sandbox->generation;
    if (err == ERR_OK && !job_send(sandbox->control_fd, header, fds))
        err = err_set(cx, ERR_CONFLICT, "the reader's zygote is gone");
    (void)pthread_mutex_unlock(&sandbox->mutex);
    return err;
}

// One child. `generation` = 0, or that of the zygote which failed.
static Err job_try(Cx *cx, Sandbox *sandbox, const JobHeader *header, int document_fd, int extra_fd,
                   uint64_t *generation, Reply *reply)
{
    int answer[2], end[2];
    if (pipe2(answer, O_CLOEXEC) != 0)
        return err_set(cx, ERR_STORE, "no pipe to be had: %s", strerror(errno));
    AUTO_CLOSE int answer_read = answer[0], answer_write = answer[1];
    if (pipe2(end, O_CLOEXEC) != 0)
        return err_set(cx, ERR_STORE, "no pipe to be had: %s", strerror(errno));
    AUTO_CLOSE int end_read = end[0], end_write = end[1];
    const int fds[JOB_FD_COUNT] = {answer_write, end_write, document_fd, extra_fd};
    TRY(job_hand_over(cx, sandbox, header, fds, generation));
    // Ours must not keep the pipes open, or their end would never be seen.
    (void)close(answer_write);
    (void)close(end_write);
    answer_write = end_write = -1;
    *reply = (Reply){.media = MEDIA_UNKNOWN};
    return reply_receive(cx, sandbox, &answer_read, end_read, reply);
}

static Err job_run(Cx *cx, Sandbox *sandbox, JobMode mode, int document_fd, size_t document_size,
                   Slice extra, Reply *ret_reply)
{
    JobHeader header = {.magic = JOB_MAGIC,
                        .mode = (uint8_t)mode,
                        .skip_qr = sandbox->skip_qr,
                        .wall_ms = sandbox->wall_ms,
                        .cpu_seconds = sandbox->cpu_seconds,
                        .document_size = document_size,
                        .extra_size = extra.size};
    AUTO_CLOSE int extra_fd = extra.size > 0 ? sealed_memory(extra) : -1;
    if (extra.size > 0 && extra_fd < 0)
        return err_set(cx, ERR_STORE, "no memory for the job: %s", strerror(errno));
    uint64_t generation = 0;
    Err err = job_try(cx, sandbox, &header, document_fd, extra_fd, &generation, ret_reply);
    if (err == ERR_CONFLICT)
        err = job_try(cx, sandbox, &header, document_fd, extra_fd, &generation, ret_reply);
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
    // At its hard limit of CPU time the kernel kills with SIGKILL instead of SIGXCPU.
    bool over_cpu = reply->end.cpu_us + 100'000 >= sandbox->cpu_seconds * UINT64_C(1'000'000);
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

// Only these two carry seals that we know; by the first bytes alone, nothing is parsed here.
static bool may_be_sealed(Slice bytes)
{
    Slice head = slice_sub(bytes, 0, 1024);
    if (slice_starts(head, SLICE("PK"))) return true;
    // A signature names the bytes it covers, and that can't stand in a compressed part.
    return slice_find(head, SLICE("%PDF")) != SLICE_NONE &&
           memmem(bytes.data, bytes.size, "ByteRange", 9) != NULL;
}

// The seal pass. False when the reading is decided by it: the child did not survive.
static Err read_seal(Cx *cx, Sandbox *sandbox, int document_fd, Slice bytes, Seal *ret_seal,
                     Slice *ret_answer, Reading *reading)
{
    Reply reply;
    TRY(job_run(cx, sandbox, JOB_SEAL, document_fd, bytes.size, (Slice){"", 0}, &reply));
    Slice trouble = reply_trouble(cx, sandbox, &reply);
    SealAnswer answer = {};
    if (slice_empty(trouble) && wire_decode_seal(cx, reply.answer, &answer) != ERR_OK)
        trouble = cx_printf(cx, "seal: garbled: " SLICE_FMT, SLICE_ARG(err_text(cx)));
    *ret_seal = answer.seal;
    *ret_answer = reply.answer;
    if (!slice_empty(trouble)) reading_hostile(reading, reply.media, trouble);
    return ERR_OK;
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
    Seal seal = {};
    Slice seal_answer = {};
    if (may_be_sealed(bytes))
        TRY(read_seal(cx, sandbox, document_fd, bytes, &seal, &seal_answer, &reading));
    if (reading.reason == REASON_NONE) {
        Reply reply;
        TRY(job_run(cx, sandbox, JOB_READ, document_fd, bytes.size, seal_answer, &reply));
        Slice trouble = reply_trouble(cx, sandbox, &reply);
        if (slice_empty(trouble) && wire_decode(cx, reply.answer, &reading) != ERR_OK)
            trouble = cx_printf(cx, "garbled: " SLICE_FMT, SLICE_ARG(err_text(cx)));
        if (!slice_empty(trouble)) reading_hostile(&reading, reply.media, trouble);
    }
    for (size_t i = 0; i < reading.draft_count; i++)
        reading.drafts[i].seal = seal;
    *ret_reading = reading;
    return ERR_OK;
}

// ---- asking ----

Err sandbox_report(Cx *cx, Sandbox *sandbox, Slice *ret_line)
{
    (void)pthread_mutex_lock(&sandbox->mutex);
    if (!sandbox->greeted && sandbox->control_fd >= 0) {
        struct pollfd poll_fd = {.fd = sandbox->control_fd, .events = POLLIN};
        JobHello hello = {};
        sandbox->greeted = poll(&poll_fd, 1, START_MS) == 1 &&
                           recv(sandbox->control_fd, &hello, sizeof hello, 0) == sizeof hello &&
                           hello.magic == JOB_MAGIC;
        memcpy(sandbox->report, hello.report, sizeof sandbox->report - 1);
    }
    bool greeted = sandbox->greeted;
    Slice line = cx_printf(cx, "%s", sandbox->report);
    (void)pthread_mutex_unlock(&sandbox->mutex);
    if (!greeted) return err_set(cx, ERR_STORE, "the reader '%s' did not start", sandbox->reader);
    *ret_line = line;
    return ERR_OK;
}

uint64_t sandbox_cpu_us(const Sandbox *sandbox)
{
    return sandbox->cpu_us;
}
