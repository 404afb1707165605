#include "desk/running/audit/audit.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "desk/running/audit/audit_check.h"
#include "format/json/json_out.h"
#include "store/disk.h"

#define REPORT_BYTES_MAX (64 * LIMIT_MIB)

// In order: a check may rest on what those before it have gathered.
static const struct {
    const char *name, *zh, *en;
    AuditCheck *run;
} checks[] = {
    {"schema", "数据库结构", "schema", audit_schema},
    {"files", "数据目录", "folder", audit_files},
    {"events", "事件", "events", audit_events},
    {"tree", "哈希树与检查点", "tree and checkpoints", audit_tree},
    {"rows", "各行与事件", "rows by subject", audit_rows},
    {"references", "回执编号", "references", audit_references},
    {"bound", "人员与设置", "people and settings", audit_bound},
    {"ledger", "见证与报表", "witnesses and statements", audit_ledger},
    {"segments", "原件文件", "segments", audit_segments},
    {"content", "内容与原件", "contents and originals", audit_content},
    {"projections", "查询数据", "projections", audit_projections},
    // Last: after a page that does not open, this connection opens no other one either.
    {"database", "数据库文件", "database file", audit_database},
};
#define CHECK_COUNT (sizeof checks / sizeof checks[0])
_Static_assert(CHECK_COUNT <= AUDIT_CHECKS_MAX, "the report has a row for each");

void audit_check_progress(const Audit *audit, uint64_t done, uint64_t all)
{
    if (audit->options->progress == NULL) return;
    const AuditProgress progress = {.zh = audit->zh, .en = audit->en, .done = done, .all = all};
    audit->options->progress(audit->options->self, &progress);
}

void audit_check_subject(Slice tenant, Slice subject, uint8_t ret_half[static 16])
{
    Digest digest = digest_of_parts(DIGEST_SHA256, (Slice[]){tenant, SLICE("\n"), subject}, 3);
    memcpy(ret_half, digest.bytes, 16);
}

// FNV-1a: rows that were changed are told from their contents; this is for a check without them.
static uint64_t mix(uint64_t hash, Slice text)
{
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (uint8_t)text.data[i]) * UINT64_C(0x100000001B3);
    return (hash ^ '\n') * UINT64_C(0x100000001B3);
}

uint64_t audit_check_mark(int64_t type, Slice tenant, Slice actor, Slice source)
{
    uint64_t hash = mix(mix(mix(UINT64_C(0xCBF29CE484222325), tenant), actor), source);
    return (uint64_t)type << 56 | hash >> 8;
}

// A page that does not open, a value that can't be, a table that is not there: the folder's fault,
// not the run's.
static Err say_damage(Cx *cx, Audit *audit, const char *check, Err err)
{
    bool other_schema = err == ERR_STORE && audit->findings.of_kind[AUDIT_SCHEMA] > 0;
    if (err != ERR_CORRUPT && !other_schema) return err;
    audit_find_add(&audit->findings, AUDIT_DATABASE, SLICE("fapiao.db"),
                   cx_printf(cx, "%s: " SLICE_FMT, check, SLICE_ARG(err_text(cx))));
    return ERR_OK;
}

static uint64_t steady_ms(const Cx *cx)
{
    return cx->world->steady_ms(cx->world->self);
}

static Err run_check(Cx *cx, Audit *audit, size_t i)
{
    Cx own;
    cx_init(&own, cx->world, SIZE_MAX / 2); // rows have arenas of their own
    AuditChecked *checked = &audit->report->checked[audit->report->checked_count++];
    *checked = (AuditChecked){.name = checks[i].name};
    audit->zh = checks[i].zh;
    audit->en = checks[i].en;
    uint64_t begun = steady_ms(cx);
    audit_check_progress(audit, 0, 0);
    Err err = checks[i].run(&own, audit, &checked->things);
    if (err != ERR_OK) err = say_damage(&own, audit, checks[i].name, err);
    if (err != ERR_OK) err = err_set(cx, err, "%s: %s", checks[i].name, own.err_text);
    checked->ms = steady_ms(cx) - begun;
    cx_done(&own);
    return err;
}

static Err find_events(Cx *cx, Audit *audit)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db, "SELECT MAX(sequence) FROM event", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    int64_t last = db_col_int(rows, 0);
    audit->events = last < 0 ? 0 : (uint64_t)last;
    audit->report->events = audit->events;
    return ERR_OK;
}

// What follows the database is looked at first: then all that it says is in the snapshot.
static Err take_snapshot(Cx *cx, Audit *audit)
{
    const char *folder = disk_path(cx, audit->options->folder, "ledger");
    struct stat info;
    if (stat(disk_path(cx, folder, "hashes"), &info) == 0)
        audit->hashes_size = (uint64_t)info.st_size;
    Err err =
        disk_read(cx, disk_path(cx, folder, "checkpoint"), LIMIT_NOTE_BYTES, &audit->checkpoint);
    if (err == ERR_LIMIT) {
        audit->checkpoint = SLICE("too large");
        err = ERR_OK;
    }
    if (err != ERR_OK && err != ERR_MISSING) return err;
    return db_begin_read(cx, audit->db);
}

static Err look_round(Cx *cx, Audit *audit)
{
    TRY(find_events(cx, audit));
    Err err = log_open(cx, audit->store, SLICE(""), &audit->log);
    // No log yet, or a name that is none: the check of the tree says which.
    return err == ERR_MISSING || err == ERR_INPUT ? ERR_OK : err;
}

static Err run_checks(Cx *cx, Audit *audit)
{
    TRY(audit_scratch_open(cx, audit->scratch, sizeof(AuditSeen), &audit->notes));
    Err err = say_damage(cx, audit, "opening", take_snapshot(cx, audit));
    // The schema comes first: what a query fails for is then known.
    if (err == ERR_OK) err = run_check(cx, audit, 0);
    if (err == ERR_OK) err = say_damage(cx, audit, "opening", look_round(cx, audit));
    for (size_t i = 1; i < CHECK_COUNT && err == ERR_OK; i++)
        err = run_check(cx, audit, i);
    audit_scratch_close(&audit->notes);
    log_close(audit->log);
    return err;
}

static Err open_and_run(Cx *cx, Audit *audit)
{
    const AuditOptions *options = audit->options;
    const StoreOptions store = {
        .folder = options->folder, .key_file = options->key_file, .audit = true};
    struct stat info;
    Err err = store_open(cx, &store, &audit->store);
    if (err == ERR_CORRUPT) {
        audit_find_add(&audit->findings, AUDIT_KEYS, SLICE("keys"), err_text(cx));
        return ERR_OK;
    }
    TRY(err);
    if (stat(disk_path(cx, options->folder, "fapiao.db"), &info) != 0) {
        audit_find_add(&audit->findings, AUDIT_DATABASE, SLICE("fapiao.db"), SLICE("missing"));
        return ERR_OK;
    }
    TRY(say_damage(cx, audit, "opening", store_take(cx, audit->store, &audit->db)));
    if (audit->db == NULL) return ERR_OK;
    err = run_checks(cx, audit);
    store_give(audit->store, audit->db);
    return err;
}

Err audit_run(Cx *cx, const AuditOptions *options, AuditReport *ret_report)
{
    AuditReport report = {};
    Audit audit = {.options = options, .report = &report, .scratch = options->scratch};
    if (audit.scratch == NULL) audit.scratch = getenv("TMPDIR");
    if (audit.scratch == NULL || audit.scratch[0] == '\0') audit.scratch = "/var/tmp";
    if (options->quick) {
        audit.seed = options->seed;
        while (audit.seed == 0)
            cx_random(cx, &audit.seed, 4);
        report.seed = audit.seed;
    }
    TRY(audit_find_open(cx, &audit.findings));
    Err err = open_and_run(cx, &audit);
    store_close(audit.store);
    TRY(err);
    report.findings = audit.findings.all;
    report.count = audit.findings.count;
    report.more = audit.findings.more;
    report.ok = report.count == 0;
    *ret_report = report;
    return ERR_OK;
}

static void print_checked(JsonOut *out, const AuditReport *report)
{
    json_out_key(out, SLICE("checked"));
    json_out_object(out);
    for (size_t i = 0; i < report->checked_count; i++) {
        const AuditChecked *checked = &report->checked[i];
        json_out_key(out, slice_of(checked->name));
        json_out_object(out);
        json_out_key(out, SLICE("things"));
        json_out_number(out, (int64_t)checked->things);
        json_out_key(out, SLICE("ms"));
        json_out_number(out, (int64_t)checked->ms);
        json_out_end_object(out);
    }
    json_out_end_object(out);
}

static void print_findings(JsonOut *out, const AuditReport *report)
{
    json_out_key(out, SLICE("findings"));
    json_out_array(out);
    for (size_t i = 0; i < report->count; i++) {
        const AuditFinding *finding = &report->findings[i];
        json_out_object(out);
        json_out_pair(out, "kind", slice_of(finding->kind));
        json_out_pair(out, "where", finding->where);
        json_out_pair(out, "text", finding->text);
        json_out_pair(out, "text_en", finding->text_en);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

Err audit_print(Cx *cx, const AuditReport *report, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, REPORT_BYTES_MAX);
    json_out_object(&out);
    json_out_key(&out, SLICE("ok"));
    json_out_bool(&out, report->ok);
    const struct {
        const char *name;
        uint64_t number;
    } numbers[] = {{"events", report->events},
                   {"from", report->from},
                   {"erased", report->erased},
                   {"seed", report->seed},
                   {"more", report->more}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        json_out_key(&out, slice_of(numbers[i].name));
        json_out_number(&out, (int64_t)numbers[i].number);
    }
    json_out_pair(&out, "root", report->root);
    print_checked(&out, report);
    print_findings(&out, report);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}
