#include "sandbox/core.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

static int cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

static int exit_of(pid_t pid)
{
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                           : -1;
}

#define ERRANT      3
#define TRIES_MOVED 3 // the scheduler may move a child at any time, but not each one
#define TRIES_LEFT  50

// What the zygote's child finds: 0 when all is as it should be, ERRANT when it is on a core on
// which it should not be.
static int child_of_one_that_stays(bool moves)
{
    int before = cores(), own = -1, said = ERRANT;
    core_stay();
    own = sched_getcpu();
    if (cores() != 1) return 1;
    for (int i = 0; i < (moves ? TRIES_MOVED : TRIES_LEFT) && said == ERRANT; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            core_leave(moves);
            bool moved = sched_getcpu() != own;
            _exit(cores() != before ? 2 : moved != moves ? ERRANT : 0);
        }
        said = exit_of(pid);
    }
    return cores() == 1 ? said : 4;
}

TEST("core: the zygote stays on one core, and its children may leave it, at once or later")
{
    if (cores() < 2) test_skip("one core");
    for (int moves = 0; moves < 2; moves++) {
        pid_t pid = fork();
        if (pid == 0) _exit(child_of_one_that_stays(moves == 1));
        EXPECT(exit_of(pid) == 0);
    }
}

TEST("core: who never stayed on one leaves none")
{
    int before = cores();
    pid_t pid = fork();
    if (pid == 0) {
        core_leave(true);
        _exit(cores() == before ? 0 : 1);
    }
    EXPECT(exit_of(pid) == 0);
}
