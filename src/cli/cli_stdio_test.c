#include "cli/cli_stdio.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"
#include "cli/cli_flags.h"

// In a process of its own, whose output is `path` (NULL: closed): prints a line, answers the exit
// code that `code` became; 99 when the next file opened would be printed into.
static int printed(const char *path, int code)
{
    (void)fflush(stdout);
    pid_t pid = fork();
    EXPECT(pid >= 0);
    if (pid == 0) {
        (void)close(1);
        if (path != NULL && open(path, O_WRONLY) != 1) _exit(98);
        if (!cli_stdio_open()) _exit(97);
        if (open("/dev/null", O_RDONLY) <= 2) _exit(99);
        printf("a line\n");
        _exit(cli_stdio_close(code));
    }
    int status = 0;
    EXPECT(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

TEST("cli_stdio: output that is lost is a failure, and a closed one is no file of ours")
{
    EXPECT(printed("/dev/null", CLI_EXIT_OK) == CLI_EXIT_OK);
    EXPECT(printed("/dev/null", 3) == 3);
    EXPECT(printed(NULL, CLI_EXIT_OK) == CLI_EXIT_OK);
    if (access("/dev/full", W_OK) != 0) return;
    EXPECT(printed("/dev/full", CLI_EXIT_OK) == CLI_EXIT_FAIL);
    EXPECT(printed("/dev/full", 3) == 3);
}
