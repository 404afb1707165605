#include "cli/cli_stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_flags.h"

bool cli_stdio_open(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        // The lowest free descriptor is the one that is missing.
        if (open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd) return false;
    }
    return true;
}

int cli_stdio_close(int code)
{
    bool before = ferror(stdout) != 0;
    bool now = fflush(stdout) != 0;
    if (!before && !now) return code;
    fprintf(stderr, "fapiao: 输出写不出去 the output cannot be written%s%s\n", now ? ": " : "",
            now ? strerror(errno) : "");
    return code == CLI_EXIT_OK ? CLI_EXIT_FAIL : code;
}
