#include "cli/cli_audit_log.h"

#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "desk/people/audit_log/audit_log_print.h"
#include "flow/flow.h"

typedef struct Ask {
    const char *data, *key_file, *organisation, *from, *to;
    const char *actor, *act, *object_kind, *object, *result;
    bool documents, json, csv;
} Ask;

static Err query_of(Cx *cx, const Ask *ask, AuditLogQuery *ret_query)
{
    const PermissionActor local = permission_actor(PERMISSION_LOCAL);
    AuditLogQuery query = {.actor = slice_of(ask->actor),
                           .act = slice_of(ask->act),
                           .object_kind = slice_of(ask->object_kind),
                           .object = slice_of(ask->object),
                           .result = slice_of(ask->result),
                           .documents = ask->documents,
                           .limit = LIMIT_AUDIT_LOG_PAGE_MAX};
    TRY(audit_log_scope(cx, &local, slice_of(ask->organisation), &query));
    if (ask->from != NULL) TRY(audit_log_time(cx, slice_of(ask->from), false, &query.from_ms));
    if (ask->to != NULL) TRY(audit_log_time(cx, slice_of(ask->to), true, &query.to_ms));
    *ret_query = query;
    return ERR_OK;
}

static void add_words(Text *text, Slice words)
{
    text_byte(text, ' ');
    text_add(text, slice_empty(words) ? SLICE("-") : words);
}

// One line an entry, in columns without a width: time, organisation, actor, address, act, object,
// result, before, after.
static Err print_plain(Cx *cx, const AuditLogPage *page, Slice *ret_lines)
{
    Text text = text_open(cx, LIMIT_JSON_BYTES);
    for (size_t i = 0; i < page->count; i++) {
        const AuditLogEntry *entry = &page->entries[i];
        text_add(&text, date_rfc3339(cx, entry->time_ms));
        add_words(&text, slice_empty(entry->tenant) ? SLICE("platform") : entry->tenant);
        add_words(&text, entry->actor);
        add_words(&text, slice_empty(entry->address) ? entry->source : entry->address);
        add_words(&text, entry->act);
        add_words(&text, entry->object);
        add_words(&text, entry->result);
        if (!slice_empty(entry->before)) add_words(&text, entry->before);
        if (!slice_empty(entry->after))
            text_add(&text, SLICE(" =>")), add_words(&text, entry->after);
        text_add(&text, entry->erased ? SLICE(" [已清除 erased]\n") : SLICE("\n"));
    }
    return text_done(cx, &text, ret_lines);
}

static Err put_page(Cx *cx, const Ask *ask, const AuditLogPage *page, bool first)
{
    Slice lines;
    if (ask->json || ask->csv)
        TRY(audit_log_print_lines(cx, ask->csv ? AUDIT_LOG_CSV : AUDIT_LOG_NDJSON, page, first,
                                  &lines));
    else
        TRY(print_plain(cx, page, &lines));
    if (fwrite(lines.data, 1, lines.size, stdout) == lines.size) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot write");
}

// Each page in an arena of its own: of any size, and memory does not grow.
static Err run_page(Cx *cx, Store *store, Db *db, const Ask *ask, AuditLogQuery *query,
                    char cursor[static 64])
{
    bool first = slice_empty(query->cursor);
    AuditLogPage page;
    TRY(audit_log_page(cx, store, db, query, &page));
    TRY(put_page(cx, ask, &page, first));
    (void)snprintf(cursor, 64, SLICE_FMT, SLICE_ARG(page.next));
    return ERR_OK;
}

static Err run_all(Cx *cx, Store *store, Db *db, const Ask *ask)
{
    AuditLogQuery query;
    char cursor[64] = "";
    TRY(query_of(cx, ask, &query));
    do {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err err = run_page(&own, store, db, ask, &query, cursor);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
        query.cursor = slice_of(cursor);
    } while (cursor[0] != '\0');
    return fflush(stdout) == 0 ? ERR_OK : err_set(cx, ERR_STORE, "cannot write");
}

static Err run(Cx *cx, const Ask *ask)
{
    Flow *flow = NULL;
    Db *db = NULL;
    const FlowOptions options = {.store = {.folder = ask->data, .key_file = ask->key_file}};
    TRY(flow_open(cx, &options, &flow));
    Err err = store_take(cx, flow_store(flow), &db);
    if (err == ERR_OK) {
        err = run_all(cx, flow_store(flow), db, ask);
        store_give(flow_store(flow), db);
    }
    flow_close(flow);
    return err;
}

int cli_audit_log(int argc, char **argv)
{
    Ask ask = {};
    const CliFlag flags[] = {{"--data", &ask.data, NULL},
                             {"--key-file", &ask.key_file, NULL},
                             {"--organisation", &ask.organisation, NULL},
                             {"--from", &ask.from, NULL},
                             {"--to", &ask.to, NULL},
                             {"--actor", &ask.actor, NULL},
                             {"--act", &ask.act, NULL},
                             {"--object-kind", &ask.object_kind, NULL},
                             {"--object", &ask.object, NULL},
                             {"--result", &ask.result, NULL},
                             {"--documents", NULL, &ask.documents},
                             {"--json", NULL, &ask.json},
                             {"--csv", NULL, &ask.csv}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || ask.data == NULL ||
        argc != 1 || (ask.json && ask.csv))
        return cli_flags_usage(
            "fapiao audit-log --data DIR [--key-file FILE] [--organisation NAME] "
            "[--from TIME] [--to TIME] [--actor A] [--act A] [--object-kind K] "
            "[--object O] [--result R] [--documents] [--json|--csv]");
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Err err = run(&cx, &ask);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
