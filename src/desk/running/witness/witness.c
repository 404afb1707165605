#include "desk/running/witness/witness.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/limits.h"
#include "crypto/keyfile.h"
#include "desk/running/witness/witness_body.h"
#include "store/disk.h"

#define TEXT_TYPE SLICE("text/plain; charset=utf-8")
#define SIZE_TYPE SLICE("text/x.tlog.size")

struct Witness {
    Cx cx; // holds names and keys
    const char *origins;
    int lock_fd;
    Signer *signer;
    NoteKey key;
    Slice vkey;
    NoteKey *logs;
    size_t log_count;
    pthread_mutex_t lock; // from looking at the newest checkpoint to having replaced it
};

// What it knows of one log. Size 0 with an empty note: nothing yet.
typedef struct Known {
    uint64_t size;
    Digest root;
    Slice note;
} Known;

// ---- opening ----

static Err take_lock(Cx *cx, const char *folder, int *ret_fd)
{
    const char *path = disk_path(cx, folder, "lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return err_set(cx, ERR_STORE, "cannot open '%s': %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)close(fd);
        return err_set(cx, ERR_CONFLICT, "another process serves the witness in '%s'", folder);
    }
    *ret_fd = fd;
    return ERR_OK;
}

static Err open_signer(Cx *cx, Witness *witness, const char *folder)
{
    AeadKey seed;
    static_assert(sizeof seed.bytes == SIGNER_SEED_SIZE);
    const char *path = disk_path(cx, folder, "key");
    Err err = keyfile_read(cx, path, &seed);
    // A key that is gone while others may still hold its cosignatures is not quietly a new one.
    if (err == ERR_MISSING && access(disk_path(cx, folder, "vkey"), F_OK) == 0)
        return err_set(cx, ERR_CORRUPT,
                       "'%s' is gone: a witness without its key starts in a new "
                       "folder",
                       path);
    if (err == ERR_MISSING) err = keyfile_create(cx, path, &seed);
    if (err == ERR_OK) err = signer_open(cx, SIGNER_ED25519, seed.bytes, &witness->signer);
    explicit_bzero(&seed, sizeof seed);
    return err;
}

Err witness_vkey_of(Cx *cx, const char *folder, Slice *ret_vkey)
{
    Slice bytes;
    NoteKey key;
    TRY(disk_read(cx, disk_path(cx, folder, "vkey"), LIMIT_FIELD_BYTES, &bytes));
    if (!slice_ends(bytes, SLICE("\n"))) bytes = SLICE("");
    bytes.size -= bytes.size > 0;
    if (note_key_parse(cx, bytes, &key) != ERR_OK || key.type != NOTE_KEY_COSIGNATURE)
        return err_set(cx, ERR_CORRUPT, "'%s/vkey' is no key of a witness", folder);
    *ret_vkey = bytes;
    return ERR_OK;
}

static Err fresh_name(Cx *cx, Slice *name)
{
    if (name->size > 0) return ERR_OK;
    uint8_t random[8];
    cx_random(cx, random, sizeof random);
    Slice hex = base64_hex(cx, (Slice){(char *)random, sizeof random});
    *name = cx_printf(cx, "fapiao.local/witness/" SLICE_FMT, SLICE_ARG(hex));
    return ERR_OK;
}

// Its name and key are one: what DIR/vkey says must be what the seed gives.
static Err open_key(Cx *cx, Witness *witness, const WitnessOptions *options)
{
    const SignerPublic public_key = signer_public(witness->signer);
    Slice there = SLICE(""), name = options->name;
    Err err = witness_vkey_of(cx, options->folder, &there);
    if (err != ERR_OK && err != ERR_MISSING) return err;
    NoteKey known;
    if (err == ERR_OK) {
        TRY(note_key_parse(cx, there, &known));
        if (name.size > 0 && !slice_equal(name, known.name))
            return err_set(cx, ERR_CONFLICT, "the witness's name is '" SLICE_FMT "'",
                           SLICE_ARG(known.name));
        name = known.name;
    }
    TRY(fresh_name(cx, &name));
    TRY(note_key(&witness->cx, name, NOTE_KEY_COSIGNATURE, &public_key, &witness->key));
    TRY(note_key_vkey(&witness->cx, &witness->key, &witness->vkey));
    if (err == ERR_OK && !slice_equal(there, witness->vkey))
        return err_set(cx, ERR_CORRUPT, "'%s/key' is not the key of '%s/vkey'", options->folder,
                       options->folder);
    if (err == ERR_OK) return ERR_OK;
    Slice line = cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(witness->vkey));
    return disk_write_new(cx, disk_path(cx, options->folder, "vkey"), line);
}

static Err add_log(Cx *cx, Witness *witness, Slice vkey)
{
    NoteKey key;
    if (witness->log_count == LIMIT_WITNESS_LOGS)
        return err_set(cx, ERR_LIMIT, "more than %zu logs", LIMIT_WITNESS_LOGS);
    Err err = note_key_parse(&witness->cx, vkey, &key);
    if (err == ERR_OK && key.type == NOTE_KEY_COSIGNATURE) err = ERR_INPUT;
    if (err != ERR_OK)
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no verifier key of a log",
                       SLICE_ARG(slice_sub(vkey, 0, 200)));
    witness->logs[witness->log_count++] = key;
    return ERR_OK;
}

static Err open_logs(Cx *cx, Witness *witness, const WitnessOptions *options)
{
    witness->logs = arena_alloc(&witness->cx.arena, LIMIT_WITNESS_LOGS * sizeof *witness->logs);
    Slice rest = SLICE(""), line;
    const char *path = disk_path(cx, options->folder, "logs");
    Err err = disk_read(cx, path, LIMIT_MIB, &rest);
    if (err != ERR_OK && err != ERR_MISSING) return err;
    // Where its keeper writes them, with how.
    if (err == ERR_MISSING)
        TRY(disk_write_new(cx, path, SLICE("# one verifier key of a log a line\n")));
    for (bool done = false; slice_cut(&rest, '\n', &done, &line);) {
        line = slice_trim(line);
        if (line.size == 0 || line.data[0] == '#') continue;
        err = add_log(cx, witness, line);
        if (err != ERR_OK) return err_wrap(cx, err, "'%s'", path);
    }
    for (size_t i = 0; i < options->log_count; i++)
        TRY(add_log(cx, witness, options->logs[i]));
    return ERR_OK;
}

static Err open_parts(Cx *cx, Witness *witness, const WitnessOptions *options)
{
    TRY(disk_folder(cx, options->folder));
    TRY(take_lock(cx, options->folder, &witness->lock_fd));
    TRY(open_signer(cx, witness, options->folder));
    TRY(open_key(cx, witness, options));
    TRY(open_logs(cx, witness, options));
    witness->origins = disk_path(&witness->cx, options->folder, "origins");
    return disk_folder(cx, witness->origins);
}

Err witness_open(Cx *cx, const WitnessOptions *options, Witness **ret_witness)
{
    Witness *witness = calloc(1, sizeof *witness); // owned: until witness_close
    if (witness == NULL) abort();
    witness->lock_fd = -1;
    cx_init(&witness->cx, cx->world, LIMIT_REQUEST_ARENA);
    (void)pthread_mutex_init(&witness->lock, NULL);
    Err err = open_parts(cx, witness, options);
    if (err != ERR_OK) {
        witness_close(witness);
        return err;
    }
    *ret_witness = witness;
    return ERR_OK;
}

void witness_close(Witness *witness)
{
    if (witness == NULL) return;
    signer_close(witness->signer);
    if (witness->lock_fd >= 0) (void)close(witness->lock_fd);
    (void)pthread_mutex_destroy(&witness->lock);
    cx_done(&witness->cx);
    free(witness);
}

Slice witness_vkey(const Witness *witness)
{
    return witness->vkey;
}

size_t witness_log_count(const Witness *witness)
{
    return witness->log_count;
}

// ---- one checkpoint ----

static void answer(WitnessReply *reply, int status, Slice type, Slice body)
{
    *reply = (WitnessReply){status, type, body};
}

static void refuse(Cx *cx, WitnessReply *reply, int status)
{
    answer(reply, status, TEXT_TYPE, cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(err_text(cx))));
}

static const char *path_of(Cx *cx, const Witness *witness, Slice origin)
{
    Digest name = digest_of(DIGEST_SHA256, origin);
    Slice hex = base64_hex(cx, digest_slice(&name));
    return cx_printf(cx, "%s/" SLICE_FMT, witness->origins, SLICE_ARG(hex)).data;
}

// ERR_CORRUPT when it is not what this witness has written: it never begins anew by itself.
static Err read_known(Cx *cx, const Witness *witness, const char *path, Known *ret_known)
{
    Known known = {.root = tree_empty(), .note = SLICE("")};
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Checkpoint checkpoint;
    Err err = disk_read(cx, path, LIMIT_NOTE_BYTES, &known.note);
    if (err == ERR_OK) {
        if (note_parse(cx, known.note, note) != ERR_OK ||
            note_verify(note, &witness->key, NULL) != NOTE_HOLDS ||
            checkpoint_parse(cx, note->text, &checkpoint) != ERR_OK)
            return err_set(cx, ERR_CORRUPT, "'%s' is damaged", path);
        known.size = checkpoint.size;
        known.root = checkpoint.root;
    }
    if (err != ERR_OK && err != ERR_MISSING) return err;
    *ret_known = known;
    return ERR_OK;
}

// Whether the log of that origin is known, and how its signatures stand; *lines: those that hold.
static bool signatures(const Witness *witness, const Note *note, Slice origin, Slice *ret_lines,
                       size_t *ret_count, NoteVerdict *ret_verdict)
{
    bool known = false, fails = false;
    *ret_count = 0;
    for (size_t i = 0; i < witness->log_count; i++) {
        const NoteKey *key = &witness->logs[i];
        if (!slice_equal(key->name, origin)) continue;
        known = true;
        NoteVerdict verdict = note_verify(note, key, NULL);
        fails = fails || verdict == NOTE_FAILS;
        for (size_t l = 0; verdict == NOTE_HOLDS && l < note->line_count; l++)
            if (note_line_is_of(&note->lines[l], key) && *ret_count < NOTE_SIGNATURES_MAX - 1)
                ret_lines[(*ret_count)++] = note->lines[l].line;
    }
    *ret_verdict = fails ? NOTE_FAILS : *ret_count > 0 ? NOTE_HOLDS : NOTE_ABSENT;
    return known;
}

// Signs, and returns only when what was signed is what lies on the disk.
static Err cosign(Cx *cx, const Witness *witness, const char *path, Slice text, Slice *lines,
                  size_t count, Slice *ret_line)
{
    Slice note;
    TRY(note_sign(cx, &witness->key, witness->signer, text, cx_now_ms(cx) / 1000, &lines[count]));
    TRY(note_print(cx, text, lines, count + 1, &note));
    TRY(disk_replace(cx, path, note));
    *ret_line = lines[count];
    return ERR_OK;
}

// Under the lock.
static void follow(Cx *cx, const Witness *witness, const WitnessBody *body,
                   const Checkpoint *checkpoint, Slice text, Slice *lines, size_t count,
                   WitnessReply *reply)
{
    Known known;
    Slice line;
    const char *path = path_of(cx, witness, checkpoint->origin);
    if (read_known(cx, witness, path, &known) != ERR_OK) {
        refuse(cx, reply, 500);
    } else if (body->old != known.size) {
        answer(reply, 409, SIZE_TYPE, cx_printf(cx, "%" PRIu64 "\n", known.size));
    } else if (!tree_is_consistent(known.size, &known.root, checkpoint->size, &checkpoint->root,
                                   &body->proof)) {
        err_set_text(cx, ERR_INPUT, "the proof does not lead from size %" PRIu64 " to %" PRIu64,
                     known.size, checkpoint->size);
        refuse(cx, reply, 422);
    } else if (cosign(cx, witness, path, text, lines, count, &line) != ERR_OK) {
        refuse(cx, reply, 500);
    } else {
        answer(reply, 200, TEXT_TYPE, line);
    }
}

void witness_add_checkpoint(Cx *cx, Witness *witness, Slice bytes, WitnessReply *ret_reply)
{
    WitnessBody *body = arena_alloc(&cx->arena, sizeof *body);
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Checkpoint checkpoint;
    Slice lines[NOTE_SIGNATURES_MAX];
    size_t count = 0;
    NoteVerdict verdict;
    if (witness_body_parse(cx, bytes, body) != ERR_OK ||
        note_parse(cx, body->note, note) != ERR_OK ||
        checkpoint_parse(cx, note->text, &checkpoint) != ERR_OK) {
        refuse(cx, ret_reply, 400);
    } else if (!signatures(witness, note, checkpoint.origin, lines, &count, &verdict)) {
        err_set_text(cx, ERR_MISSING, "this log is not watched here");
        refuse(cx, ret_reply, 404);
    } else if (verdict != NOTE_HOLDS) {
        err_set_text(cx, ERR_DENIED,
                     verdict == NOTE_FAILS ? "a signature of the log does not hold"
                                           : "the log has not signed this");
        refuse(cx, ret_reply, 403);
    } else if (body->old > checkpoint.size) {
        err_set_text(cx, ERR_INPUT, "the old size is larger than the new one");
        refuse(cx, ret_reply, 400);
    } else {
        (void)pthread_mutex_lock(&witness->lock);
        follow(cx, witness, body, &checkpoint, note->text, lines, count, ret_reply);
        (void)pthread_mutex_unlock(&witness->lock);
    }
}

void witness_checkpoint(Cx *cx, Witness *witness, Slice origin_hex, WitnessReply *ret_reply)
{
    uint8_t raw[DIGEST_SIZE];
    Known known = {.note = SLICE("")};
    // Only the spelling that we print: it becomes the name of a file.
    Slice hex = SLICE("");
    if (base64_unhex(cx, origin_hex, raw, sizeof raw) == ERR_OK)
        hex = base64_hex(cx, (Slice){(char *)raw, sizeof raw});
    Err err = ERR_OK;
    if (hex.size > 0 && slice_equal(hex, origin_hex))
        err = read_known(cx, witness,
                         cx_printf(cx, "%s/" SLICE_FMT, witness->origins, SLICE_ARG(hex)).data,
                         &known);
    if (err != ERR_OK) {
        refuse(cx, ret_reply, 500);
    } else if (known.note.size == 0) {
        err_set_text(cx, ERR_MISSING, "nothing is known of this log");
        refuse(cx, ret_reply, 404);
    } else {
        answer(ret_reply, 200, TEXT_TYPE, known.note);
    }
}
