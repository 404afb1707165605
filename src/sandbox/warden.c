#include "sandbox/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/cx.h"

#define START_MS        30'000 // for the zygote to say hello
#define ENVIRONMENT_MAX 16
#define CLOSE_MS        2'000 // for the zygote to end by itself

struct Warden {
    const char *program, *trust_dir;
    pthread_mutex_t mutex; // guards what follows
    int control_fd;        // -1 = no zygote
    pid_t zygote;
    uint64_t generation; // one more with each zygote
    char report[JOB_REPORT_SIZE];
};

// Of our environment only what a reader may know: it may hold secrets, and needs none of it. All
// symbols are bound at the start, once, instead of in each child.
static void zygote_environment(char *environment[static ENVIRONMENT_MAX])
{
    static const char *const kept[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_SLICE",
                                       "LD_LIBRARY_PATH"};
    size_t count = 0;
    environment[count++] = (char *)"LD_BIND_NOW=1";
    environment[count++] = (char *)"LC_ALL=C.UTF-8";
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        for (char **variable = environ; *variable != NULL; variable++)
            if (strncmp(*variable, kept[i], strlen(kept[i])) == 0 &&
                (*variable)[strlen(kept[i])] == '=' && count + 1 < ENVIRONMENT_MAX)
                environment[count++] = *variable;
    environment[count] = NULL;
}

// Nothing but /dev/null, stderr and the socket goes along: no stdout, no lock, no database.
static int reader_spawn(const char *program, char *const *argv, int control_fd, pid_t *ret_pid)
{
    char *environment[ENVIRONMENT_MAX];
    zygote_environment(environment);
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
    if (wrong == 0) wrong = posix_spawn(ret_pid, program, &actions, &attributes, argv, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return wrong;
}

// *ret_fd is our end of its socket.
static Err reader_start(Cx *cx, const char *program, char *const *argv, int *ret_fd, pid_t *ret_pid)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return err_set(cx, ERR_STORE, "cannot make a socket for the reader: %s", strerror(errno));
    AUTO_CLOSE int theirs = ends[1];
    int wrong = reader_spawn(program, argv, theirs, ret_pid);
    if (wrong != 0) {
        (void)close(ends[0]);
        return err_set(cx, ERR_STORE, "cannot start '%s': %s", program, strerror(wrong));
    }
    *ret_fd = ends[0];
    return ERR_OK;
}

// Closing the socket is the order to end; who does not obey is killed.
static void reader_end(int fd, pid_t pid)
{
    (void)close(fd);
    for (int waited_ms = 0; waited_ms < CLOSE_MS; waited_ms++) {
        if (waitpid(pid, NULL, WNOHANG) != 0) return;
        (void)usleep(1'000);
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

// ---- is it ours? ----

static Err not_ours(Cx *cx, const char *program, const char *theirs)
{
    return err_set(
        cx, ERR_STORE,
        "读取程序 '%s' 与本程序不是同一次构建，请一起重装 the reader is another build than "
        "this program, install both together: 它是 it is '%s', 本程序是 this program "
        "is '%s'",
        program, theirs, JOB_VERSION);
}

// What another build says is shown: only letters that do no harm to a terminal.
static void printable(char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~') *text = '?';
}

// The first message; *ret_hello is whole and of this very build.
static Err hello_receive(Cx *cx, const char *program, int fd, JobHello *ret_hello)
{
    // Room for the hello of a build that says more.
    union {
        JobHello hello;
        char room[2 * sizeof(JobHello)];
    } said = {};
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    ssize_t size = poll(&poll_fd, 1, START_MS) == 1 ? recv(fd, &said, sizeof said, 0) : -1;
    bool names = size >= (ssize_t)offsetof(JobHello, report) && said.hello.magic != JOB_MAGIC_FIRST;
    if (size <= 0) return not_ours(cx, program, "没有回答 no answer");
    if (!names) return not_ours(cx, program, "较旧，不报版本 older, names no version");
    said.hello.version[JOB_VERSION_SIZE - 1] = '\0';
    printable(said.hello.version);
    if (size != sizeof(JobHello) || said.hello.magic != JOB_MAGIC ||
        strcmp(said.hello.version, JOB_VERSION) != 0)
        return not_ours(cx, program, said.hello.version);
    said.hello.report[JOB_REPORT_SIZE - 1] = '\0';
    *ret_hello = said.hello;
    return ERR_OK;
}

Err warden_ask_begin(Cx *cx, const char *program, WardenAsk *ret_ask)
{
    char *argv[] = {(char *)"fapiao-read", (char *)"--hello", NULL};
    *ret_ask = (WardenAsk){.program = program};
    return reader_start(cx, program, argv, &ret_ask->fd, &ret_ask->pid);
}

Err warden_ask_end(Cx *cx, const WardenAsk *ask)
{
    JobHello hello;
    Err err = hello_receive(cx, ask->program, ask->fd, &hello);
    reader_end(ask->fd, ask->pid);
    return err;
}

// ---- the zygote ----

static void zygote_end(Warden *warden)
{
    if (warden->control_fd < 0) return;
    reader_end(warden->control_fd, warden->zygote);
    warden->control_fd = -1;
}

static Err zygote_begin(Cx *cx, Warden *warden)
{
    char *argv[] = {(char *)"fapiao-read", (char *)"--zygote", NULL, NULL, NULL};
    if (warden->trust_dir != NULL) {
        argv[2] = (char *)"--trust";
        argv[3] = (char *)warden->trust_dir;
    }
    TRY(reader_start(cx, warden->program, argv, &warden->control_fd, &warden->zygote));
    warden->generation++;
    JobHello hello;
    Err err = hello_receive(cx, warden->program, warden->control_fd, &hello);
    if (err != ERR_OK) {
        zygote_end(warden);
        return err;
    }
    memcpy(warden->report, hello.report, sizeof warden->report);
    return ERR_OK;
}

Err warden_open(Cx *cx, const char *program, const char *trust_dir, Warden **ret_warden)
{
    Warden *warden = calloc(1, sizeof *warden); // owned: warden_close
    if (warden == NULL) return err_set(cx, ERR_STORE, "no memory for the sandbox");
    *warden = (Warden){.program = program, .trust_dir = trust_dir, .control_fd = -1};
    (void)pthread_mutex_init(&warden->mutex, NULL);
    *ret_warden = warden;
    return ERR_OK;
}

void warden_close(Warden *warden)
{
    if (warden == NULL) return;
    zygote_end(warden);
    (void)pthread_mutex_destroy(&warden->mutex);
    free(warden);
}

Err warden_start(Cx *cx, Warden *warden)
{
    (void)pthread_mutex_lock(&warden->mutex);
    Err err = warden->control_fd < 0 ? zygote_begin(cx, warden) : ERR_OK;
    (void)pthread_mutex_unlock(&warden->mutex);
    return err;
}

static bool job_send(int control_fd, const JobHeader *header, const int *fds)
{
    static const size_t fds_size = JOB_FD_COUNT * sizeof(int);
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

Err warden_send(Cx *cx, Warden *warden, const JobHeader *header, const int *fds,
                uint64_t *generation)
{
    (void)pthread_mutex_lock(&warden->mutex);
    Err err = ERR_OK;
    // Another thread may have started a new one meanwhile: then that one gets the job.
    if (warden->control_fd < 0 || *generation == warden->generation) {
        zygote_end(warden);
        err = zygote_begin(cx, warden);
    }
    *generation = warden->generation;
    if (err == ERR_OK && !job_send(warden->control_fd, header, fds))
        err = err_set(cx, ERR_CONFLICT, "the reader '%s' is gone", warden->program);
    (void)pthread_mutex_unlock(&warden->mutex);
    return err;
}

Err warden_report(Cx *cx, Warden *warden, Slice *ret_line)
{
    (void)pthread_mutex_lock(&warden->mutex);
    bool there = warden->control_fd >= 0;
    *ret_line = there ? cx_printf(cx, "%s", warden->report) : *ret_line;
    (void)pthread_mutex_unlock(&warden->mutex);
    return there ? ERR_OK : err_set(cx, ERR_STORE, "no reader '%s' is there", warden->program);
}
