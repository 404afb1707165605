#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_S 120 // a process that takes longer hangs

void trial_open(Trial *trial, const char *name, uint64_t seed)
{
    *trial = (Trial){.name = name, .seed = seed};
    world_fake_init(&trial->dice, seed, 0);
    printf("%s: seed %llu\n", name, (unsigned long long)seed);
    (void)fflush(stdout);
    // Nothing is really synced here: a file system in memory holds it as well, and faster.
    bool memory = access("/dev/shm", W_OK) == 0;
    (void)snprintf(trial->parent, sizeof trial->parent, "%s/fapiao-%s-XXXXXX",
                   memory ? "/dev/shm" : "/tmp", name);
    if (mkdtemp(trial->parent) == NULL) scene_die("no folder '%s'", trial->parent);
    (void)unsetenv("FAPIAO_KEY_FILE");
    trial->shared = shim_open(trial->parent);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

void trial_close(Trial *trial)
{
    (void)nftw(trial->parent, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

unsigned trial_roll(Trial *trial, uint64_t below)
{
    uint64_t random = 0;
    trial->dice.world.random(&trial->dice, &random, sizeof random);
    return (unsigned)(random % below);
}

void trial_begin(Trial *trial, uint64_t seed)
{
    (void)snprintf(trial->root, sizeof trial->root, "%s/%llu", trial->parent,
                   (unsigned long long)++trial->lives);
    if (mkdir(trial->root, 0700) != 0) scene_die("no folder '%s'", trial->root);
    char folder[128];
    (void)snprintf(folder, sizeof folder, "%s/data", trial->root);
    scene_begin(&trial->scene, folder, seed);
    trial->shared->root_size =
        (size_t)snprintf(trial->shared->root, sizeof trial->shared->root, "%s", trial->root);
    shim_calm(trial->shared);
    const PlatterOptions options = {
        .shared = trial->shared, .published = scene_published, .self = &trial->scene};
    trial->platter = platter_open(&options);
}

void trial_end(Trial *trial)
{
    trial->told += trial->scene.told;
    trial->published += trial->scene.root_count;
    platter_close(trial->platter);
    trial->platter = NULL;
    scene_done(&trial->scene);
    (void)nftw(trial->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

// What it says goes to a file: each new folder says that it made a key file.
static pid_t start(Trial *trial)
{
    char said[96];
    (void)snprintf(said, sizeof said, "%s/said", trial->parent);
    trial->scene.process++;
    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) scene_die("fork: %s", strerror(errno));
    if (pid > 0) return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)alarm(DEADLINE_S);
    if (freopen(said, "w", stderr) == NULL) scene_die("no file '%s'", said);
    shim_watch();
    return 0;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) scene_die("waitpid: %s", strerror(errno));
    return status;
}

int trial_take_in(Trial *trial, unsigned fresh)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) scene_die("pipe: %s", strerror(errno));
    pid_t pid = start(trial);
    if (pid == 0) scene_take(&trial->scene, fresh, ends[1]);
    (void)close(ends[1]);
    scene_listen(&trial->scene, fresh, ends[0]);
    (void)close(ends[0]);
    int status = wait_for(pid);
    platter_follow(trial->platter);
    return status;
}

int trial_check(Trial *trial, bool whole, bool leave)
{
    pid_t pid = start(trial);
    if (pid == 0) {
        scene_check(&trial->scene, whole, leave);
        _exit(0);
    }
    int status = wait_for(pid);
    platter_follow(trial->platter);
    trial->checks++;
    return status;
}

void trial_die(const Trial *trial, int status, const char *what)
{
    char said[96], text[4096];
    (void)snprintf(said, sizeof said, "%s/said", trial->parent);
    FILE *file = fopen(said, "r");
    size_t size = file == NULL ? 0 : fread(text, 1, sizeof text, file);
    (void)fwrite(text, 1, size, stderr);
    scene_die("%s: --seed %llu: %s: %s ended with status %#x, in '%s'", trial->name,
              (unsigned long long)trial->seed, trial->note, what, (unsigned)status, trial->root);
}

void trial_must(const Trial *trial, int status, const char *what)
{
    if (status != 0) trial_die(trial, status, what);
}
