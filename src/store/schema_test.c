#include "store/schema.h"

#include "base/test.h"
#include "store/sqlite/foreign_fixture.h"
#include "store/sqlite/sqlite_engine.h"

static const AeadKey page_key = {"k"};

static Db *fresh_at(Cx *cx, const char **ret_path)
{
    static int count;
    *ret_path = cx_printf(cx, "%s/%d.db", test_folder(), count++).data;
    SqliteOptions options = {.path = *ret_path,
                             .page_key = &page_key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    Db *db = NULL;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT_OK(schema_apply(cx, db));
    return db;
}

static Db *fresh(Cx *cx)
{
    const char *path = NULL;
    return fresh_at(cx, &path);
}

static int64_t count_of(Cx *cx, Db *db, const char *sql)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    return db_col_int(rows, 0);
}

TEST("schema: applied once, and refused when a newer program wrote it")
{
    Db *db = fresh(cx);
    EXPECT_OK(schema_apply(cx, db));
    EXPECT_OK(
        db_script(cx, db, "UPDATE meta SET value = CAST('999' AS BLOB) WHERE name = 'schema'"));
    EXPECT(schema_apply(cx, db) == ERR_CORRUPT);
    db_close(db);
}

TEST("schema: the lists of tables are the tables that are there")
{
    Db *db = fresh(cx);
    int64_t named = 0;
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++)
        named++;
    for (size_t i = 0; SCHEMA_FACTS[i] != NULL; i++)
        named++;
    // Mutable ones: meta, head, counter, attempt, log_head, watcher, sync_run, notify_outbox,
    // notify_setting, organisation, account, recovery_code, member, session, api_token, ticket,
    // identity_link, address_rule, policy, row_seal.
    EXPECT(count_of(cx, db,
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
                    "AND name NOT LIKE 'sqlite_%'") == named + 21);
    db_close(db);
}

TEST("schema: resetting empties the projections and nothing else")
{
    Db *db = fresh(cx);
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO party VALUES ('t', 1, 'n', 'x', 'n');"
                        "INSERT INTO content_key VALUES ('t', x'01', x'02')"));
    static const char *const things = "SELECT count(*) FROM sqlite_schema";
    int64_t before = count_of(cx, db, things);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(schema_reset_projections(cx, db));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(count_of(cx, db, things) == before); // the indexes that go later are gone again
    EXPECT(count_of(cx, db, "SELECT count(*) FROM party") == 0);
    EXPECT(count_of(cx, db, "SELECT count(*) FROM content_key") == 1);
    db_close(db);
}

static const char *const rows_sql =
    "INSERT INTO document VALUES ('t',x'01','R-1',x'02',1,NULL,1,1,1,x'03','a','s',1);"
    "INSERT INTO reading VALUES ('t',x'01',x'01',0,'1',x'09',2,x'00',1);"
    "INSERT INTO identity VALUES ('t','vat',x'05',x'09',1);"
    "INSERT INTO event VALUES ('t',1,12,x'01',0,x'00',x'aa',x'bb',x'cc',x'dd','a','s',1);"
    "INSERT INTO content_key VALUES ('t',x'01',x'02');"
    "INSERT INTO checkpoint VALUES ('',1,x'01',x'02',1,0,x'');"
    "INSERT INTO cosignature VALUES ('',1,'w',5,x'02',0);"
    "INSERT INTO refusal VALUES ('t',x'01','cli','empty',0,1);"
    "INSERT INTO statement VALUES ('t','2026-01-01',1,x'02',1);";

static const char *const attacks[] = {
    "UPDATE document SET size = 2",
    "UPDATE OR REPLACE document SET reference = 'R-2'",
    "DELETE FROM document",
    "INSERT OR REPLACE INTO document VALUES "
    "('t',x'01','R-9',x'02',1,NULL,1,1,1,NULL,'a','s',1)",
    "INSERT OR REPLACE INTO document VALUES "
    "('t',x'07','R-1',x'02',1,NULL,1,1,1,NULL,'a','s',1)",
    "REPLACE INTO document VALUES ('t',x'07','R-9',x'02',1,NULL,1,1,1,x'03','a','s',1)",
    "INSERT INTO document VALUES ('t',x'01','R-9',x'02',1,NULL,1,1,1,NULL,'a','s',1) "
    "ON CONFLICT DO UPDATE SET size = 9",
    "UPDATE reading SET basis = 0",
    "DELETE FROM reading WHERE ordinal = 0",
    "REPLACE INTO reading VALUES ('t',x'01',x'01',0,'1',x'09',0,x'00',1)",
    "INSERT INTO reading VALUES ('t',x'01',x'01',0,'1',x'09',0,x'00',1) "
    "ON CONFLICT (tenant, id) DO UPDATE SET basis = 0",
    "UPDATE identity SET invoice = x'08'",
    "DELETE FROM identity",
    "REPLACE INTO identity VALUES ('t','vat',x'05',x'09',2)",
    "INSERT INTO identity VALUES ('t','vat',x'05',x'09',2) ON CONFLICT DO UPDATE SET time_ms=3",
    "UPDATE event SET type = 1",
    "DELETE FROM event",
    "REPLACE INTO event VALUES ('t',1,12,x'01',1,x'01',x'aa',x'bb',x'cc',x'dd','a','s',1)",
    "REPLACE INTO event VALUES ('t',2,12,x'01',0,x'00',x'aa',x'bb',x'cc',x'dd','a','s',1)",
    "INSERT INTO event VALUES ('t',1,12,x'01',1,x'01',x'aa',x'bb',x'cc',x'dd','a','s',1) "
    "ON CONFLICT DO UPDATE SET type = 1",
    "UPDATE content_key SET wrapped = x'03'",
    "DELETE FROM content_key",
    "REPLACE INTO content_key VALUES ('t',x'01',x'03')",
    "INSERT INTO content_key VALUES ('t',x'01',x'03') ON CONFLICT DO UPDATE SET wrapped=x'03'",
    "UPDATE checkpoint SET root = x'03'",
    "DELETE FROM checkpoint",
    "REPLACE INTO checkpoint VALUES ('',1,x'03',x'02',1,0,x'')",
    "INSERT INTO checkpoint VALUES ('',1,x'03',x'02',1,0,x'') ON CONFLICT DO UPDATE SET root=x'03'",
    "UPDATE cosignature SET line = x'03'",
    "DELETE FROM cosignature",
    "REPLACE INTO cosignature VALUES ('',1,'w',5,x'03',0)",
    "UPDATE refusal SET reason = 'too_large'",
    "DELETE FROM refusal",
    "REPLACE INTO refusal VALUES ('t',x'01','cli','too_large',0,1)",
    "UPDATE statement SET note = x'03'",
    "DELETE FROM statement",
    "REPLACE INTO statement VALUES ('t','2026-01-01',1,x'03',1)",
    "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE type = 'trigger'",
};

TEST("I2: facts refuse UPDATE, DELETE, REPLACE, OR REPLACE and UPSERT through the raw engine")
{
    Db *db = fresh(cx);
    EXPECT_OK(db_script(cx, db, rows_sql));
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        if (db_script(cx, db, attacks[i]) == ERR_OK) test_fail(__FILE__, __LINE__, attacks[i]);
        for (size_t j = 0; SCHEMA_FACTS[j] != NULL; j++)
            EXPECT(count_of(cx, db,
                            cx_printf(cx, "SELECT count(*) FROM %s", SCHEMA_FACTS[j]).data) == 1);
    }
    db_close(db);
}

TEST("I2: a foreign connection, too, can't change, replace or add a fact")
{
    const char *path = NULL;
    Db *db = fresh_at(cx, &path);
    EXPECT_OK(db_script(cx, db, rows_sql));
    EXPECT(foreign_run(cx, path, &page_key, "SELECT * FROM event"));
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        // The last takes the guards themselves away: who has the key can, and the ledger shows it.
        if (strstr(attacks[i], "PRAGMA") == NULL && foreign_run(cx, path, &page_key, attacks[i]))
            test_fail(__FILE__, __LINE__, attacks[i]);
    EXPECT(!foreign_run(cx, path, &page_key, "INSERT INTO content_key VALUES ('t',x'05',x'02')"));
    for (size_t j = 0; SCHEMA_FACTS[j] != NULL; j++)
        EXPECT(count_of(cx, db, cx_printf(cx, "SELECT count(*) FROM %s", SCHEMA_FACTS[j]).data) ==
               1);
    db_close(db);
}

TEST("schema: a content key is deleted while something is being erased, and only then")
{
    Db *db = fresh(cx);
    EXPECT_OK(db_script(cx, db, rows_sql));
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO meta VALUES ('erasing', x'00');"
                        "DELETE FROM content_key; DELETE FROM meta WHERE name='erasing'"));
    EXPECT(count_of(cx, db, "SELECT count(*) FROM content_key") == 0);
    db_close(db);
}

TEST("schema: look-ups by a subject or an identity use their index, not a walk through the tenant")
{
    static const struct {
        const char *sql, *index;
    } cases[] = {
        {"SELECT leaf_hash FROM event WHERE tenant = 't' AND subject = x'01' "
         "ORDER BY follows DESC LIMIT 1",
         "sqlite_autoindex_event_1"},
        {"SELECT 1 FROM carrier WHERE tenant = 't' AND document = x'01'", "carrier_document"},
        {"SELECT id FROM document WHERE tenant = 't' AND id >= x'01' AND id <= x'02' "
         "AND sha256 = x'03' AND same_as IS NULL",
         "PRIMARY KEY (tenant=? AND id>? AND id<?)"},
        {"SELECT id FROM document WHERE tenant = 't' AND reference = 'R'", "document_reference"},
        {"SELECT state FROM document_state WHERE tenant = 't' AND document = "
         "(SELECT id FROM document WHERE tenant = 't' AND reference = 'R')",
         "PRIMARY KEY (tenant=? AND document=?)"},
        {"SELECT id FROM invoice WHERE tenant = 't' AND number = '1' ORDER BY id",
         "invoice_number"},
        {"SELECT id FROM invoice WHERE number = '1' AND code = ''", "invoice_number (number=? AND"},
        {"SELECT 1 FROM invoice WHERE tenant = 't' AND number = '1' AND code = ''",
         "invoice_number (number=? AND code=? AND tenant=?)"},
        {"SELECT MAX(time_ms) FROM refusal", "refusal_came"},
        {"SELECT tenant FROM refusal WHERE time_ms >= 5 AND (time_ms > 5 OR id > x'01') "
         "ORDER BY time_ms, id LIMIT 9",
         "refusal_came (time_ms>?)"},
        {"SELECT tenant FROM statement WHERE time_ms > 5 AND time_ms <= 9 "
         "ORDER BY time_ms, tenant, day",
         "statement_came (time_ms>? AND time_ms<?)"},
        {"SELECT MIN(tenant) FROM document_state WHERE tenant > 't'", "(tenant>?)"},
        {"SELECT invoice FROM identity WHERE tenant = 't' AND scheme = 'vat' AND tag = x'01'",
         "tag=?"},
        {"SELECT sequence FROM event WHERE tenant = 't' AND subject = x'01' AND follows = 0",
         "follows=?"},
        {"SELECT leaf_hash FROM event WHERE sequence > 7 ORDER BY sequence LIMIT 9", "rowid>?"},
        {"SELECT size FROM checkpoint WHERE tenant = '' ORDER BY size DESC LIMIT 1",
         "USING PRIMARY KEY (tenant=?)"},
        {"SELECT name, line FROM cosignature WHERE tenant = '' AND size = 7 "
         "ORDER BY name, seconds DESC",
         "USING PRIMARY KEY (tenant=? AND size=?)"},
        {"SELECT size, name FROM cosignature WHERE tenant = '' AND size > 7 "
         "ORDER BY size DESC LIMIT 9",
         "USING PRIMARY KEY (tenant=? AND size>?)"},
        {"SELECT id FROM notify_outbox WHERE tenant = 't' AND channel = 'mail' AND "
         "state IN ('waiting', 'failed') ORDER BY next_ms LIMIT 9",
         "notify_outbox_due (tenant=? AND channel=?)"},
        {"SELECT tenant FROM notify_outbox WHERE tenant > '' AND state IN ('waiting', 'failed') "
         "ORDER BY tenant LIMIT 1",
         "notify_outbox_due (tenant>?)"},
        {"SELECT tenant FROM notify_outbox WHERE state IN ('waiting', 'failed') ORDER BY tenant "
         "LIMIT 1",
         "INDEX notify_outbox_due"},
        {"SELECT tenant FROM notify_outbox WHERE tenant > 't' ORDER BY tenant LIMIT 1",
         "(tenant>?)"},
        {"SELECT id FROM notify_outbox WHERE tenant = 't' AND state = 'failed' AND id < x'01' "
         "ORDER BY id DESC LIMIT 9",
         "notify_outbox_state (tenant=? AND state=? AND id<?)"},
        {"SELECT id FROM notify_outbox WHERE tenant = 't' AND id < x'01' "
         "ORDER BY id DESC LIMIT 9",
         "PRIMARY KEY (tenant=? AND id<?)"},
        {"SELECT act FROM audit_entry WHERE time_ms <= 9 AND time_ms >= 5 AND tenant = 't' "
         "ORDER BY time_ms DESC, sequence DESC",
         "audit_entry_time (tenant=? AND time_ms>? AND time_ms<?)"},
        {"SELECT act FROM audit_entry WHERE time_ms <= 9 AND time_ms >= 5 AND tenant = 't' AND "
         "actor = 'a' ORDER BY time_ms DESC, sequence DESC",
         "audit_entry_actor (tenant=? AND actor=? AND time_ms>? AND time_ms<?)"},
        {"SELECT act FROM audit_entry WHERE time_ms <= 9 AND time_ms >= 5 AND tenant = 't' AND "
         "act = 'a' ORDER BY time_ms DESC, sequence DESC",
         "audit_entry_act (tenant=? AND act=? AND time_ms>? AND time_ms<?)"},
        {"SELECT act FROM audit_entry WHERE time_ms <= 9 AND time_ms >= 5 AND tenant = 't' AND "
         "object_kind = 'k' AND object = 'o' ORDER BY time_ms DESC, sequence DESC",
         "audit_entry_object (tenant=? AND object_kind=? AND object=? AND time_ms>? AND "
         "time_ms<?)"},
        {"SELECT act FROM audit_entry WHERE time_ms <= 9 AND time_ms >= 5 "
         "ORDER BY time_ms DESC, sequence DESC",
         "audit_entry_all (time_ms>? AND time_ms<?)"},
#define DOCUMENTS(state)                                                                           \
    "SELECT reference FROM document_state WHERE tenant = 't' AND document >= x'01' AND document "  \
    "< x'02' AND ($1 = '' OR received_day = $1)" state " ORDER BY document DESC LIMIT 9"
        {DOCUMENTS(""), "PRIMARY KEY (tenant=? AND document>? AND document<?)"},
        {DOCUMENTS(" AND state = 'accepted'"),
         "PRIMARY KEY (tenant=? AND document>? AND document<?)"},
        {DOCUMENTS(" AND state = $2 AND state NOT IN ('received', 'accepted')"),
         "document_state_unusual (tenant=? AND state=? AND document>? AND document<?)"},
        {DOCUMENTS(" AND state = $2 AND done_ms IS NULL"),
         "document_state_open (tenant=? AND document>? AND document<?)"},
        {"SELECT document FROM document_state WHERE tenant = 't' AND document >= x'01' AND "
         "done_ms IS NULL ORDER BY document LIMIT 9",
         "INDEX document_state_open (tenant=? AND document>?)"},
        {"SELECT tenant FROM document_state WHERE tenant > 't' AND done_ms IS NULL AND "
         "document >= x'01' ORDER BY tenant LIMIT 1",
         "INDEX document_state_open (tenant>?)"},
        {"SELECT source, COUNT(*) FROM document_state WHERE tenant = 't' AND document >= x'01' AND "
         "document < x'02' AND received_day = 'd' GROUP BY 1",
         "PRIMARY KEY (tenant=? AND document>? AND document<?)"},
        {"SELECT id FROM document WHERE tenant = 't' ORDER BY id LIMIT 1",
         "PRIMARY KEY (tenant=?)"},
        {"SELECT MIN(time_ms) FROM document WHERE tenant = 't' AND id < x'01'",
         "PRIMARY KEY (tenant=? AND id<?)"},
        {"SELECT container FROM document_entry WHERE tenant = 't' AND document = x'01'",
         "document_entry_document (tenant=? AND document=?)"},
        {"SELECT document FROM document_entry WHERE tenant = 't' AND container = x'01' AND "
         "entry >= 5 ORDER BY entry LIMIT 9",
         "PRIMARY KEY (tenant=? AND container=? AND entry>?)"},
        {"SELECT COALESCE(sum(invoices), 0) FROM invoice_day WHERE tenant = 't'",
         "PRIMARY KEY (tenant=?)"},
        {"SELECT e.time_ms FROM event e WHERE e.tenant = 't' AND e.type = 16 AND e.time_ms >= 5",
         "event_released (tenant=? AND time_ms>?)"},
        {"SELECT came FROM document_day WHERE tenant = 't' AND day = '2026-01-01'",
         "PRIMARY KEY (tenant=? AND day=?)"},
        {"SELECT received FROM document_day WHERE tenant = 't' AND day >= '1' AND day < '2' AND "
         "received > 0",
         "PRIMARY KEY (tenant=? AND day>? AND day<?)"},
        {"SELECT source, CASE state WHEN 'erased' THEN reason ELSE state END, COUNT(*) FROM "
         "document_state WHERE tenant = 't' AND done_ms > 1 AND received_day >= '1' AND "
         "received_day < '2' AND (done_ms + 28800000) / 86400000 > (received_ms + 28800000) / "
         "86400000 GROUP BY 1, 2",
         "COVERING INDEX document_state_late (tenant=? AND done_ms>?)"},
        {"SELECT source, COUNT(*) FROM document WHERE tenant = 't' AND id >= x'01' AND id < x'02' "
         "AND time_ms >= 1 AND time_ms < 2 GROUP BY source",
         "PRIMARY KEY (tenant=? AND id>? AND id<?)"},
        {"SELECT d.reference FROM carrier c JOIN document_state d ON d.tenant = c.tenant AND "
         "d.document = c.document WHERE c.tenant = 't' AND c.invoice = x'01'",
         "PRIMARY KEY (tenant=? AND invoice=?)"},
        {"SELECT former FROM invoice_joined WHERE tenant = 't' AND invoice = x'01'",
         "invoice_joined_invoice (tenant=? AND invoice=?)"},
        {"SELECT tenant FROM event WHERE sequence IN (SELECT n.sequence FROM event n WHERE "
         "n.tenant = 't' AND n.subject IN (SELECT x'01' UNION ALL SELECT former FROM "
         "invoice_joined WHERE tenant = 't' AND invoice = x'01')) ORDER BY sequence",
         "INTEGER PRIMARY KEY (rowid=?)"},
        {"DELETE FROM notify_outbox WHERE tenant = 't' AND state = 'sent' AND id < x'01'",
         "notify_outbox_state (tenant=? AND state=? AND id<?)"},
    };
    Db *db = fresh(cx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        Slice plan = cx_printf(cx, "EXPLAIN QUERY PLAN %s", cases[i].sql);
        EXPECT_OK(db_query_text(cx, db, plan, NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row);
        if (slice_find(db_col_text(rows, 3), slice_of(cases[i].index)) == SLICE_NONE)
            test_fail(__FILE__, __LINE__,
                      cx_printf(cx, SLICE_FMT, SLICE_ARG(db_col_text(rows, 3))).data);
    }
    db_close(db);
}
