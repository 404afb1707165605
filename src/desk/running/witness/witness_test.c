#include "desk/running/witness/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "desk/running/witness/witness_fixture.h"
#include "store/disk.h"

// ---- the system's calls, counted: one of them kills or fails ----

static struct {
    bool on;
    int left; // calls until then
    bool kill;
} steps;

static bool step(void)
{
    if (!steps.on || steps.left-- > 0) return true;
    if (steps.kill) _exit(9);
    errno = EIO;
    return false;
}

int fsync(int fd)
{
    return step() ? (int)syscall(SYS_fsync, fd) : -1;
}

int rename(const char *old, const char *new)
{
    if (!step()) return -1;
    return (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
}

// ---- ----

static WitnessReply post(Cx *cx, Witness *witness, Slice body)
{
    WitnessReply reply = {};
    witness_add_checkpoint(cx, witness, body, &reply);
    return reply;
}

static Witness *open_at(Cx *cx, const char *folder, const WitnessLog *log)
{
    Witness *witness = NULL;
    const Slice vkeys[] = {log->vkey};
    const WitnessOptions options = {
        .folder = folder, .name = SLICE("w.example/1"), .logs = vkeys, .log_count = 1};
    EXPECT_OK(witness_open(cx, &options, &witness));
    return witness;
}

// The reply's line under the posted checkpoint, by the witness's key alone.
static bool holds(Cx *cx, const Witness *witness, Slice note, Slice lines, uint64_t *seconds)
{
    NoteKey key;
    Note *parsed = arena_alloc(&cx->arena, sizeof *parsed);
    Slice all = cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(note), SLICE_ARG(lines));
    EXPECT_OK(note_key_parse(cx, witness_vkey(witness), &key));
    EXPECT_OK(note_parse(cx, all, parsed));
    return note_verify(parsed, &key, seconds) == NOTE_HOLDS;
}

TEST("witness: cosigns what follows, answers 409 with its size, and 422 what does not follow")
{
    WitnessLog log, fork;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 40, 40);
    witness_fixture_log(cx, &fork, SLICE("log.example/a"), 1, 40, 10);
    Witness *witness = open_at(cx, test_folder(), &log);
    const struct {
        const WitnessLog *log;
        uint64_t old, size;
        bool spoil; // one bit of the proof
        int status;
    } cases[] = {
        {&log, 3, 2, false, 400}, // old > size
        {&log, 1, 8, false, 409}, // it knows nothing yet
        {&log, 0, 8, false, 200},    {&log, 0, 9, false, 409},   {&log, 8, 8, false, 200},
        {&log, 8, 13, true, 422},    {&log, 8, 13, false, 200},  {&log, 8, 13, false, 409},
        {&log, 13, 8, false, 400},   {&log, 8, 12, false, 409}, // never back
        {&fork, 13, 13, false, 422},                            // same size, other root
        {&fork, 13, 20, false, 422}, {&log, 13, 40, false, 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice note = witness_fixture_note(cx, cases[i].log, cases[i].size);
        Slice body = witness_fixture_body(cx, cases[i].log, cases[i].old, cases[i].size, note,
                                          cases[i].spoil);
        WitnessReply reply = post(cx, witness, body);
        EXPECT(reply.status == cases[i].status);
        EXPECT(slice_ends(reply.body, SLICE("\n")));
        bool size = reply.status == 409;
        EXPECT(slice_equal(reply.type,
                           size ? SLICE("text/x.tlog.size") : SLICE("text/plain; charset=utf-8")));
        if (reply.status != 200) continue;
        uint64_t seconds = 0;
        EXPECT(holds(cx, witness, note, reply.body, &seconds));
        EXPECT(seconds > 0 && seconds <= cx_now_ms(cx) / 1000);
    }
    EXPECT(
        slice_equal(post(cx, witness, witness_fixture_post(cx, &log, 0, 40)).body, SLICE("40\n")));
    witness_close(witness);
}

TEST("witness: 400 malformed, 404 another log, 403 nobody's signature or one that fails")
{
    WitnessLog log, other, stranger;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 9, 9);
    witness_fixture_log(cx, &other, SLICE("log.example/b"), 1, 9, 9);
    witness_fixture_log(cx, &stranger, SLICE("log.example/a"), 2, 9, 9); // our name, another key
    Witness *witness = open_at(cx, test_folder(), &log);
    Slice good = witness_fixture_post(cx, &log, 0, 5);
    char *spoilt = arena_alloc(&cx->arena, good.size);
    memcpy(spoilt, good.data, good.size);
    spoilt[good.size - 8] = spoilt[good.size - 8] == 'A' ? 'B' : 'A'; // within the signature
    // An empty proof for old 0 is the only one.
    Slice proof = cx_printf(cx, "old 0\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" SLICE_FMT,
                            SLICE_ARG(slice_sub(good, 6, good.size)));
    // The stranger's signature beside the log's own is passed over.
    Slice lines =
        slice_sub(witness_fixture_note(cx, &stranger, 5),
                  slice_find(witness_fixture_note(cx, &stranger, 5), SLICE("\n\n")) + 2, SIZE_MAX);
    const struct {
        Slice body;
        int status;
    } cases[] = {
        {SLICE(""), 400},
        {SLICE("old 0\n\n"), 400},
        {SLICE("old 0\n\nlog.example/a\n5\nx\n\n"), 400},
        {slice_sub(good, 0, good.size - 1), 400},
        {slice_sub(good, 1, good.size), 400},
        {witness_fixture_post(cx, &other, 0, 5), 404},
        {witness_fixture_post(cx, &stranger, 0, 5), 403},
        {(Slice){spoilt, good.size}, 403},
        {proof, 422},
        {cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(good), SLICE_ARG(lines)), 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(post(cx, witness, cases[i].body).status == cases[i].status);
    witness_close(witness);
}

TEST("witness: what it signed can be fetched, and is there after it was opened again")
{
    WitnessLog log;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 9, 9);
    const char *folder = test_folder();
    Witness *witness = open_at(cx, folder, &log), *second = NULL;
    const WitnessOptions again = {.folder = folder, .name = SLICE("")};
    EXPECT(witness_open(cx, &again, &second) == ERR_CONFLICT);
    Digest hash = digest_of(DIGEST_SHA256, log.origin);
    Slice hex = base64_hex(cx, digest_slice(&hash)), before;
    WitnessReply reply;
    witness_checkpoint(cx, witness, hex, &reply);
    EXPECT(reply.status == 404);
    EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 0, 9)).status == 200);
    witness_checkpoint(cx, witness, hex, &reply);
    EXPECT(reply.status == 200 && holds(cx, witness, SLICE(""), reply.body, NULL));
    before = reply.body;
    witness_checkpoint(cx, witness, SLICE("../key"), &reply);
    EXPECT(reply.status == 404);
    Slice vkey;
    EXPECT_OK(witness_vkey_of(cx, folder, &vkey));
    EXPECT(slice_equal(vkey, witness_vkey(witness)));
    EXPECT(slice_starts(vkey, SLICE("w.example/1+")));
    witness_close(witness);

    EXPECT_OK(witness_open(cx, &again, &second)); // without the flag it watches what DIR/logs says
    EXPECT(slice_equal(witness_vkey(second), vkey) && witness_log_count(second) == 0);
    EXPECT(post(cx, second, witness_fixture_post(cx, &log, 9, 9)).status == 404);
    witness_checkpoint(cx, second, hex, &reply);
    EXPECT(reply.status == 200 && slice_equal(reply.body, before));
    witness_close(second);

    struct stat info;
    EXPECT(stat(disk_path(cx, folder, "key"), &info) == 0 && (info.st_mode & 0777) == 0600);
    Slice lines = cx_printf(cx, "# ours\n\n" SLICE_FMT "\n", SLICE_ARG(log.vkey));
    EXPECT_OK(disk_replace(cx, disk_path(cx, folder, "logs"), lines));
    EXPECT_OK(witness_open(cx, &again, &second));
    EXPECT(witness_log_count(second) == 1);
    EXPECT(post(cx, second, witness_fixture_post(cx, &log, 0, 9)).status == 409);
    witness_close(second);
    const WitnessOptions renamed = {.folder = folder, .name = SLICE("w.example/2")};
    EXPECT(witness_open(cx, &renamed, &second) == ERR_CONFLICT);
}

TEST("witness: a damaged memory, a lost key and a bad list are said, never begun anew")
{
    WitnessLog log;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 9, 9);
    const char *folder = test_folder();
    Witness *witness = open_at(cx, folder, &log);
    EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 0, 5)).status == 200);
    Digest hash = digest_of(DIGEST_SHA256, log.origin);
    Slice hex = base64_hex(cx, digest_slice(&hash)), bytes;
    const char *path = cx_printf(cx, "%s/origins/" SLICE_FMT, folder, SLICE_ARG(hex)).data;
    EXPECT_OK(disk_read(cx, path, LIMIT_MIB, &bytes));
    EXPECT_OK(disk_replace(cx, path, slice_sub(bytes, 0, bytes.size - 1)));
    EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 5, 9)).status == 500);
    EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 0, 9)).status == 500);
    WitnessReply reply;
    witness_checkpoint(cx, witness, hex, &reply);
    EXPECT(reply.status == 500);
    EXPECT_OK(disk_replace(cx, path, bytes));
    EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 5, 9)).status == 200);
    witness_close(witness);

    const WitnessOptions options = {.folder = folder, .name = SLICE("")};
    EXPECT_OK(disk_replace(cx, disk_path(cx, folder, "logs"), SLICE("nonsense\n")));
    EXPECT(witness_open(cx, &options, &witness) == ERR_INPUT);
    EXPECT_OK(disk_replace(cx, disk_path(cx, folder, "logs"), SLICE("")));
    EXPECT(unlink(disk_path(cx, folder, "key")) == 0);
    EXPECT(witness_open(cx, &options, &witness) == ERR_CORRUPT);
}

TEST("witness: a disk that fails gives no cosignature")
{
    WitnessLog log;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 30, 30);
    Witness *witness = open_at(cx, test_folder(), &log);
    uint64_t known = 0;
    for (int i = 0; i < 3; i++) { // the file's fsync, the rename, the folder's fsync
        steps.left = i;
        steps.on = true;
        WitnessReply reply = post(cx, witness, witness_fixture_post(cx, &log, known, 5));
        steps.on = false;
        EXPECT(reply.status == 500 && slice_find(reply.body, SLICE("\xE2\x80\x94")) == SLICE_NONE);
        // What lies there now is asked for again.
        reply = post(cx, witness, witness_fixture_post(cx, &log, 0, 5));
        if (i < 2) EXPECT(reply.status == 409 || reply.status == 200);
        known = 5;
        EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 5, 5)).status == 200);
    }
    witness_close(witness);
}

// A child posts `body` and dies at step `at`; whether it had an answer of 200 before.
static bool posted_and_killed(Cx *cx, const char *folder, const WitnessLog *log, Slice body, int at)
{
    int pipe_fds[2];
    EXPECT(pipe(pipe_fds) == 0);
    pid_t child = fork();
    if (child == 0) {
        Witness *witness = NULL;
        const Slice vkeys[] = {log->vkey};
        const WitnessOptions options = {
            .folder = folder, .name = SLICE(""), .logs = vkeys, .log_count = 1};
        if (witness_open(cx, &options, &witness) != ERR_OK) _exit(1);
        steps.left = at;
        steps.kill = true;
        steps.on = true;
        bool signed_it = post(cx, witness, body).status == 200;
        _exit(signed_it && write(pipe_fds[1], "s", 1) == 1 ? 0 : 2);
    }
    (void)close(pipe_fds[1]);
    char said = 0;
    int status = 0;
    bool answered = read(pipe_fds[0], &said, 1) == 1;
    (void)close(pipe_fds[0]);
    EXPECT(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == (answered ? 0 : 9));
    return answered;
}

TEST("witness: killed at any step it never signs two roots for one size")
{
    WitnessLog log, fork_log;
    witness_fixture_log(cx, &log, SLICE("log.example/a"), 1, 40, 40);
    witness_fixture_log(cx, &fork_log, SLICE("log.example/a"), 1, 40, 10);
    for (int at = 0; at <= 3; at++) {
        const char *folder = test_folder();
        Witness *witness = open_at(cx, folder, &log);
        EXPECT(post(cx, witness, witness_fixture_post(cx, &log, 0, 8)).status == 200);
        witness_close(witness);
        bool answered =
            posted_and_killed(cx, folder, &log, witness_fixture_post(cx, &log, 8, 20), at);
        EXPECT(answered == (at == 3));
        witness = open_at(cx, folder, &log);
        // Both branches follow from 8; from the moment one was signed the other never is.
        bool other = post(cx, witness, witness_fixture_post(cx, &fork_log, 8, 20)).status == 200;
        bool same = post(cx, witness, witness_fixture_post(cx, &log, 20, 20)).status == 200;
        EXPECT(other != same && !(answered && other));
        EXPECT(other == (at < 2)); // until it has its new name, the old state stands
        witness_close(witness);
    }
}

// ---- the race ----

#define RACERS 4
#define ROUNDS 150
#define LEAVES 200

typedef struct Racer {
    pthread_t thread;
    Witness *witness;
    const WitnessLog *branches;
    uint64_t seed;
    uint64_t old, last;        // known to it; newest that was signed for it
    int branch_of[LEAVES + 1]; // 1 + branch that was signed; 0 = none
} Racer;

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *state >> 33;
}

static void *race(void *self)
{
    Racer *racer = self;
    for (int i = 0; i < ROUNDS; i++) {
        Cx cx;
        cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
        int branch = (int)(next_random(&racer->seed) % 2);
        uint64_t size = racer->old + next_random(&racer->seed) % 4;
        if (size > LEAVES) size = LEAVES;
        WitnessReply reply =
            post(&cx, racer->witness,
                 witness_fixture_post(&cx, &racer->branches[branch], racer->old, size));
        if (reply.status == 200) {
            racer->branch_of[size] |= 1 << branch;
            racer->old = racer->last = size;
        } else if (reply.status == 409) {
            (void)slice_u64(slice_sub(reply.body, 0, reply.body.size - 1), &racer->old);
        }
        cx_done(&cx);
    }
    return NULL;
}

TEST("witness: whatever comes at once, one size has one root and sizes only grow")
{
    static Racer racers[RACERS];
    WitnessLog branches[2];
    uint64_t seed = 0;
    cx_random(cx, &seed, sizeof seed);
    // The same up to leaf 5, then different: one of them wins for ever.
    witness_fixture_log(cx, &branches[0], SLICE("log.example/a"), 1, LEAVES, LEAVES);
    witness_fixture_log(cx, &branches[1], SLICE("log.example/a"), 1, LEAVES, 5);
    Witness *witness = open_at(cx, test_folder(), &branches[0]);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (Racer){.witness = witness, .branches = branches, .seed = seed + (uint64_t)i};
        EXPECT(pthread_create(&racers[i].thread, NULL, race, &racers[i]) == 0);
    }
    uint64_t last = 0;
    for (int i = 0; i < RACERS; i++) {
        (void)pthread_join(racers[i].thread, NULL);
        if (racers[i].last > last) last = racers[i].last;
    }
    int all = 0, count = 0;
    for (size_t size = 6; size <= LEAVES; size++) {
        for (int i = 0; i < RACERS; i++) {
            all |= racers[i].branch_of[size];
            count += racers[i].branch_of[size] != 0;
        }
    }
    if (all == 3 || count == 0) (void)fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
    EXPECT(all == 1 || all == 2);
    EXPECT(count > 0);
    Slice left = cx_printf(cx, "%llu\n", (unsigned long long)last);
    WitnessReply reply = post(cx, witness, witness_fixture_post(cx, &branches[0], 0, LEAVES));
    EXPECT(reply.status == 409 && slice_equal(reply.body, left));
    witness_close(witness);
}
