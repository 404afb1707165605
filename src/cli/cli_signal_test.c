#include "cli/cli_signal.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

TEST("cli_signal: the first signal ends the waiting, a second one the process")
{
    pid_t child = fork();
    if (child == 0) {
        cli_signal_catch();
        (void)raise(SIGTERM);
        cli_signal_wait();
        (void)raise(SIGINT);
        _exit(1);
    }
    int status = 0;
    EXPECT(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGINT);
}
