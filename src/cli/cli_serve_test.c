#include "cli/cli_serve.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"
#include "http/http_fixture.h"

TEST("cli_serve: wrong usage, and addresses that are not loopback, are refused")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    char verb[] = "serve", data[] = "--data", listen[] = "--listen";
    char *nothing[] = {verb, NULL};
    char *no_port[] = {verb, data, (char *)folder, listen, (char *)"127.0.0.1", NULL};
    char *surplus[] = {verb, data, (char *)folder, (char *)"more", NULL};
    EXPECT(cli_serve(1, nothing) == 2);
    EXPECT(cli_serve(5, no_port) == 2);
    EXPECT(cli_serve(4, surplus) == 2);
}

// The program itself, where it was built: `make check` builds all before it tests.
static const char *program(Cx *cx)
{
    const char *build = getenv("FAPIAO_BUILD");
    const char *path = cx_printf(cx, "%s/fapiao", build == NULL ? "build" : build).data;
    const char *reader = cx_printf(cx, "%s-read", path).data;
    if (access(path, X_OK) != 0 || access(reader, X_OK) != 0)
        test_skip("the programs are not built here");
    return path;
}

static pid_t started(Cx *cx, const char *folder, const char *address, int *ret_stderr)
{
    const char *path = program(cx);
    int ends[2];
    EXPECT(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execl(path, "fapiao", "serve", "--data", folder, "--listen", address, NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    *ret_stderr = ends[0];
    return pid;
}

// The port that it says, 0 when it ended without one.
static uint16_t port_said(int fd)
{
    char text[4096];
    size_t size = 0;
    while (size < sizeof text - 1) {
        ssize_t n = read(fd, text + size, sizeof text - 1 - size);
        if (n <= 0) return 0;
        size += (size_t)n;
        size_t at = slice_find((Slice){text, size}, SLICE("http://127.0.0.1:"));
        if (at == SLICE_NONE) continue;
        Slice digits = slice_sub((Slice){text, size}, at + 17, size);
        size_t end = slice_find(digits, SLICE("\n"));
        uint64_t port = 0;
        if (end != SLICE_NONE && slice_u64(slice_sub(digits, 0, end), &port)) return (uint16_t)port;
    }
    return 0;
}

TEST("cli_serve: says where, answers, holds the folder alone, and ends well when asked")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    int said = -1, said_again = -1;
    pid_t pid = started(cx, folder, "127.0.0.1:0", &said);
    uint16_t port = port_said(said);
    EXPECT(port != 0);
    EXPECT(http_fixture_ask(cx, port, "GET /api/v1/health", "", SLICE("")).status == 200);
    int status = 0;
    pid_t second = started(cx, folder, "127.0.0.1:0", &said_again);
    EXPECT(port_said(said_again) == 0);
    EXPECT(waitpid(second, &status, 0) == second && WEXITSTATUS(status) == 1);
    EXPECT(kill(pid, SIGTERM) == 0);
    EXPECT(waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pid = started(cx, folder, "0.0.0.0:0", &said_again);
    EXPECT(port_said(said_again) == 0);
    EXPECT(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 1);
    (void)close(said);
    (void)close(said_again);
}
