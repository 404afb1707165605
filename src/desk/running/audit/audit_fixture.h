// For tests of the audit: a folder with a row in every table, and what an audit says of it.
#pragma once
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/date.h"
#include "base/text.h"
#include "commit/commit_wait.h"
#include "desk/running/audit/audit.h"
#include "desk/running/completeness/closing.h"
#include "desk/running/completeness/statement.h"
#include "publish/random_fixture.h"
#include "publish/sealer.h"
#include "store/disk.h"
#include "store/sqlite/sqlite_catalog.h"

#define AUDIT_FIXTURE_SEGMENT ((uint64_t)700) // bytes: several of them in a small folder

typedef struct AuditFolder {
    const char *path, *key_file;
    Store *store;
    Log *log;
    Committer *committer;
    Sealer *sealer;
    WorldFake dice;
    int arrivals;
} AuditFolder;

// A clock of our own: no test begins on one day and ends on the next. Every look at it is later.
static inline uint64_t audit_fixture_now(void *self)
{
    (void)self;
    static _Atomic uint64_t looks;
    return UINT64_C(1'795'233'600'000) + looks++; // 2026-11-21T04:00:00Z
}

static inline void audit_fixture_clock(Cx *cx)
{
    static World world;
    world = *world_real();
    world.now_ms = audit_fixture_now;
    cx->world = &world;
}

static inline void audit_fixture_durable(void *self, uint64_t next_sequence)
{
    AuditFolder *folder = self;
    if (folder->sealer != NULL) sealer_notice(folder->sealer, next_sequence);
}

static inline void audit_fixture_open(Cx *cx, AuditFolder *folder)
{
    AeadKey key;
    if (keyfile_read(cx, folder->key_file, &key) == ERR_MISSING)
        EXPECT_OK(keyfile_create(cx, folder->key_file, &key));
    const StoreOptions store = {.folder = folder->path,
                                .key_file = folder->key_file,
                                .create = true,
                                .write = true,
                                .segment_max = AUDIT_FIXTURE_SEGMENT};
    EXPECT_OK(store_open(cx, &store, &folder->store));
    EXPECT_OK(log_open(cx, folder->store, SLICE("audit.example/log"), &folder->log));
    const CommitOptions commit = {
        .fold = fold_fact, .durable = audit_fixture_durable, .durable_self = folder};
    EXPECT_OK(commit_open(cx, folder->store, &commit, &folder->committer));
    const SealerOptions sealer = {.store = folder->store,
                                  .committer = folder->committer,
                                  .log = folder->log,
                                  .interval_ms = 3'600'000};
    EXPECT_OK(sealer_open(cx, &sealer, &folder->sealer));
}

static inline void audit_fixture_close(AuditFolder *folder)
{
    sealer_close(folder->sealer);
    folder->sealer = NULL;
    commit_close(folder->committer);
    log_close(folder->log);
    store_close(folder->store);
}

// One entry of the audit log that was done, one of the platform that was refused.
static inline void audit_fixture_audited(Cx *cx, const AuditFolder *folder)
{
    AuditNote note = {.tenant = SLICE("local"),
                      .actor = SLICE("u-01"),
                      .source = SLICE("test"),
                      .address = SLICE("203.0.113.7"),
                      .act = SLICE("member.change"),
                      .object_kind = SLICE("account"),
                      .object = cx_printf(cx, "u-%d", folder->arrivals),
                      .before = SLICE("{\"roles\":\"reader\"}"),
                      .after = SLICE("{\"roles\":\"accountant\"}")};
    EXPECT_OK(commit_audit(cx, folder->committer, &note));
    note.tenant = SLICE("");
    note.result = SLICE("refused");
    EXPECT_OK(commit_wait_audited(cx, folder->committer, NULL, NULL, &note));
}

static inline void audit_fixture_grow(Cx *cx, AuditFolder *folder, int arrivals)
{
    for (int i = 0; i < arrivals; i++) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        random_fixture_arrival(&own, &folder->dice, folder->committer, folder->arrivals++);
        cx_done(&own);
    }
    random_fixture_zip(cx, folder->committer, folder->arrivals);
    Slice bytes = cx_printf(cx, "with a key, after %d", folder->arrivals);
    Slice key = cx_printf(cx, "key %d", folder->arrivals);
    EXPECT(fixture_receive(cx, folder->committer, bytes, key).err == ERR_OK);
    audit_fixture_audited(cx, folder);
    EXPECT_OK(sealer_flush(cx, folder->sealer));
}

// One cosignature of a witness over the newest checkpoint.
static inline void audit_fixture_cosign(Cx *cx, const AuditFolder *folder, const Signer *signer,
                                        const NoteKey *key)
{
    Db *db = store_writer(folder->store);
    LogHead head;
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Slice line;
    EXPECT_OK(log_head(cx, folder->log, db, &head));
    EXPECT_OK(note_parse(cx, head.note, note));
    uint64_t seconds = head.time_ms / 1000 + 1;
    EXPECT_OK(note_sign(cx, key, signer, note->text, seconds, &line));
    EXPECT_OK(db_run(cx, db,
                     "INSERT INTO cosignature (tenant, size, name, seconds, line, follows) "
                     "VALUES ('', $1, $2, $3, $4, COALESCE((SELECT MAX(size) FROM cosignature "
                     "WHERE name = $2 AND size < $1), 0))",
                     DB_VALUES(db_int((int64_t)head.size), db_text(key->name),
                               db_int((int64_t)seconds), db_blob(line)),
                     NULL));
    EXPECT_OK(db_run(cx, db, "UPDATE watcher SET size = $1 WHERE name = $2",
                     DB_VALUES(db_int((int64_t)head.size), db_text(key->name)), NULL));
}

static inline void audit_fixture_watch(Cx *cx, AuditFolder *folder)
{
    static const uint8_t seed[SIGNER_SEED_SIZE] = {7};
    Signer *signer = NULL;
    NoteKey key;
    Slice vkey;
    EXPECT_OK(signer_open(cx, SIGNER_ED25519, seed, &signer));
    const SignerPublic public_key = signer_public(signer);
    EXPECT_OK(note_key(cx, SLICE("witness.example"), NOTE_KEY_COSIGNATURE, &public_key, &key));
    EXPECT_OK(note_key_vkey(cx, &key, &vkey));
    EXPECT_OK(db_run(cx, store_writer(folder->store),
                     "INSERT INTO watcher (tenant, name, kind, vkey, url, token, added_ms, size, "
                     "ok_ms, tried_ms, error) VALUES ('', $1, 'witness', $2, "
                     "'https://witness.example', x'', 1, 0, 1, 1, '')",
                     DB_VALUES(db_text(key.name), db_text(vkey)), NULL));
    for (int i = 0; i < 3; i++) {
        audit_fixture_cosign(cx, folder, signer, &key);
        audit_fixture_grow(cx, folder, 2);
    }
    signer_close(signer);
}

// Three rows in a table of which an audit knows only that it is there: each value by its type.
static inline void audit_fixture_fill(Cx *cx, Db *db, const char *table)
{
    CatalogColumns columns;
    EXPECT_OK(sqlite_catalog_columns(cx, db, slice_of(table), &columns));
    for (int n = 1; n <= 3; n++) {
        Text sql = text_open(cx, 4096);
        text_printf(&sql, "INSERT INTO %s VALUES (", table);
        for (size_t i = 0; i < columns.count; i++)
            text_printf(&sql,
                        slice_equal(columns.types[i], SLICE("BLOB"))   ? "%sx'0%d'"
                        : slice_equal(columns.types[i], SLICE("TEXT")) ? "%s't%d'"
                                                                       : "%s%d",
                        i == 0 ? "" : ", ", n);
        text_printf(&sql, ")");
        Slice text = text_so_far(&sql);
        EXPECT_OK(db_script(cx, db, cx_printf(cx, SLICE_FMT, SLICE_ARG(text)).data));
    }
}

static inline Err audit_fixture_nothing(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db, (void)self;
    return ERR_OK;
}

// Rows that no event is behind, in all tables that have such. The last refusal comes two days
// after the others, since a quiet day is closed only when something comes after it.
static inline void audit_fixture_others(Cx *cx, const AuditFolder *folder)
{
    Db *db = store_writer(folder->store);
    int64_t now = (int64_t)cx_now_ms(cx);
    for (int i = 0; i < 3; i++) {
        uint8_t bytes[COMMIT_ID_SIZE] = {(uint8_t)(i + 1)};
        DbValue id = db_blob((Slice){(const char *)bytes, sizeof bytes});
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO refusal (tenant, id, source, reason, size, time_ms) "
                         "VALUES ('local', $1, 'http', 'too_large', $3, $2)",
                         DB_VALUES(id, db_int(now + i / 2 * 2 * (int64_t)DATE_MS_PER_DAY),
                                   db_int(70'000'000 + i)),
                         NULL));
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO sync_run (tenant, id, cause, started_ms, ended_ms, result) "
                         "VALUES ('local', $1, 'nightly', $2, $2, '{}')",
                         DB_VALUES(id, db_int(now + i)), NULL));
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO attempt (tenant, day, tag, count) "
                         "VALUES ('local', '2026-01-01', $1, $2)",
                         DB_VALUES(id, db_int(i + 1)), NULL));
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO erasure_request (tenant, id, reference, reason, asked_by, "
                         "asked_ms, decided_by, decided_ms, state) "
                         "VALUES ('local', $1, 'R-2026-000001', 'wrong_upload', 'u-1', $2, '', 0, "
                         "'asked')",
                         DB_VALUES(id, db_int(now + i)), NULL));
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO notify_outbox (tenant, id, channel, to_sealed, body_sealed, "
                         "template, language, state, tries, next_ms, created_ms, sent_ms, error) "
                         "VALUES ('local', $1, 'mail', x'01', x'02', 'test', 'zh', 'waiting', 0, "
                         "$2, $2, 0, '')",
                         DB_VALUES(id, db_int(now + i)), NULL));
        EXPECT_OK(db_run(cx, db,
                         "INSERT INTO notify_setting (tenant, name, value, changed_ms) "
                         "VALUES ('', 'mail.' || $2, $1, 1)",
                         DB_VALUES(id, db_int(i)), NULL));
    }
    static const char *const people[] = {
        "organisation", "account", "recovery_code", "member",       "session",
        "api_token",    "ticket",  "identity_link", "address_rule", "policy"};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        audit_fixture_fill(cx, db, people[i]);
    // They were written beside the committer, which binds them now.
    EXPECT_OK(commit_wait_work(cx, folder->committer, audit_fixture_nothing, NULL));
    int days = 0;
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(closing_in(cx, db, folder->log, SLICE("local"), (uint64_t)now + 3 * DATE_MS_PER_DAY,
                         &days));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(days == 3);
}

// Invoices on paper that were two each, by either number, until a document came with both.
static inline void audit_fixture_joined(Cx *cx, const AuditFolder *folder)
{
    for (int i = 0; i < 6; i++) {
        Reading reading = {.media = MEDIA_XML};
        Slice bytes = cx_printf(cx, "on paper, %d", i);
        const char *digital = cx_printf(cx, "251120000000000000%02d", i % 2).data;
        const char *number = cx_printf(cx, "876543%02d", i % 2).data;
        bool paper = i / 2 != 1;
        fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                      FIXTURE_FIELDS({DRAFT_KIND, paper ? "86" : "32"},
                                     {DRAFT_CODE, paper ? "044001900104" : ""},
                                     {DRAFT_NUMBER, paper ? number : digital},
                                     {DRAFT_DIGITAL_NUMBER, i / 2 == 2 ? digital : ""},
                                     {DRAFT_TOTAL, "106.00"}));
        Receipt receipt = fixture_receive(cx, folder->committer, bytes, SLICE(""));
        free(fixture_decide(cx, folder->committer, receipt.document, &reading).invoices);
    }
}

// A folder that is closed again: over a hundred events, three checkpoints and more, several
// segments. `whole`: with rows in every table, and today signed as if it were over.
static inline AuditFolder audit_fixture_folder(Cx *cx, const char *name, uint64_t seed, bool whole)
{
    AuditFolder folder = {.path = cx_printf(cx, "%s/%s", test_folder(), name).data};
    folder.key_file = cx_printf(cx, "%s.key", folder.path).data;
    audit_fixture_clock(cx);
    world_fake_init(&folder.dice, seed, 0);
    audit_fixture_open(cx, &folder);
    for (int i = 0; i < 4; i++)
        audit_fixture_grow(cx, &folder, 14);
    if (whole) audit_fixture_joined(cx, &folder);
    audit_fixture_watch(cx, &folder);
    if (whole) audit_fixture_others(cx, &folder);
    audit_fixture_close(&folder);
    return folder;
}

static inline AuditReport audit_fixture_run(Cx *cx, const AuditFolder *folder, AuditOptions options)
{
    options.folder = folder->path;
    options.key_file = folder->key_file;
    options.scratch = test_folder();
    AuditReport report;
    EXPECT_OK(audit_run(cx, &options, &report));
    return report;
}

static inline void audit_fixture_show(const AuditReport *report)
{
    for (size_t i = 0; i < report->count; i++)
        (void)fprintf(stderr, "  %s  " SLICE_FMT "  " SLICE_FMT "\n", report->findings[i].kind,
                      SLICE_ARG(report->findings[i].where), SLICE_ARG(report->findings[i].text_en));
}

// Whether there is a finding of this kind at a place that begins so.
static inline bool audit_fixture_has(const AuditReport *report, const char *kind, Slice where)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->findings[i].kind, kind) == 0 &&
            slice_starts(report->findings[i].where, where))
            return true;
    return false;
}

// What someone does who holds the keys: the guards of the table go first.
static inline void audit_fixture_tamper(Cx *cx, const AuditFolder *folder, const char *table,
                                        const char *sql)
{
    Store *store = NULL;
    const StoreOptions options = {
        .folder = folder->path, .key_file = folder->key_file, .write = true};
    EXPECT_OK(store_open(cx, &options, &store));
    Db *db = store_writer(store);
    static const char *const guards[] = {"no_update", "no_delete", "no_replace"};
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++)
        EXPECT_OK(db_script(cx, db,
                            cx_printf(cx, "DROP TRIGGER IF EXISTS %s_%s", table, guards[i]).data));
    EXPECT_OK(db_script(cx, db, sql));
    store_close(store);
}

// Tampers, audits, and expects that finding.
static inline void audit_fixture_expect(Cx *cx, const AuditFolder *folder, const char *table,
                                        const char *sql, const char *kind, const char *where)
{
    audit_fixture_tamper(cx, folder, table, sql);
    AuditReport report = audit_fixture_run(cx, folder, (AuditOptions){});
    if (!audit_fixture_has(&report, kind, slice_of(where))) {
        audit_fixture_show(&report);
        test_fail(__FILE__, __LINE__, sql);
    }
}

static inline const char *audit_fixture_text(Cx *cx, const AuditFolder *folder, const char *sql)
{
    Store *store = NULL;
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    Slice text = SLICE("");
    const StoreOptions options = {.folder = folder->path, .key_file = folder->key_file};
    EXPECT_OK(store_open(cx, &options, &store));
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    text = db_col_text(rows, 0);
    const char *copy = cx_printf(cx, SLICE_FMT, SLICE_ARG(text)).data;
    db_rows_close(rows);
    store_give(store, db);
    store_close(store);
    return copy;
}

// Writes over, or behind, `path` within the folder; size 0 cuts it off at `position`.
static inline void audit_fixture_write(Cx *cx, const AuditFolder *folder, const char *path,
                                       int64_t position, Slice bytes)
{
    const char *whole = cx_printf(cx, "%s/%s", folder->path, path).data;
    int fd = open(whole, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    EXPECT(fd >= 0);
    if (bytes.size == 0)
        EXPECT(ftruncate(fd, position) == 0);
    else
        EXPECT(pwrite(fd, bytes.data, bytes.size, position) == (ssize_t)bytes.size);
    EXPECT(close(fd) == 0);
}
