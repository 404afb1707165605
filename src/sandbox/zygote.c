#include "sandbox/zygote.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/core.h"
#include "sandbox/jail.h"
#include "sandbox/room.h"

#define CHILDREN_MAX    64 // more than any number of workers: jobs past it wait in the socket
#define READER_NICE     10 // scheduling priority of the zygote and its children
#define MOVES_FROM      (16 << 10) // bytes of a document: more than a millisecond's work
#define EXIT_NO_JAIL    120
#define EXIT_NO_READING 121

typedef struct Child {
    pid_t pid; // 0 = free
    int end_fd;
    uint64_t deadline_ms;
    bool timed_out;
} Child;

typedef struct Zygote {
    const ZygoteWork *work;
    Jail *jail;
    Slice trust_pem;
    Cx cx;
    int control_fd, signal_fd;
    Child children[CHILDREN_MAX];
    int busy;
} Zygote;

static uint64_t now_ms(const Zygote *zygote)
{
    return zygote->cx.world->steady_ms(zygote->cx.world->self);
}

static bool write_all(int fd, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, (const char *)bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

Err zygote_say(Cx *cx, Slice answer)
{
    uint32_t size = (uint32_t)answer.size;
    uint8_t header[JOB_ANSWER_HEADER] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16),
                                         (uint8_t)(size >> 8), (uint8_t)size};
    bool said = write_all(JOB_ANSWER_FD, header, sizeof header) &&
                write_all(JOB_ANSWER_FD, answer.data, answer.size);
    return said ? ERR_OK : err_set(cx, ERR_STORE, "nobody listens");
}

__attribute__((noreturn)) static void child_work(const ZygoteWork *work, const ZygoteJob *job)
{
    Cx cx;
    room_ready(job->document.size);
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    uint8_t media = (uint8_t)work->sniff(job->document);
    Slice answer = {};
    if (!write_all(JOB_ANSWER_FD, &media, 1)) _exit(EXIT_NO_READING);
    bool done = work->run(&cx, job, &answer) == ERR_OK && zygote_say(&cx, answer) == ERR_OK;
    _exit(done ? 0 : EXIT_NO_READING); // nothing is freed: the process is the arena
}

static bool map_bytes(int fd, uint64_t size, Slice *ret_bytes)
{
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) return false;
    *ret_bytes = (Slice){bytes, size};
    return true;
}

// In the forked child: everything that needs the outside, then the jail, then the work.
__attribute__((noreturn)) static void child_main(const Zygote *zygote, const JobHeader *header,
                                                 const int *fds, pid_t parent)
{
    sigset_t none;
    (void)sigemptyset(&none);
    core_leave(zygote->busy > 0 && header->document_size >= MOVES_FROM);
    ZygoteJob job = {.mode = (JobMode)header->mode,
                     .skip_qr = header->skip_qr != 0,
                     .entry = header->entry,
                     .trust_pem = zygote->trust_pem};
    bool ready =
        prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
        map_bytes(fds[JOB_FD_DOCUMENT], header->document_size, &job.document) &&
        dup2(fds[JOB_FD_ANSWER], JOB_ANSWER_FD) == JOB_ANSWER_FD &&
        jail_enter(zygote->jail,
                   job.mode == JOB_READ && zygote->work->opens_files ? JAIL_READ : JAIL_BARE,
                   header->cpu_seconds);
    if (!ready) _exit(EXIT_NO_JAIL);
    child_work(zygote->work, &job);
}

static void job_start(Zygote *zygote, const JobHeader *header, const int *fds)
{
    Child *child = zygote->children;
    while (child->pid != 0)
        child++;
    pid_t self = getpid(), pid = fork();
    if (pid == 0) child_main(zygote, header, fds, self);
    if (pid < 0) { // no process to be had: said as an end, so that the parent does not wait
        JobEnd end = {.wait_status = EXIT_NO_JAIL << 8};
        (void)write_all(fds[JOB_FD_END], &end, sizeof end);
        return;
    }
    *child = (Child){.pid = pid,
                     .end_fd = fcntl(fds[JOB_FD_END], F_DUPFD_CLOEXEC, 0),
                     .deadline_ms = now_ms(zygote) + header->wall_ms};
    zygote->busy++;
}

// Receives one job; false when the control socket has closed. A message that is no job is dropped.
static bool job_receive(Zygote *zygote)
{
    JobHeader header = {};
    char room[CMSG_SPACE(JOB_FD_COUNT * sizeof(int))] __attribute__((aligned(8)));
    struct iovec part = {.iov_base = &header, .iov_len = sizeof header};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    ssize_t size = recvmsg(zygote->control_fd, &message, MSG_CMSG_CLOEXEC);
    if (size < 0) return errno == EINTR;
    if (size == 0) return false;
    int fds[JOB_FD_COUNT] = {-1, -1, -1};
    size_t fd_count = 0;
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    if (control != NULL && control->cmsg_type == SCM_RIGHTS) {
        fd_count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        if (fd_count > JOB_FD_COUNT) return false;
        memcpy(fds, CMSG_DATA(control), fd_count * sizeof(int));
    }
    if (size == sizeof header && header.magic == JOB_MAGIC && fd_count == JOB_FD_COUNT &&
        header.mode < JOB_MODE_COUNT)
        job_start(zygote, &header, fds);
    for (size_t i = 0; i < fd_count; i++)
        (void)close(fds[i]);
    return true;
}

static void child_ended(Zygote *zygote, pid_t pid, int wait_status, const struct rusage *usage)
{
    for (Child *child = zygote->children; child < zygote->children + CHILDREN_MAX; child++) {
        if (child->pid != pid) continue;
        JobEnd end = {.wait_status = wait_status,
                      .timed_out = child->timed_out,
                      .cpu_us =
                          (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1'000'000 +
                          (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec)};
        (void)write_all(child->end_fd, &end, sizeof end);
        (void)close(child->end_fd);
        *child = (Child){};
        zygote->busy--;
        return;
    }
}

static void children_reap(Zygote *zygote)
{
    struct signalfd_siginfo info;
    while (read(zygote->signal_fd, &info, sizeof info) > 0)
        continue;
    int status = 0;
    struct rusage usage;
    for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;)
        child_ended(zygote, pid, status, &usage);
}

// Kills whoever is over; answers how long poll may sleep, -1 = as long as it likes.
static int children_deadline(Zygote *zygote)
{
    if (zygote->busy == 0) return -1;
    uint64_t now = now_ms(zygote), next = UINT64_MAX;
    for (Child *child = zygote->children; child < zygote->children + CHILDREN_MAX; child++) {
        if (child->pid == 0 || child->timed_out) continue;
        if (child->deadline_ms <= now) {
            child->timed_out = true;
            (void)kill(child->pid, SIGKILL);
        } else if (child->deadline_ms - now < next) {
            next = child->deadline_ms - now;
        }
    }
    return next > INT32_MAX ? -1 : (int)next;
}

static void children_kill(const Zygote *zygote)
{
    for (const Child *child = zygote->children; child < zygote->children + CHILDREN_MAX; child++)
        if (child->pid != 0) (void)kill(child->pid, SIGKILL);
}

static void zygote_loop(Zygote *zygote)
{
    for (;;) {
        bool full = zygote->busy == CHILDREN_MAX;
        struct pollfd fds[] = {{.fd = full ? -1 : zygote->control_fd, .events = POLLIN},
                               {.fd = zygote->signal_fd, .events = POLLIN}};
        int ready = poll(fds, 2, children_deadline(zygote));
        if (ready < 0 && errno != EINTR) return;
        if (ready <= 0) continue;
        if (fds[1].revents != 0) children_reap(zygote);
        if (fds[0].revents != 0 && !job_receive(zygote)) return;
    }
}

// Concatenates the certificates of a folder. What is not PEM is found out by who parses it.
static Err trust_load(Cx *cx, const char *folder, Slice *ret_pem)
{
    Text pem = text_open(cx, LIMIT_TRUST_BYTES);
    AUTO_CLOSEDIR DIR *dir = opendir(folder);
    if (dir == NULL) return err_set(cx, ERR_STORE, "cannot open '%s'", folder);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        AUTO_CLOSE int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
        struct stat info;
        if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) continue;
        char block[4096];
        for (ssize_t n; (n = read(fd, block, sizeof block)) > 0;)
            text_add(&pem, (Slice){block, (size_t)n});
        text_byte(&pem, '\n');
    }
    return text_done(cx, &pem, ret_pem);
}

static bool hello_send(const char *report)
{
    JobHello hello = {.magic = JOB_MAGIC};
    (void)snprintf(hello.version, sizeof hello.version, "%s", JOB_VERSION);
    (void)snprintf(hello.report, sizeof hello.report, "%s", report);
    return send(JOB_CONTROL_FD, &hello, sizeof hello, MSG_NOSIGNAL) == sizeof hello;
}

int zygote_hello(void)
{
    return hello_send("") ? 0 : 1;
}

static Err zygote_start(Zygote *zygote, const char *trust_dir)
{
    Cx *cx = &zygote->cx;
    sigset_t child_signal;
    (void)sigemptyset(&child_signal);
    (void)sigaddset(&child_signal, SIGCHLD);
    (void)signal(SIGPIPE, SIG_IGN); // a parent that stops listening is no reason to die
    if (sigprocmask(SIG_SETMASK, &child_signal, NULL) != 0)
        return err_set(cx, ERR_STORE, "cannot block signals");
    zygote->signal_fd = signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK);
    if (zygote->signal_fd < 0) return err_set(cx, ERR_STORE, "cannot watch children");
    if (trust_dir != NULL) TRY(trust_load(cx, trust_dir, &zygote->trust_pem));
    TRY(jail_open(cx, &zygote->jail));
    zygote->work->warm();
    room_settle();
    core_stay();
    if (!jail_harden()) return err_set(cx, ERR_STORE, "cannot give up privileges");
    if (!hello_send(jail_report(zygote->jail)))
        return err_set(cx, ERR_STORE, "nobody is there to say hello to");
    return ERR_OK;
}

int zygote_run(const ZygoteWork *work, const char *trust_dir)
{
    static Zygote zygote;
    zygote = (Zygote){.work = work, .control_fd = JOB_CONTROL_FD, .trust_pem = {"", 0}};
    cx_init(&zygote.cx, world_real(), 4 * LIMIT_TRUST_BYTES);
    (void)setpriority(PRIO_PROCESS, 0, READER_NICE); // taking in comes before reading
    if (zygote_start(&zygote, trust_dir) != ERR_OK) {
        fprintf(stderr, "fapiao-read: " SLICE_FMT "\n", SLICE_ARG(err_text(&zygote.cx)));
        return 1;
    }
    zygote_loop(&zygote);
    children_kill(&zygote);
    return 0;
}
