// Notify: messages to people, by mail, SMS and the robots of their groups.
//
//   a write ─▶ notify_put in its transaction ─▶ notify_outbox ─▶ notify_worker ─▶ channel
//
// There is a message if and only if what it tells of is durable. It is sent at least once: what was
// being sent when the program was killed is sent again. Nothing waits for it, and a mail server
// that is down stops nothing. A channel that is not configured keeps its messages waiting.
//
//   waiting ──sent──▶ sent            the text is emptied; the row is deleted after 90 days
//      └─not taken─▶ failed ─▶ … tried again, later each time ─▶ given_up
//                                      (also at once, when it is refused for good)
//   given_up, failed, waiting ──notify_retry──▶ waiting
#pragma once
#include <stdatomic.h>

#include "commit/commit.h"

#define NOTIFY_VALUES_MAX 8

typedef struct NotifyValue {
    const char *name; // as the template writes it in braces
    Slice value;      // control characters become blanks: no value begins a line
} NotifyValue;

typedef struct NotifyMessage {
    Slice tenant;         // an organisation; "" = the platform, which accounts belong to
    const char *channel;  // "mail" "sms" "wecom" "dingtalk" "feishu"
    Slice to;             // an address; a phone number; of a robot anything, it knows its group
    const char *template; // a row of notify_template.c
    Slice language;       // "zh" "en"; anything else is "zh"
    NotifyValue values[NOTIFY_VALUES_MAX]; // ends with the first whose name is NULL
} NotifyMessage;

// Inside the writer's transaction (CommitWork). ERR_INPUT when the recipient is none, or template
// or values are not as they must be. `ret_id` (COMMIT_ID_SIZE bytes) may be NULL.
Err notify_put(Cx *cx, Store *store, Db *db, const NotifyMessage *message, uint8_t *ret_id);

// A message as a screen or a command shows it.
typedef struct NotifyRow {
    uint8_t id[COMMIT_ID_SIZE];
    Slice tenant, channel, template, language, state;
    Slice
        error; // why it is not sent: of the last try, or that nothing is configured; "" = no reason
    Slice error_zh;
    int64_t tries;                         // that somebody answered
    uint64_t next_ms, created_ms, sent_ms; // 0 = at once; –; not yet
    Slice to, subject, text;               // subject and text only from notify_find, "" once sent
} NotifyRow;

// Newest first. `tenant` NULL = of all; `state` "" = all; `before` the hexadecimal id of the last
// row of the page before, "" = from the newest. At most LIMIT_NOTIFY_PAGE. ERR_INPUT for another
// word.
Err notify_list(Cx *cx, Store *store, Db *db, const Slice *tenant, Slice state, Slice before,
                size_t limit, NotifyRow **ret_rows, size_t *ret_count);
// Whichever tenant's; `id` hexadecimal. ERR_MISSING. Whether the asker may is the caller's to ask.
Err notify_find(Cx *cx, Store *store, Db *db, Slice id, NotifyRow *ret_row);
// Tried again now, with all its tries before it. ERR_MISSING; ERR_CONFLICT when it was sent.
Err notify_retry(Cx *cx, Committer *committer, Slice id);
// Puts the template `test`; returns when it is in the outbox.
Err notify_test_message(Cx *cx, Store *store, Committer *committer, Slice tenant, Slice channel,
                        Slice to, Slice language, uint8_t *ret_id);

// What became of one try, as the worker saw it.
typedef struct NotifyOutcome {
    Slice tenant;
    uint8_t id[COMMIT_ID_SIZE];
    const char *state; // "sent" "failed" "given_up"
    bool counted;      // against the limit of tries
    uint64_t now_ms, next_ms;
    Slice error;
} NotifyOutcome;
// Durable when it returns. Of a row that somebody has changed meanwhile only `sent` is noted.
Err notify_note(Cx *cx, Committer *committer, const NotifyOutcome *outcome);

// One that is due, with all that is needed to send it.
typedef struct NotifyDue {
    Slice tenant;
    uint8_t id[COMMIT_ID_SIZE];
    Slice to, subject, text;
    int64_t tries;
    uint64_t next_ms, created_ms;
    Err broken; // ERR_CORRUPT: it can't be opened
} NotifyDue;
// Of one channel, over all tenants: at most `limit` a tenant, those first that were due first, also
// those that are not yet.
Err notify_due(Cx *cx, Store *store, Db *db, const char *channel, size_t limit, NotifyDue **ret_due,
               size_t *ret_count);
// In the writer's transaction: what has failed so far is due now.
Err notify_hasten(Cx *cx, Db *db);
// Deletes what was sent or given up and made before.
Err notify_prune(Cx *cx, Committer *committer, uint64_t before_ms);

// Rings (store_when) whenever something was put, asked for or set.
#define NOTIFY_ABOUT SLICE("notify")
