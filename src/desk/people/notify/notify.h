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
#include "desk/people/notify/notify_outbox.h"
#include "desk/people/notify/notify_template.h"

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
