// The platter by itself, then a short run of each test that breaks things; the long ones are
// powercut and faults.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "faults.h"
#include "powercut.h"

#define CUTS 60 // of each case: enough for what may happen to happen

static ShimShared *shared;
static WorldFake dice;

static Platter *new_platter(PlatterLoss loss)
{
    char *root = strdup(test_folder());
    if (shared == NULL) shared = shim_open(root);
    shared->root_size = (size_t)snprintf(shared->root, sizeof shared->root, "%s", root);
    free(root);
    shim_calm(shared);
    const PlatterOptions options = {.shared = shared, .loss = loss};
    return platter_open(&options);
}

static const char *path_of(Cx *cx, const char *name)
{
    return cx_printf(cx, "%s/%s", shared->root, name).data;
}

// In a process of its own, watched.
static void run(Cx *cx, void (*work)(Cx *cx))
{
    pid_t pid = fork();
    if (pid == 0) {
        shim_watch();
        work(cx);
        _exit(0);
    }
    int status = 0;
    EXPECT(waitpid(pid, &status, 0) == pid && status == 0);
}

static void write_old(Cx *cx)
{
    AUTO_CLOSE int fd = open(path_of(cx, "a"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    AUTO_CLOSE int folder = open(shared->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char bytes[4096];
    memset(bytes, 'o', sizeof bytes);
    if (pwrite(fd, bytes, sizeof bytes, 0) != sizeof bytes || fsync(fd) != 0 || fsync(folder) != 0)
        _exit(1);
}

static void write_new(Cx *cx)
{
    AUTO_CLOSE int fd = open(path_of(cx, "a"), O_RDWR | O_CLOEXEC);
    char bytes[4096];
    memset(bytes, 'n', sizeof bytes);
    if (pwrite(fd, bytes, sizeof bytes, 0) != sizeof bytes) _exit(1);
}

static void write_new_synced(Cx *cx)
{
    write_new(cx);
    AUTO_CLOSE int fd = open(path_of(cx, "a"), O_RDWR | O_CLOEXEC);
    if (fdatasync(fd) != 0) _exit(1);
}

// How many sectors of the file hold `letter`; -1 when there is no such file.
static int sectors_of(Cx *cx, char letter)
{
    AUTO_CLOSE int fd = open(path_of(cx, "a"), O_RDONLY | O_CLOEXEC);
    char bytes[4096] = {};
    int count = 0;
    if (fd < 0) return -1;
    EXPECT(read(fd, bytes, sizeof bytes) >= 0);
    for (size_t at = 0; at < sizeof bytes; at += 512) {
        for (size_t i = 1; i < 512; i++)
            EXPECT(bytes[at + i] == bytes[at]); // a sector is whole
        count += bytes[at] == letter;
    }
    return count;
}

TEST("platter: what was synced stays, name and bytes; what was not may go, whole or by sectors")
{
    world_fake_init(&dice, 1, 0);
    int old = 0, torn = 0, new = 0;
    for (int i = 0; i < CUTS; i++) {
        Platter *platter = new_platter(PLATTER_HONEST);
        uint64_t lost = 0;
        run(cx, write_old);
        platter_follow(platter);
        EXPECT(platter_matches(platter));
        platter_cut(platter, &dice, &lost);
        EXPECT(lost == 0 && sectors_of(cx, 'o') == 8);
        run(cx, write_new);
        platter_cut(platter, &dice, &lost);
        int count = sectors_of(cx, 'n');
        EXPECT(count + sectors_of(cx, 'o') == 8);
        old += count == 0, torn += count > 0 && count < 8, new += count == 8;
        run(cx, write_new_synced);
        platter_cut(platter, &dice, &lost);
        EXPECT(lost == 0 && sectors_of(cx, 'n') == 8);
        platter_close(platter);
        EXPECT(unlink(path_of(cx, "a")) == 0);
    }
    EXPECT(old > 0 && torn > 0 && new > 0);
}

TEST("platter: a disk that lies about folders loses names, one that lies about all loses all")
{
    world_fake_init(&dice, 2, 0);
    int gone = 0, empty = 0;
    for (int i = 0; i < CUTS; i++) {
        Platter *platter = new_platter(i % 2 == 0 ? PLATTER_LIES_FOLDERS : PLATTER_LIES);
        uint64_t lost = 0;
        run(cx, write_old);
        platter_cut(platter, &dice, &lost);
        int count = sectors_of(cx, 'o');
        EXPECT(i % 2 == 1 || count == 8 || count == -1);
        gone += count == -1, empty += count == 0;
        platter_close(platter);
        (void)unlink(path_of(cx, "a"));
    }
    EXPECT(gone > 0 && empty > 0);
}

TEST("platter: what a failed sync forgot is not durable by a second one, but by a second write")
{
    world_fake_init(&dice, 3, 0);
    int lost_count = 0;
    for (int i = 0; i < CUTS; i++) {
        Platter *platter = new_platter(PLATTER_HONEST);
        uint64_t lost = 0;
        run(cx, write_old);
        run(cx, write_new);
        shim_calm(shared);
        shared->fault = (ShimFault){.call = SHIM_SYNC, .nth = 1, .code = 5};
        pid_t pid = fork();
        if (pid == 0) {
            shim_watch();
            AUTO_CLOSE int fd = open(path_of(cx, "a"), O_RDWR | O_CLOEXEC);
            bool as_said = fsync(fd) != 0 && fsync(fd) == 0;
            if (i % 2 == 1) write_new_synced(cx);
            _exit(as_said ? 0 : 1);
        }
        int status = 0;
        EXPECT(waitpid(pid, &status, 0) == pid && status == 0);
        shim_calm(shared);
        platter_cut(platter, &dice, &lost);
        EXPECT(i % 2 == 0 || sectors_of(cx, 'n') == 8);
        lost_count += sectors_of(cx, 'n') < 8;
        platter_close(platter);
        EXPECT(unlink(path_of(cx, "a")) == 0);
    }
    EXPECT(lost_count > 0);
}

TEST("platter: a call that goes past the shim shows")
{
    Platter *platter = new_platter(PLATTER_HONEST);
    run(cx, write_old);
    platter_follow(platter);
    EXPECT(platter_matches(platter));
    AUTO_CLOSE int fd = open(path_of(cx, "a"), O_RDWR | O_CLOEXEC);
    EXPECT(pwrite(fd, "x", 1, 7) == 1);
    EXPECT(!platter_matches(platter));
    platter_close(platter);
}

TEST("powercut: a few cuts")
{
    static Trial trial;
    trial_open(&trial, "powercut", 1);
    powercut_names(&trial);
    powercut_run(&trial, 8);
    trial_close(&trial);
}

TEST("faults: a few of them")
{
    static Trial trial;
    trial_open(&trial, "faults", 1);
    const FaultsOptions options = {.every = 199};
    faults_run(&trial, &options);
    trial_close(&trial);
}
