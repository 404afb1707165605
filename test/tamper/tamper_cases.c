#include "tamper_cases.h"

#include <stdio.h>

#include "base/test.h"
#include "store/schema.h"

#define SEEN(kind)                                                                                 \
    {                                                                                              \
        kind, NULL, NULL, false                                                                    \
    }
#define SEEN_AT(kind, place)                                                                       \
    {                                                                                              \
        kind, place, NULL, false                                                                   \
    }
#define SEEN_AFTER(kind)                                                                           \
    {                                                                                              \
        kind, NULL, NULL, true                                                                     \
    }
#define UNSEEN(why)                                                                                \
    {                                                                                              \
        NULL, NULL, why, false                                                                     \
    }

#define A_SETTING "a setting: it may be changed"
#define THINNED   "checkpoints may be thinned out: each that is kept is checked"
#define SOLE_ROW  "there is one row, or another case stands for it"
#define NO_EVENT  "a refusal is no event: the day's statement counts it, by source, and no more"
#define STRANGERS "strangers' tries of a day: no answer rests on them"
#define A_RUN     "a diary of reconciliations: no answer rests on it"
#define A_MESSAGE "a message on its way to somebody: no answer rests on it"

static const TamperCase cases[] = {
    {"document",
     SEEN("document_gone"),
     SEEN("document_gone"),
     SEEN("document_gone"),
     SEEN("document"),
     SEEN_AFTER("document_stray"),
     "reference = reference || '9', idempotency = NULL",
     {{"tenant", SEEN("document_gone"), NULL},
      {"id", SEEN("document_gone"), NULL},
      {"reference", SEEN("document"), NULL},
      {"sha256", SEEN("document"), NULL},
      {"size", SEEN("document"), NULL},
      {"same_as", SEEN("document"), NULL},
      {"segment", SEEN("bytes"), NULL},
      {"position", SEEN("bytes"), NULL},
      {"stored_size", SEEN("bytes"), NULL},
      {"idempotency", SEEN("document"), NULL},
      {"actor", SEEN("document"), NULL},
      {"source", SEEN("document"), NULL},
      {"time_ms", SEEN("document"), NULL}}},
    {"reading",
     SEEN("reading_gone"),
     SEEN("reading_gone"),
     SEEN("reading_gone"),
     SEEN("reading"),
     SEEN_AFTER("reading_stray"),
     NULL,
     {{"tenant", SEEN("reading_gone"), NULL},
      {"id", SEEN("reading_gone"), NULL},
      {"document", SEEN("reading"), NULL},
      {"ordinal", SEEN("reading"), NULL},
      {"reader", SEEN("reading"), NULL},
      {"invoice", SEEN("reading"), NULL},
      {"basis", SEEN("reading"), NULL},
      {"content", SEEN("reading"), NULL},
      {"time_ms", SEEN("reading"), NULL}}},
#define IDENTITY_OF                                                                                \
    "'identity, of event(' || (SELECT MIN(sequence) FROM event e WHERE e.subject = invoice AND "   \
    "e.time_ms = identity.time_ms AND e.type IN (1, 13)) || ')'"
    {"identity",
     SEEN_AT("identity_gone", IDENTITY_OF),
     SEEN_AT("identity_gone", IDENTITY_OF),
     SEEN_AT("identity_gone", IDENTITY_OF),
     SEEN("identity"),
     SEEN_AFTER("identity_stray"),
     NULL,
     {{"tenant", SEEN_AFTER("identity_stray"), NULL},
      {"scheme", SEEN_AT("identity_gone", IDENTITY_OF), NULL},
      {"tag", SEEN_AT("identity_gone", IDENTITY_OF), NULL},
      {"invoice", SEEN_AT("identity_gone", IDENTITY_OF), NULL},
      {"time_ms", SEEN("identity"), NULL}}},
    {"event",
     SEEN("event_gap"),
     SEEN("event_gap"),
     SEEN("event_gap"),
     SEEN_AT("hashes", "', leaf ' || (sequence - 1)"),
     SEEN_AFTER("event_chain"),
     "follows = 77777",
     {{"tenant", SEEN("event_leaf"), NULL},
      {"sequence", SEEN("event_gap"), "sequence + 100000"},
      {"type", SEEN("event_leaf"), NULL},
      {"subject", SEEN("event_leaf"), NULL},
      {"follows", SEEN("event_chain"), "follows + 90000"},
      {"previous", SEEN("event_leaf"), NULL},
      {"leaf_hash", SEEN("event_leaf"), NULL},
      {"commit_sha256", SEEN("event_leaf"), NULL},
      {"commit_sm3", SEEN("event_leaf"), NULL},
      {"content", SEEN("event_content"), NULL},
      {"actor", SEEN("event_row"), NULL},
      {"source", SEEN("event_row"), NULL},
      {"time_ms", SEEN("event_leaf"), NULL}}},
    {"content_key",
     SEEN("key_gone"),
     SEEN("key_gone"),
     SEEN("key_gone"),
     SEEN("key_damaged"),
     SEEN_AFTER("key_stray"),
     NULL,
     {{"tenant", SEEN("key_gone"), NULL},
      {"subject", SEEN("key_gone"), NULL},
      {"wrapped", SEEN("key_damaged"), NULL}}},
    {"checkpoint",
     UNSEEN(THINNED),
     SEEN_AT("cosignature", "'cosignature(, ' || size"), // the witness signed it
     SEEN_AT("head", "'log_head()'"),
     SEEN("checkpoint"),
     SEEN_AFTER("checkpoint"),
     NULL,
     {{"tenant", SEEN_AT("checkpoint", "'checkpoint(, ' || size || ')'"), NULL},
      {"size", SEEN_AFTER("checkpoint"), NULL},
      {"root", SEEN("checkpoint"), NULL},
      {"note", SEEN("checkpoint"), NULL},
      {"time_ms", UNSEEN("its order is checked, the signature has no time"), NULL}}},
    {"cosignature",
     UNSEEN("a witness may have been away"),
     UNSEEN("a witness may have been away"),
     SEEN_AT("watcher", "'watcher(, ' || name || ')'"),
     SEEN("cosignature"),
     SEEN_AFTER("cosignature"),
     NULL,
     {{"tenant", SEEN_AFTER("cosignature"), NULL},
      {"size", SEEN_AFTER("cosignature"), NULL},
      {"name", SEEN_AFTER("cosignature"), NULL},
      {"seconds", SEEN_AFTER("cosignature"), NULL},
      {"line", SEEN("cosignature"), NULL}}},
#define STATEMENT_OF "'statement(local, ' || (SELECT MAX(received_day) FROM document_state) || ')'"
    {"refusal",
     SEEN_AT("statement", STATEMENT_OF),
     SEEN_AT("statement", STATEMENT_OF),
     SEEN_AT("statement", "'statement(local, ' || (SELECT MAX(day) FROM statement) || ')'"),
     UNSEEN(NO_EVENT),
     {"statement", STATEMENT_OF, NULL, true},
     NULL,
     {{"tenant", SEEN_AT("statement", STATEMENT_OF), NULL},
      {"id", UNSEEN(NO_EVENT), NULL},
      {"source", SEEN_AT("statement", STATEMENT_OF), NULL},
      {"reason", UNSEEN(NO_EVENT), NULL},
      {"size", UNSEEN(NO_EVENT), NULL},
      {"time_ms", UNSEEN(NO_EVENT), NULL}}},
    {"statement",
     SEEN("statement"),
     SEEN("statement"),
     UNSEEN("days that are over are signed when the server runs"),
     SEEN("statement"),
     SEEN_AFTER("statement"),
     NULL,
     {{"tenant", SEEN_AFTER("statement"), NULL},
      {"day", SEEN_AFTER("statement"), NULL},
      {"size", SEEN("statement"), NULL},
      {"note", SEEN("statement"), NULL},
      {"time_ms", SEEN("statement"), NULL}}},
    {"meta",
     SEEN("meta"),
     UNSEEN(SOLE_ROW),
     SEEN("meta"),
     SEEN_AT("meta", "'meta(schema)'"),
     SEEN_AFTER("meta"),
     NULL,
     {{"name", SEEN_AFTER("meta"), NULL}, {"value", SEEN_AT("meta", "'meta(schema)'"), NULL}}},
    {"head",
     SEEN_AT("head", "'head()'"),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     SEEN_AFTER("head"),
     NULL,
     {{"tenant", SEEN_AFTER("head"), NULL}, {"next_sequence", SEEN("head"), NULL}}},
    {"counter",
     SEEN("head"),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     SEEN_AFTER("head"),
     NULL,
     {{"tenant", SEEN("head"), NULL},
      {"name", SEEN("head"), NULL},
      {"next_value", SEEN("head"), NULL}}},
    {"attempt",
     UNSEEN(STRANGERS),
     UNSEEN(STRANGERS),
     UNSEEN(STRANGERS),
     UNSEEN(STRANGERS),
     UNSEEN(STRANGERS),
     NULL,
     {{"tenant", UNSEEN(STRANGERS), NULL},
      {"day", UNSEEN(STRANGERS), NULL},
      {"tag", UNSEEN(STRANGERS), NULL},
      {"count", UNSEEN(STRANGERS), NULL}}},
    {"log_head",
     SEEN_AT("head", "'log_head()'"),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     SEEN_AFTER("head"),
     NULL,
     {{"tenant", SEEN_AFTER("head"), NULL},
      {"size", SEEN("head"), NULL},
      {"root", SEEN("head"), NULL}}},
    {"watcher",
     UNSEEN(A_SETTING),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     UNSEEN(SOLE_ROW),
     SEEN_AFTER("watcher"),
     NULL,
     {{"tenant", SEEN_AT("watcher", "'watcher(, ' || name || ')'"), NULL},
      {"name", SEEN_AFTER("watcher"), NULL},
      {"kind", SEEN("watcher"), NULL},
      {"vkey", SEEN("watcher"), NULL},
      {"url", UNSEEN(A_SETTING), NULL},
      {"token", SEEN("watcher"), "x'01'"},
      {"added_ms", UNSEEN(A_SETTING), NULL},
      {"size", SEEN("watcher"), NULL},
      {"ok_ms", UNSEEN(A_SETTING), NULL},
      {"tried_ms", UNSEEN(A_SETTING), NULL},
      {"error", UNSEEN(A_SETTING), NULL}}},
    {"sync_run",
     UNSEEN(A_RUN),
     UNSEEN(A_RUN),
     UNSEEN(A_RUN),
     UNSEEN(A_RUN),
     UNSEEN(A_RUN),
     NULL,
     {{"tenant", UNSEEN(A_RUN), NULL},
      {"id", UNSEEN(A_RUN), NULL},
      {"cause", UNSEEN(A_RUN), NULL},
      {"started_ms", SEEN("sync_run"), NULL},
      {"ended_ms", UNSEEN(A_RUN), NULL},
      {"result", UNSEEN(A_RUN), NULL}}},
    {"notify_outbox",
     UNSEEN(A_MESSAGE),
     UNSEEN(A_MESSAGE),
     UNSEEN(A_MESSAGE),
     UNSEEN(A_MESSAGE),
     UNSEEN(A_MESSAGE),
     NULL,
     {{"tenant", UNSEEN(A_MESSAGE), NULL},
      {"id", UNSEEN(A_MESSAGE), NULL},
      {"channel", UNSEEN(A_MESSAGE), NULL},
      {"to_sealed", UNSEEN(A_MESSAGE), NULL},
      {"body_sealed", UNSEEN(A_MESSAGE), NULL},
      {"template", UNSEEN(A_MESSAGE), NULL},
      {"language", UNSEEN(A_MESSAGE), NULL},
      {"state", UNSEEN(A_MESSAGE), NULL},
      {"tries", UNSEEN(A_MESSAGE), NULL},
      {"next_ms", UNSEEN(A_MESSAGE), NULL},
      {"created_ms", UNSEEN(A_MESSAGE), NULL},
      {"sent_ms", UNSEEN(A_MESSAGE), NULL},
      {"error", UNSEEN(A_MESSAGE), NULL}}},
    {"notify_setting",
     UNSEEN(A_SETTING),
     UNSEEN(A_SETTING),
     UNSEEN(A_SETTING),
     UNSEEN(A_SETTING),
     UNSEEN(A_SETTING),
     NULL,
     {{"tenant", UNSEEN(A_SETTING), NULL},
      {"name", UNSEEN(A_SETTING), NULL},
      {"value", UNSEEN(A_SETTING), NULL},
      {"changed_ms", UNSEEN(A_SETTING), NULL}}},
};

// Of every projection: each value is what the facts give.
static const TamperCase projection = {.first = SEEN("projection"),
                                      .middle = SEEN("projection"),
                                      .last = SEEN("projection"),
                                      .swapped = SEEN("projection"),
                                      .forged = SEEN_AFTER("projection")};

const TamperCase *tamper_cases_of(Slice table)
{
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++)
        if (slice_equal(table, slice_of(SCHEMA_PROJECTIONS[i]))) return &projection;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (slice_equal(table, slice_of(cases[i].name))) return &cases[i];
    (void)fprintf(stderr, "table " SLICE_FMT "\n", SLICE_ARG(table));
    test_fail(__FILE__, __LINE__, "every table has its cases");
}

const TamperColumn *tamper_cases_column(const TamperCase *table, Slice column)
{
    static const TamperColumn of_projection = {"", SEEN("projection"), NULL};
    if (table == &projection) return &of_projection;
    for (size_t i = 0; table->columns[i].name != NULL; i++)
        if (slice_equal(column, slice_of(table->columns[i].name))) return &table->columns[i];
    (void)fprintf(stderr, "%s." SLICE_FMT "\n", table->name, SLICE_ARG(column));
    test_fail(__FILE__, __LINE__, "every column has its case");
}
