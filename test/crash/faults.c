#include "faults.h"

#include <errno.h>
#include <sys/wait.h>

#define BEFORE    2 // documents
#define DURING    3
#define ABREAST   16 // at once
#define WAL_PAGES 20 // so that the database's log is taken over in the middle
#define CODES     6
#define ROOM_STEP 3000 // bytes

static const struct {
    ShimCall call;
    int codes[CODES]; // 0 = no more
    int for_good;     // this one also stays, from that call on; 0 = none does
} plans[] = {
    {SHIM_OPEN, {EMFILE, ENFILE, ENOSPC, EIO, ENOMEM, EROFS}, EMFILE},
    {SHIM_READ, {EIO, EINTR, SHIM_SHORT}, EIO},
    {SHIM_WRITE, {ENOSPC, EDQUOT, EIO, EINTR, SHIM_SHORT, EROFS}, ENOSPC},
    {SHIM_SYNC, {EIO, ENOSPC, EDQUOT, EROFS}, EIO},
    {SHIM_TRUNCATE, {EIO, ENOSPC, EINTR}, 0},
    {SHIM_LINK, {EIO, ENOSPC, EDQUOT}, 0},
    {SHIM_UNLINK, {EIO, EROFS}, 0},
    {SHIM_RENAME, {EIO, ENOSPC, EDQUOT}, 0},
    {SHIM_MKDIR, {EIO, ENOSPC, EDQUOT}, 0},
    {SHIM_MMAP, {ENOMEM, ENODEV}, 0},
    {SHIM_LOCK, {ENOLCK, EIO, EAGAIN}, 0},
    {SHIM_STAT, {EIO, ENOMEM}, 0},
    {SHIM_CLOSE, {EIO, EINTR}, 0},
};

typedef struct Counts {
    uint64_t faults, struck, refused_open, refused, went_on, kinds[SHIM_CALL_COUNT];
} Counts;

static void nothing(void)
{
}

static void begin(Trial *trial, bool old)
{
    trial_begin(trial, trial->seed);
    trial->scene.wal_pages = WAL_PAGES;
    trial->scene.again = nothing;
    if (old) trial_must(trial, trial_take_in(trial, BEFORE), "the process before");
}

// Without a fault all is settled, and stays so when the power goes.
static void settle(Trial *trial)
{
    uint64_t lost = 0, unknown = trial->scene.unknown;
    shim_calm(trial->shared);
    trial_must(trial, trial_take_in(trial, 0), "the process after");
    if (trial->scene.unknown != unknown) trial_die(trial, 0, "without a fault something failed");
    for (size_t i = 0; i < trial->scene.document_count; i++)
        if (trial->scene.documents[i].state[0] == '\0')
            trial_die(trial, 0, "a document was not settled");
    platter_cut(trial->platter, &trial->dice, &lost);
    trial_must(trial, trial_check(trial, true, false), "the check after the cut");
    trial_end(trial);
}

static void judge(Trial *trial, int status, Counts *counts)
{
    bool opened = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool refused = WIFEXITED(status) && WEXITSTATUS(status) == SCENE_REFUSED;
    if (!opened && !refused) trial_die(trial, status, "the process with the fault");
    counts->faults++;
    counts->struck += trial->shared->failed > 0;
    counts->refused_open += refused;
    counts->refused += opened && trial->scene.unknown > 0;
    counts->went_on += opened && trial->scene.unknown == 0;
}

static void try_fault(Trial *trial, bool old, ShimFault fault, Counts *counts)
{
    (void)snprintf(trial->note, sizeof trial->note, "%s folder, %s number %llu%s: %s",
                   old ? "old" : "new", shim_call_name(fault.call), (unsigned long long)fault.nth,
                   fault.on ? " and all after" : "",
                   fault.code == SHIM_SHORT ? "short" : strerrorname_np(fault.code));
    begin(trial, old);
    // A large group's bytes are synced while its rows are written.
    unsigned documents = fault.call == SHIM_SYNC && fault.nth % 2 == 0 ? ABREAST : DURING;
    trial->scene.in_flight = documents == ABREAST ? ABREAST : 1;
    shim_calm(trial->shared);
    trial->shared->fault = fault;
    int status = trial_take_in(trial, documents);
    counts->kinds[fault.call]++;
    judge(trial, status, counts);
    settle(trial);
}

// How many calls of each kind there are when nothing fails.
static void count_calls(Trial *trial, bool old, uint64_t calls[SHIM_CALL_COUNT])
{
    begin(trial, old);
    shim_calm(trial->shared);
    trial_must(trial, trial_take_in(trial, DURING), "the process without a fault");
    for (int call = 0; call < SHIM_CALL_COUNT; call++)
        calls[call] = trial->shared->calls[call];
    if (!platter_matches(trial->platter)) trial_die(trial, 0, "a call went past the shim");
    settle(trial);
}

static void run_faults(Trial *trial, bool old, const FaultsOptions *options, Counts *counts)
{
    uint64_t calls[SHIM_CALL_COUNT] = {}, number = 0;
    count_calls(trial, old, calls);
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        if (options->only != NULL && strcmp(options->only, shim_call_name(plans[i].call)) != 0)
            continue;
        size_t codes = 0;
        while (codes < CODES && plans[i].codes[codes] != 0)
            codes++;
        for (uint64_t nth = 1; nth <= calls[plans[i].call]; nth++)
            for (size_t j = 0; j <= codes; j++) {
                ShimFault fault = {.call = plans[i].call, .nth = nth, .on = j == codes};
                fault.code = fault.on ? plans[i].for_good : plans[i].codes[j];
                // Making a folder is long: there each call fails once, with one of its errors.
                if (fault.code == 0 || (!old && !options->all && nth % (codes + 1) != j)) continue;
                if (++number % options->every == 0) try_fault(trial, old, fault, counts);
            }
    }
}

// ---- the disk runs full ----

static Trial *full;

static void more_room(void)
{
    full->shared->room = -1;
}

// Files may grow by so much; once that was refused there is room again, and the same process goes
// on.
static void try_full(Trial *trial, bool old, int64_t room, Counts *counts)
{
    (void)snprintf(trial->note, sizeof trial->note, "%s folder, room for %lld bytes",
                   old ? "old" : "new", (long long)room);
    begin(trial, old);
    shim_calm(trial->shared);
    full = trial;
    trial->scene.again = more_room;
    trial->shared->room = room;
    int status = trial_take_in(trial, DURING);
    judge(trial, status, counts);
    if (trial->scene.unknown > trial->scene.full)
        trial_die(trial, status, "a full disk was called by another name");
    for (size_t i = 0; status == 0 && i < trial->scene.document_count; i++)
        if (trial->scene.documents[i].state[0] == '\0')
            trial_die(trial, status, "there was room again and it did not go on");
    settle(trial);
}

static void run_full(Trial *trial, bool old, uint64_t every, Counts *counts)
{
    uint64_t number = 0;
    for (int64_t room = 0;; room += ROOM_STEP) {
        uint64_t struck = counts->struck;
        if (++number % every != 0 && room != 0) continue;
        try_full(trial, old, room, counts);
        if (counts->struck == struck) return; // it was enough
    }
}

static void show(const char *what, const Counts *counts)
{
    printf("faults: %s: %llu trials, %llu struck; %llu refused to open, %llu refused documents, "
           "%llu went on\n",
           what, (unsigned long long)counts->faults, (unsigned long long)counts->struck,
           (unsigned long long)counts->refused_open, (unsigned long long)counts->refused,
           (unsigned long long)counts->went_on);
    for (int call = 0; call < SHIM_CALL_COUNT; call++)
        if (counts->kinds[call] > 0)
            printf("faults:   %llu of %s\n", (unsigned long long)counts->kinds[call],
                   shim_call_name((ShimCall)call));
    (void)fflush(stdout);
}

void faults_run(Trial *trial, const FaultsOptions *options)
{
    Counts faults = {}, room = {};
    for (int old = 0; old <= 1; old++)
        run_faults(trial, old == 1, options, &faults);
    show("a call fails", &faults);
    if (options->only != NULL) return;
    for (int old = 0; old <= 1; old++)
        run_full(trial, old == 1, options->every, &room);
    show("the disk runs full", &room);
}
