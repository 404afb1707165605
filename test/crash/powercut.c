#include "powercut.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#define LIFE_CUTS       40 // at most
#define FRESH_MAX       24 // documents handed in by one process
#define PROGRESS_LIVES  50
#define NAMES_FRESH     3  // so few that the next process makes no segment and syncs no name
#define USUAL_NAMES     16 // that a process changes
#define FAULT_SYNCS     40 // a process makes about so many
#define RUSH            16 // documents at once
#define CONTROL_FRESH   30
#define CONTROL_CHANGES 300 // about what a process makes of CONTROL_FRESH
#define MAKING_CHANGES  120 // and of a new folder, before anything is told

typedef struct Counts {
    uint64_t cuts, kills, faults, lost;
} Counts;

static void set_pace(Trial *trial)
{
    static const unsigned in_flights[] = {1, 1, 4, 16, 16}, pages[] = {0, 20, 100};
    unsigned pick = trial_roll(trial, 5);
    trial->scene.in_flight = in_flights[pick];
    trial->scene.workers = pick < 2 ? 1 : 2;
    trial->scene.wal_pages = pages[trial_roll(trial, 3)];
}

// ---- cuts ----

// A process that stops itself after so many changes: whether it did. When a sync was to fail it may
// also have refused.
static bool stopped_after(Trial *trial, unsigned fresh, uint64_t changes)
{
    trial->shared->stop_after = changes;
    int status = trial_take_in(trial, fresh);
    if (changes != 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
    if (trial->shared->failed > 0 && WIFEXITED(status) && WEXITSTATUS(status) == SCENE_REFUSED)
        return false;
    trial_must(trial, status, "handing in");
    return false;
}

// In one round of five a sync fails, and what it was to make durable is forgotten.
static void set_fault(Trial *trial, Counts *counts)
{
    shim_calm(trial->shared);
    if (trial_roll(trial, 5) != 0) return;
    trial->shared->fault = (ShimFault){.call = SHIM_SYNC,
                                       .nth = 1 + trial_roll(trial, FAULT_SYNCS),
                                       .code = EIO,
                                       .on = trial_roll(trial, 2) == 0};
    counts->faults++;
}

// One process, then a cut or only a kill. `usual`: how many changes one makes.
static void one_round(Trial *trial, Counts *counts, uint64_t *usual)
{
    (void)snprintf(trial->note, sizeof trial->note, "life %llu, cut %llu, kill %llu",
                   (unsigned long long)trial->lives, (unsigned long long)counts->cuts,
                   (unsigned long long)counts->kills);
    set_pace(trial);
    set_fault(trial, counts);
    // Names change seldom, and what lies between a name and its folder's sync is short.
    bool name = trial_roll(trial, 4) == 0;
    trial->shared->stop_at_name = name;
    uint64_t after = 1 + trial_roll(trial, name ? USUAL_NAMES : *usual);
    bool stopped = stopped_after(trial, 1 + trial_roll(trial, FRESH_MAX), after);
    if (!name && !stopped) *usual = *usual * 9 / 10 + trial->shared->changes / 10 + 1;
    if (!name && stopped) *usual += *usual / 20;
    if (stopped && trial_roll(trial, 4) == 0) {
        counts->kills++;
    } else {
        uint64_t lost = 0;
        platter_cut(trial->platter, &trial->dice, &lost);
        counts->cuts++;
        counts->lost += lost;
    }
    // Sometimes the next cut falls into the recovery from this one.
    if (trial_roll(trial, 4) == 0) return;
    shim_calm(trial->shared);
    trial_must(trial, trial_check(trial, false, trial_roll(trial, 2) == 0), "the check");
}

void powercut_run(Trial *trial, uint64_t cuts)
{
    Counts counts = {};
    while (counts.cuts < cuts) {
        trial_begin(trial, trial->seed + trial->lives);
        uint64_t usual = 200, end = counts.cuts + 1 + trial_roll(trial, LIFE_CUTS);
        while (counts.cuts < end && counts.cuts < cuts)
            one_round(trial, &counts, &usual);
        shim_calm(trial->shared);
        (void)stopped_after(trial, 1, 0);
        if (!platter_matches(trial->platter)) scene_die("the platter is not what it should be");
        trial_must(trial, trial_check(trial, true, false), "the last check");
        trial_end(trial);
        if (trial->lives % PROGRESS_LIVES == 0)
            printf("powercut: %llu cuts so far\n", (unsigned long long)counts.cuts);
        (void)fflush(stdout);
    }
    printf("powercut: %llu cuts, %llu kills and %llu failed syncs in the lives of %llu folders, "
           "%llu changes not kept "
           "whole, %llu references and outcomes told, %llu checkpoints published, %llu checks: "
           "none lost, none twice, no fork\n",
           (unsigned long long)counts.cuts, (unsigned long long)counts.kills,
           (unsigned long long)counts.faults, (unsigned long long)trial->lives,
           (unsigned long long)counts.lost, (unsigned long long)trial->told,
           (unsigned long long)trial->published, (unsigned long long)trial->checks);
    (void)fflush(stdout);
}

void powercut_names(Trial *trial)
{
    uint64_t names = 0, lost = 0;
    for (bool stopped = true; stopped;) {
        (void)snprintf(trial->note, sizeof trial->note, "killed after name %llu",
                       (unsigned long long)++names);
        trial_begin(trial, trial->seed);
        shim_calm(trial->shared);
        trial->shared->stop_at_name = true;
        stopped = stopped_after(trial, NAMES_FRESH, names);
        shim_calm(trial->shared);
        trial->scene.in_flight = 1;
        (void)stopped_after(trial, 1, 0);
        platter_cut(trial->platter, NULL, &lost);
        trial_must(trial, trial_check(trial, true, false), "the check");
        trial_end(trial);
    }
    printf("powercut: a kill after each of %llu changes of a name, then a cut: none lost\n",
           (unsigned long long)(names - 1));
    (void)fflush(stdout);
}

// A rush of which some have been told when the power goes.
static void one_rush(Trial *trial)
{
    shim_calm(trial->shared);
    trial->scene.in_flight = RUSH;
    trial->scene.stop_told = 1 + (unsigned)trial_roll(trial, RUSH);
    int status = trial_take_in(trial, RUSH + (unsigned)trial_roll(trial, RUSH));
    trial->scene.stop_told = 0;
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) trial_die(trial, status, "a rush");
    uint64_t lost = 0;
    platter_cut(trial->platter, NULL, &lost);
    shim_calm(trial->shared);
}

void powercut_rush(Trial *trial, uint64_t rounds)
{
    trial_begin(trial, trial->seed);
    for (uint64_t i = 0; i < rounds; i++) {
        (void)snprintf(trial->note, sizeof trial->note, "rush %llu", (unsigned long long)i);
        one_rush(trial);
        trial_must(trial, trial_check(trial, false, false), "the check of a rush");
    }
    (void)stopped_after(trial, 1, 0);
    trial_must(trial, trial_check(trial, true, false), "the last check of the rushes");
    trial_end(trial);
    printf("powercut: the power went in %llu rushes as soon as some were told: none lost\n",
           (unsigned long long)rounds);
    (void)fflush(stdout);
}

// ---- control ----

typedef struct Control {
    const char *what;
    PlatterLoss loss;
    const char *lie_about;
    unsigned percent; // of the rounds in which a loss must be found
    bool closing;     // the cut comes after the folder was closed
    bool fresh;       // the folder is new
    bool rush;        // the cut comes when some of many at once were told
} Control;

static const Control controls[] = {
    {"nothing is synced", PLATTER_LIES, NULL, POWERCUT_PERCENT, false, false, false},
    {"nothing is synced, the folder is new", PLATTER_LIES, NULL, POWERCUT_PERCENT, false, true,
     false},
    {"segments are not synced", PLATTER_LIES_FILES, "segments", 25, false, false, false},
    {"the database's log is not synced", PLATTER_LIES_FILES, "fapiao.db-wal", 25, false, false,
     false},
    {"the log of a rush is not synced", PLATTER_LIES_FILES, "fapiao.db-wal", POWERCUT_PERCENT,
     false, false, true},
    {"the database is not synced", PLATTER_LIES_FILES, "fapiao.db", 25, true, false, false},
    {"folders are not synced", PLATTER_LIES_FOLDERS, NULL, 25, false, true, false},
};

static bool control_found(Trial *trial)
{
    int status = trial_check(trial, false, false);
    // A loss is to be found, not to be fallen over.
    if (WIFSIGNALED(status)) trial_die(trial, status, "the check of a control");
    trial_end(trial);
    return status != 0;
}

// Whether the checks found a loss; *ret_told: whether there was anything to lose.
static bool control_round(Trial *trial, const Control *control, bool *ret_told)
{
    trial_begin(trial, trial->seed + trial->lives);
    set_pace(trial);
    shim_calm(trial->shared);
    if (!control->fresh) (void)stopped_after(trial, 3, 0);
    uint64_t before = trial->scene.told;
    platter_trust(trial->platter, control->loss, control->lie_about);
    if (control->rush) {
        // What the database has taken over from its log, and synced, is not lost with the log.
        trial->scene.wal_pages = 0;
        one_rush(trial);
        *ret_told = trial->scene.told > before;
        return control_found(trial);
    }
    shim_calm(trial->shared);
    uint64_t after = CONTROL_CHANGES / 2 + trial_roll(trial, CONTROL_CHANGES / 2) +
                     (control->fresh ? MAKING_CHANGES : 0);
    (void)stopped_after(trial, CONTROL_FRESH, control->closing ? 0 : after);
    uint64_t lost = 0;
    platter_cut(trial->platter, &trial->dice, &lost);
    *ret_told = trial->scene.told > before;
    shim_calm(trial->shared);
    return control_found(trial);
}

static unsigned run_control(Trial *trial, const Control *control, uint64_t rounds)
{
    uint64_t found = 0, counted = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        bool told = false, loss = control_round(trial, control, &told);
        counted += told;
        found += told && loss;
    }
    bool good = counted > 0 && found * 100 >= counted * control->percent;
    printf("powercut: control, %s: a loss is found in %llu of %llu rounds%s\n", control->what,
           (unsigned long long)found, (unsigned long long)counted,
           good ? "" : ": the test does not see what it should");
    return good ? 0 : 1;
}

unsigned powercut_control(Trial *trial, uint64_t rounds, unsigned *ret_count)
{
    unsigned failed = 0;
    *ret_count = sizeof controls / sizeof controls[0];
    for (unsigned i = 0; i < *ret_count; i++)
        failed += run_control(trial, &controls[i], rounds);
    return failed;
}
