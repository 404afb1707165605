#include "desk/running/mirror/node.h"

#include "commit/commit_fixture.h"
#include "publish/fold.h"
#include "publish/sealer.h"

// A log with one signed checkpoint.
typedef struct Place {
    Store *store;
    Committer *committer;
    Log *log;
    Sealer *sealer;
    LogHead head;
} Place;

static Db *take(Cx *cx, Place *place)
{
    Db *db = NULL;
    EXPECT_OK(store_take(cx, place->store, &db));
    return db;
}

static void place_open(Cx *cx, Place *place, const char *name)
{
    place->store = fixture_store(cx, name);
    EXPECT_OK(log_open(cx, place->store, SLICE("log.example/one"), &place->log));
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(commit_open(cx, place->store, &options, &place->committer));
    EXPECT(fixture_receive(cx, place->committer, SLICE("a file"), SLICE("")).err == ERR_OK);
    const SealerOptions seal = {
        .store = place->store, .committer = place->committer, .log = place->log};
    EXPECT_OK(sealer_open(cx, &seal, &place->sealer));
    EXPECT_OK(sealer_flush(cx, place->sealer));
    Db *db = take(cx, place);
    EXPECT_OK(log_head(cx, place->log, db, &place->head));
    store_give(place->store, db);
}

static void place_close(Place *place)
{
    sealer_close(place->sealer);
    commit_close(place->committer);
    log_close(place->log);
    store_close(place->store);
}

TEST("node: a token is known by its digest alone, and of one mirror")
{
    Place place;
    Slice one, two, name;
    place_open(cx, &place, "tokens");
    EXPECT_OK(node_add(cx, place.committer, SLICE("east"), &one, NULL));
    EXPECT_OK(node_add(cx, place.committer, SLICE("west"), &two, NULL));
    EXPECT(one.size == NODE_TOKEN_SIZE && !slice_equal(one, two));
    EXPECT(node_add(cx, place.committer, SLICE("east"), &name, NULL) == ERR_CONFLICT);
    EXPECT(node_add(cx, place.committer, SLICE("a b"), &name, NULL) == ERR_INPUT);
    EXPECT(node_add(cx, place.committer, SLICE(""), &name, NULL) == ERR_INPUT);
    Db *db = take(cx, &place);
    EXPECT_OK(node_of_token(cx, db, two, &name));
    EXPECT(slice_equal(name, SLICE("west")));
    static const char *const wrong[] = {"", "x", "0000"};
    for (size_t i = 0; i < 3; i++)
        EXPECT(node_of_token(cx, db, slice_of(wrong[i]), &name) == ERR_DENIED);
    EXPECT(node_of_token(cx, db, slice_sub(two, 0, two.size - 1), &name) == ERR_DENIED);
    store_give(place.store, db);
    place_close(&place);
}

TEST("node: the greeting says what a mirror needs, and is read strictly")
{
    Place place;
    Slice text;
    NodeHello hello;
    place_open(cx, &place, "hello");
    EXPECT_OK(node_hello_print(cx, place.store, place.log, &text));
    EXPECT_OK(node_hello_parse(cx, text, &hello));
    EXPECT(slice_equal(hello.origin, SLICE("log.example/one")));
    EXPECT(slice_starts(hello.keys, SLICE("fapiao-keys-1\n")));
    EXPECT(memcmp(hello.log_keys[1].id, log_keys(place.log)[1].id, NOTE_ID_SIZE) == 0);
    for (size_t size = 0; size < text.size; size++)
        EXPECT(node_hello_parse(cx, slice_sub(text, 0, size), &hello) == ERR_INPUT);
    // The origin becomes the name of a log, and is shown.
    char *bent = arena_alloc(&cx->arena, text.size);
    static const char odd[] = {'\0', '\x1b', '\r', '\t', '\xff', '\n'};
    for (size_t i = 0; i < sizeof odd; i++) {
        memcpy(bent, text.data, text.size);
        bent[slice_find(text, SLICE("example"))] = odd[i];
        EXPECT(node_hello_parse(cx, (Slice){bent, text.size}, &hello) == ERR_INPUT);
    }
    place_close(&place);
}

static Signer *signer_of(Cx *cx, uint8_t seed_byte, Slice name, NoteKey *ret_key)
{
    uint8_t seed[SIGNER_SEED_SIZE];
    memset(seed, seed_byte, sizeof seed);
    Signer *signer = NULL;
    EXPECT_OK(signer_open(cx, SIGNER_ED25519, seed, &signer));
    const SignerPublic public_key = signer_public(signer);
    EXPECT_OK(note_key(cx, name, NOTE_KEY_COSIGNATURE, &public_key, ret_key));
    return signer;
}

// What the mirror of that name and key says of `text`.
static Slice body_of(Cx *cx, uint8_t seed, Slice name, Slice text, uint64_t size)
{
    NoteKey key;
    Slice line, vkey;
    Signer *signer = signer_of(cx, seed, name, &key);
    EXPECT_OK(note_sign(cx, &key, signer, text, 1'767'225'600, &line));
    EXPECT_OK(note_key_vkey(cx, &key, &vkey));
    signer_close(signer);
    return cx_printf(cx, SLICE_FMT "\n%llu\n" SLICE_FMT, SLICE_ARG(vkey), (unsigned long long)size,
                     SLICE_ARG(line));
}

static Slice line_of(Cx *cx, uint8_t seed, Slice name, Slice text)
{
    NoteKey key;
    Slice line;
    Signer *signer = signer_of(cx, seed, name, &key);
    EXPECT_OK(note_sign(cx, &key, signer, text, 1'767'225'600, &line));
    signer_close(signer);
    return line;
}

// Ends the note with an empty line, and signs all of it as one text.
static Slice longer_of(Cx *cx, Slice name, Slice note, uint64_t size)
{
    Slice text = cx_printf(cx, SLICE_FMT "x\n", SLICE_ARG(note));
    Slice body = body_of(cx, 7, name, text, size), line = line_of(cx, 7, name, text);
    Slice head = slice_sub(body, 0, body.size - line.size);
    return cx_printf(cx, SLICE_FMT "x\n\n" SLICE_FMT, SLICE_ARG(head), SLICE_ARG(line));
}

TEST("node: a cosignature is kept when it holds, and the first key stays")
{
    Place place;
    Slice token;
    place_open(cx, &place, "cosigned");
    EXPECT_OK(node_add(cx, place.committer, SLICE("east"), &token, NULL));
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    EXPECT_OK(note_parse(cx, place.head.note, note));
    Slice stranger_line = line_of(cx, 9, SLICE("stranger"), note->text);
    Slice east = SLICE("east"), other = SLICE("log.example/one\n1\nAAAA\n");
    const struct {
        Slice body;
        Err err;
    } cases[] = {
        {body_of(cx, 7, east, other, 1), ERR_DENIED}, // of another text
        {body_of(cx, 7, SLICE("west"), note->text, 1), ERR_DENIED},
        {body_of(cx, 7, east, note->text, 2), ERR_MISSING}, // no such checkpoint
        {SLICE("east\n1\n"), ERR_INPUT},
        {SLICE(""), ERR_INPUT},
        {longer_of(cx, east, place.head.note, 1), ERR_DENIED}, // of a text that goes on behind ours
        {cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(body_of(cx, 7, east, note->text, 1)),
                   SLICE_ARG(stranger_line)),
         ERR_OK},
        {body_of(cx, 7, east, note->text, 1), ERR_OK},
        {body_of(cx, 7, east, note->text, 1), ERR_OK},     // said again
        {body_of(cx, 8, east, note->text, 1), ERR_DENIED}, // with another key
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (node_cosign(cx, place.store, place.committer, east, cases[i].body) != cases[i].err)
            test_fail(__FILE__, __LINE__, cx_printf(cx, "case %zu: %s", i, cx->err_text).data);
    EXPECT(fixture_count(cx, place.store, "SELECT COUNT(*) FROM cosignature") == 1);
    // The line alone, not what else was put under the note.
    EXPECT(fixture_count(cx, place.store,
                         "SELECT COUNT(*) FROM cosignature WHERE instr(line, x'0A') = "
                         "length(line)") == 1);
    EXPECT(fixture_count(cx, place.store, "SELECT size FROM watcher WHERE error = ''") == 1);
    EXPECT_OK(node_failed(cx, place.committer, east, SLICE("磁盘满 no room")));
    EXPECT(fixture_count(cx, place.store, "SELECT COUNT(*) FROM watcher WHERE error <> ''") == 1);
    EXPECT(node_failed(cx, place.committer, east, SLICE("\x01")) == ERR_INPUT);
    Db *db = take(cx, &place);
    LogHead head;
    EXPECT_OK(log_head(cx, place.log, db, &head));
    // In the note, but no witness: who keeps a mirror may be who keeps the log.
    EXPECT(head.witnesses == 0 && slice_find(head.note, SLICE("\n— east ")) != SLICE_NONE);
    store_give(place.store, db);
    place_close(&place);
}
