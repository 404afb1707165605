#include "desk/running/mirror/node.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"
#include "commit/commit_wait.h"
#include "desk/running/watch/watch_line.h"
#include "desk/running/watch/watch_list.h"
#include "store/disk.h"

// --- who they are

typedef struct Adding {
    Slice name;
    Digest token;
    uint64_t time_ms;
} Adding;

static Err add_work(Cx *cx, Db *db, void *self)
{
    const Adding *adding = self;
    return db_run(cx, db,
                  "INSERT INTO watcher (tenant, name, kind, vkey, url, token, added_ms, size, "
                  "ok_ms, tried_ms, error) VALUES ('', $1, 'mirror', '', '', $2, $3, 0, 0, 0, '')",
                  DB_VALUES(db_text(adding->name), db_blob(digest_slice(&adding->token)),
                            db_int((int64_t)adding->time_ms)),
                  NULL);
}

Err node_add(Cx *cx, Committer *committer, Slice name, Slice *ret_token, AuditNote *note)
{
    NoteKey key;
    const SignerPublic none = {.kind = SIGNER_ED25519, .size = SIGNER_SEED_SIZE};
    TRY(note_key(cx, name, NOTE_KEY_COSIGNATURE, &none, &key)); // a name that a key may have
    uint8_t random[NODE_TOKEN_SIZE / 2];
    cx_random(cx, random, sizeof random);
    Slice token = base64_hex(cx, (Slice){(const char *)random, sizeof random});
    Adding adding = {
        .name = name, .token = digest_of(DIGEST_SHA256, token), .time_ms = cx_now_ms(cx)};
    Err err = watch_list_write(cx, committer, add_work, &adding, note);
    if (err == ERR_CONFLICT)
        return err_set(cx, err, "there is a watcher '" SLICE_FMT "' already", SLICE_ARG(name));
    *ret_token = token;
    return err;
}

Err node_of_token(Cx *cx, Db *db, Slice token, Slice *ret_name)
{
    // Looked for by its digest: how long a comparison takes tells nothing of the token.
    Digest digest = digest_of(DIGEST_SHA256, token);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT name FROM watcher WHERE tenant = '' AND token = $1",
                 DB_VALUES(db_blob(digest_slice(&digest))), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row || token.size != NODE_TOKEN_SIZE)
        return err_set(cx, ERR_DENIED, "this token is of no mirror");
    return cx_copy(cx, db_col_text(rows, 0), ret_name);
}

// --- what they are given

Err node_hello_print(Cx *cx, Store *store, Log *log, Slice *ret_text)
{
    Slice keys;
    TRY(disk_read(cx, disk_path(cx, store_folder(store), "keys"), LIMIT_NODE_HELLO_BYTES, &keys));
    Text text = text_open(cx, LIMIT_NODE_HELLO_BYTES);
    text_printf(&text, "fapiao-node-1\norigin " SLICE_FMT "\n", SLICE_ARG(log_origin(log)));
    for (size_t i = 0; i < LOG_KEYS; i++) {
        Slice vkey;
        TRY(note_key_vkey(cx, &log_keys(log)[i], &vkey));
        text_printf(&text, "vkey " SLICE_FMT "\n", SLICE_ARG(vkey));
    }
    text_add(&text, SLICE("keys "));
    text_add(&text, base64_encode(cx, keys));
    text_byte(&text, '\n');
    return text_done(cx, &text, ret_text);
}

// The next line's part behind `word` and a space.
static bool take(Slice *rest, bool *done, const char *word, Slice *ret_value)
{
    Slice line, begin = slice_of(word);
    if (!slice_cut(rest, '\n', done, &line) || !slice_starts(line, begin)) return false;
    *ret_value = slice_sub(line, begin.size, line.size);
    return !slice_empty(*ret_value);
}

Err node_hello_parse(Cx *cx, Slice text, NodeHello *ret_hello)
{
    bool done = false;
    Slice head, vkey, keys;
    *ret_hello = (NodeHello){};
    bool good = slice_ends(text, SLICE("\n")) && slice_cut(&text, '\n', &done, &head) &&
                slice_equal(head, SLICE("fapiao-node-1")) &&
                take(&text, &done, "origin ", &ret_hello->origin) &&
                ret_hello->origin.size <= NOTE_NAME_MAX && utf8_is_clean(ret_hello->origin) &&
                slice_find(ret_hello->origin, SLICE("\t")) == SLICE_NONE;
    for (size_t i = 0; i < LOG_KEYS && good; i++) {
        good = take(&text, &done, "vkey ", &vkey);
        if (good) TRY(note_key_parse(cx, vkey, &ret_hello->log_keys[i]));
    }
    if (!good || !take(&text, &done, "keys ", &keys) || !slice_empty(text))
        return err_set(cx, ERR_INPUT, "the primary's greeting is not of the form that is known");
    return base64_decode(cx, keys, true, &ret_hello->keys);
}

// --- what they signed

typedef struct Cosigning {
    Slice name, vkey, line;
    uint64_t size, seconds;
} Cosigning;

// The first key that a mirror signs with is its own from then on.
static Err pin_work(Cx *cx, Db *db, void *self)
{
    const Cosigning *cosigning = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db,
               "UPDATE watcher SET vkey = $2 WHERE tenant = '' AND name = $1 "
               "AND kind = 'mirror' AND vkey IN ('', $2)",
               DB_VALUES(db_text(cosigning->name), db_text(cosigning->vkey)), &changed));
    if (changed == 1) return ERR_OK;
    return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' has signed with another key before",
                   SLICE_ARG(cosigning->name));
}

static Err find_checkpoint(Cx *cx, Store *store, uint64_t size, Slice *ret_note)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    DbRows *rows = NULL;
    bool row = false;
    Err err = db_query(cx, db, "SELECT note FROM checkpoint WHERE tenant = '' AND size = $1",
                       DB_VALUES(db_int((int64_t)size)), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    if (err == ERR_OK && !row)
        err = err_set(cx, ERR_MISSING, "no checkpoint has %llu leaves", (unsigned long long)size);
    if (err == ERR_OK) err = cx_copy(cx, db_col_blob(rows, 0), ret_note);
    db_rows_close(rows);
    store_give(store, db);
    return err;
}

// The line alone is kept, whatever came with it.
static Err check_line(Cx *cx, Slice bytes, const NoteKey *key, Cosigning *cosigning)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    TRY(note_parse(cx, bytes, note));
    return watch_line_find(cx, note->text, cosigning->line, key, &cosigning->line,
                           &cosigning->seconds);
}

Err node_cosign(Cx *cx, Store *store, Committer *committer, Slice name, Slice body)
{
    Cosigning cosigning = {.name = name};
    Slice size, note;
    bool done = false;
    if (body.size > LIMIT_NODE_HELLO_BYTES || !slice_cut(&body, '\n', &done, &cosigning.vkey) ||
        !slice_cut(&body, '\n', &done, &size) || !slice_u64(size, &cosigning.size))
        return err_set(cx, ERR_INPUT, "this is no cosignature");
    cosigning.line = body;
    NoteKey key;
    TRY(note_key_parse(cx, cosigning.vkey, &key));
    if (key.type != NOTE_KEY_COSIGNATURE || !slice_equal(key.name, name))
        return err_set(cx, ERR_DENIED, "a mirror signs with a cosigner's key of its own name");
    TRY(find_checkpoint(cx, store, cosigning.size, &note));
    TRY(check_line(cx, note, &key, &cosigning));
    TRY(commit_wait_work(cx, committer, pin_work, &cosigning));
    const WatchOutcome outcome = {.name = name,
                                  .size = cosigning.size,
                                  .tried_ms = cx_now_ms(cx),
                                  .line = cosigning.line,
                                  .seconds = cosigning.seconds};
    return watch_list_note(cx, committer, &outcome);
}

Err node_failed(Cx *cx, Committer *committer, Slice name, Slice text)
{
    if (!utf8_is_clean(text) || text.size > NODE_ERROR_MAX)
        return err_set(cx, ERR_INPUT, "a mirror's trouble is at most %d bytes of text",
                       NODE_ERROR_MAX);
    const WatchOutcome outcome = {.name = name, .tried_ms = cx_now_ms(cx), .error = text};
    return watch_list_note(cx, committer, &outcome);
}
