#include "cli/cli_witness.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/test.h"
#include "desk/running/witness/witness_fixture.h"
#include "http/http_fixture.h"

TEST("cli_witness: wrong usage is refused, and so is a log's key that is none")
{
    const char *folder = cx_printf(cx, "%s/w", test_folder()).data;
    char verb[] = "witness", dir[] = "--dir", log[] = "--log";
    char *nothing[] = {verb, NULL};
    char *surplus[] = {verb, dir, (char *)folder, (char *)"more", NULL};
    char *bare[] = {verb, dir, (char *)folder, log, NULL};
    char *bad[] = {verb, dir, (char *)folder, log, (char *)"x", NULL};
    char *none[] = {verb, (char *)"vkey", dir, (char *)folder, NULL};
    EXPECT(cli_witness(1, nothing) == 2);
    EXPECT(cli_witness(4, surplus) == 2);
    EXPECT(cli_witness(4, bare) == 2);
    EXPECT(cli_witness(4, none) == 1);
    EXPECT(cli_witness(5, bad) == 1);
}

static const char *program(Cx *cx)
{
    const char *build = getenv("FAPIAO_BUILD");
    const char *path = cx_printf(cx, "%s/fapiao", build == NULL ? "build" : build).data;
    if (access(path, X_OK) != 0) test_skip("the programs are not built here");
    return path;
}

// Everything that the program says until its address stands there; then the port.
static uint16_t started(const char *path, char *const *argv, pid_t *ret_pid)
{
    int ends[2];
    static char text[8192];
    size_t size = 0;
    EXPECT(pipe(ends) == 0);
    *ret_pid = fork();
    if (*ret_pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execv(path, argv);
        _exit(127);
    }
    (void)close(ends[1]);
    for (;;) {
        ssize_t n = read(ends[0], text + size, sizeof text - 1 - size);
        if (n <= 0) break;
        size += (size_t)n;
        Slice said = {text, size};
        size_t at = slice_find(said, SLICE("http://127.0.0.1:"));
        if (at == SLICE_NONE || text[size - 1] != '\n') continue;
        uint64_t port = 0;
        Slice rest = slice_sub(said, at + 17, SIZE_MAX);
        EXPECT(slice_u64(slice_sub(rest, 0, slice_find(rest, SLICE("\n"))), &port));
        (void)close(ends[0]);
        return (uint16_t)port;
    }
    (void)close(ends[0]);
    return 0;
}

TEST("cli_witness: serves both addresses, forgets nothing when killed, and ends on a signal")
{
    const char *path = program(cx);
    const char *folder = cx_printf(cx, "%s/w", test_folder()).data;
    WitnessLog log;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 9, 9);
    const char *vkey = NULL;
    EXPECT_OK(cx_cstr(cx, log.vkey, &vkey));
    char *argv[] = {(char *)"fapiao", (char *)"witness",  (char *)"--dir",
                    (char *)folder,   (char *)"--listen", (char *)"127.0.0.1:0",
                    (char *)"--log",  (char *)vkey,       NULL};
    Digest hash = digest_of(DIGEST_SHA256, log.origin);
    Slice hex = base64_hex(cx, digest_slice(&hash));
    const char *get = cx_printf(cx, "GET /" SLICE_FMT "/checkpoint", SLICE_ARG(hex)).data;
    pid_t pid = 0;
    uint16_t port = started(path, argv, &pid);
    EXPECT(port != 0);
    EXPECT(http_fixture_ask(cx, port, get, "", SLICE("")).status == 404);
    HttpReply reply = http_fixture_ask(cx, port, "POST /add-checkpoint", "",
                                       witness_fixture_post(cx, &log, 0, 5));
    EXPECT(reply.status == 200 && slice_starts(reply.body, SLICE("\xE2\x80\x94 ")));
    EXPECT(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);

    port = started(path, argv, &pid);
    EXPECT(port != 0);
    reply = http_fixture_ask(cx, port, get, "", SLICE(""));
    EXPECT(reply.status == 200 && slice_find(reply.body, SLICE("log.example/a\n5\n")) == 0);
    reply = http_fixture_ask(cx, port, "POST /add-checkpoint", "",
                             witness_fixture_post(cx, &log, 0, 9));
    EXPECT(reply.status == 409 && slice_equal(reply.body, SLICE("5\n")));
    EXPECT(
        slice_equal(http_fixture_header(&reply, SLICE("Content-Type")), SLICE("text/x.tlog.size")));
    EXPECT(http_fixture_ask(cx, port, "GET /add-checkpoint", "", SLICE("")).status == 405);
    EXPECT(http_fixture_ask(cx, port, "POST /other", "", SLICE("x")).status == 404);
    int status = 0;
    EXPECT(kill(pid, SIGTERM) == 0 && waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
