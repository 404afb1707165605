#include "sandbox/zygote.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

static void warm_nothing(void)
{
}

static Media sniff_nothing(Slice document)
{
    (void)document;
    return MEDIA_UNKNOWN;
}

static Err run_nothing(Cx *cx, const ZygoteJob *job, Slice *ret_answer)
{
    (void)cx, (void)job;
    *ret_answer = SLICE("");
    return ERR_OK;
}

static const ZygoteWork nothing = {
    .warm = warm_nothing, .sniff = sniff_nothing, .run = run_nothing};

// A zygote in a fork of this test; answers our end of its socket.
static int start(const char *trust_dir, pid_t *ret_pid)
{
    int ends[2];
    EXPECT(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    *ret_pid = fork();
    if (*ret_pid == 0) {
        (void)close(ends[0]);
        (void)dup2(ends[1], JOB_CONTROL_FD);
        _exit(zygote_run(&nothing, trust_dir));
    }
    (void)close(ends[1]);
    return ends[0];
}

static int exit_of(pid_t pid)
{
    int status = -1;
    EXPECT(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST("zygote: says hello, drops what is no job, and ends when its socket closes")
{
    pid_t pid = 0;
    int control = start(NULL, &pid);
    JobHello hello = {};
    EXPECT(recv(control, &hello, sizeof hello, 0) == sizeof hello);
    EXPECT(hello.magic == JOB_MAGIC && strstr(hello.report, "seccomp") != NULL);
    EXPECT(strcmp(hello.version, JOB_VERSION) == 0);
    EXPECT(send(control, "nonsense", 8, MSG_NOSIGNAL) == 8);
    JobHeader no_descriptors = {.magic = JOB_MAGIC};
    EXPECT(send(control, &no_descriptors, sizeof no_descriptors, MSG_NOSIGNAL) ==
           sizeof no_descriptors);
    struct pollfd poll_fd = {.fd = control, .events = POLLIN};
    EXPECT(poll(&poll_fd, 1, 100) == 0); // alive, and silent
    (void)close(control);
    EXPECT(exit_of(pid) == 0);
}

TEST("zygote: a folder of certificates that is not there is said, not passed over")
{
    pid_t pid = 0;
    int control = start("/nonexistent/trust", &pid);
    EXPECT(exit_of(pid) == 1);
    (void)close(control);
}
