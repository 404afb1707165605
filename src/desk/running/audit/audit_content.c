// The check of contents: each event opens and gives both commitments, its row is what it says, the
// document or reading that it names is there and is that one.
#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "commit/event_log.h"
#include "desk/running/audit/audit_events.h"
#include "desk/running/audit/audit_state.h"
#include "desk/running/audit/audit_subject.h"
#include "ledger/leaf.h"

static void bad(Cx *cx, Audit *audit, AuditKind kind, const AuditEvent *event, const char *why)
{
    audit_find_add(&audit->findings, kind, audit_find_event(cx, event->sequence), slice_of(why));
}

static void check_row(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body)
{
    struct {
        Slice says, row;
        const char *name;
    } const pairs[] = {
        {body->event, slice_of(commit_event_name((EventType)event->type)), "type"},
        {body->tenant, event->tenant, "tenant"},
        {body->actor, event->actor, "actor"},
        {body->source, event->source, "source"},
        {body->subject, base64_hex(cx, event->subject), "subject"},
        {body->time, date_rfc3339(cx, (uint64_t)event->time_ms), "time_ms"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (!slice_equal(pairs[i].says, pairs[i].row))
            bad(cx, audit, AUDIT_EVENT_ROW, event, pairs[i].name);
}

// *ret_body stays untouched when the content does not open; that was said.
static Err open_body(Cx *cx, Audit *audit, const AuditEvent *event, EventBody *ret_body,
                     bool *ret_open)
{
    *ret_open = false;
    AeadKey key;
    AuditKeyState state;
    if (event->type == EVENT_ERASED) {
        state = AUDIT_KEY_OPEN;
        TRY(event_log_key(cx, audit->store, audit->db, EVENT_ERASED, event->tenant, event->subject,
                          &key));
    } else {
        TRY(audit_subject_key(cx, audit, event->tenant, event->subject, &key, &state));
    }
    if (state == AUDIT_KEY_ERASED) audit->report->erased++;
    if (state != AUDIT_KEY_OPEN) return ERR_OK;
    Slice plain, about = event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), event->leaf_hash);
    Err err = aead_open(cx, &key, about, event->content, &plain);
    if (err == ERR_LIMIT) return err;
    if (err != ERR_OK || plain.size < LEAF_SALT_SIZE) {
        bad(cx, audit, AUDIT_EVENT_CONTENT, event, "it does not open");
        return ERR_OK;
    }
    Slice canonical = slice_sub(plain, LEAF_SALT_SIZE, plain.size);
    const Commitment commitment = leaf_commit((const uint8_t *)plain.data, canonical);
    if (!slice_equal(event->sha256, digest_slice(&commitment.sha256)) ||
        !slice_equal(event->sm3, digest_slice(&commitment.sm3))) {
        bad(cx, audit, AUDIT_EVENT_CONTENT, event, "it gives other commitments");
        return ERR_OK;
    }
    if (event_body_parse(cx, canonical, ret_body) != ERR_OK) {
        bad(cx, audit, AUDIT_EVENT_CONTENT, event, "it is not in its canonical form");
        return ERR_OK;
    }
    *ret_open = true;
    return ERR_OK;
}

static Err check_event(Cx *cx, Audit *audit, const AuditEvent *event, void *self)
{
    AuditContent *content = self;
    EventBody body;
    bool open = false;
    TRY(open_body(cx, audit, event, &body, &open));
    if (!open) audit->broken = true;
    if (open) {
        check_row(cx, audit, event, &body);
        if (event->type == EVENT_RECEIVED)
            TRY(audit_subject_document(cx, audit, event, &body));
        else if (event->type != EVENT_AUDITED && event->type != EVENT_ERASED &&
                 event->type != EVENT_BOUND)
            TRY(audit_subject_reference(cx, audit, event, &body));
        if (event->type == EVENT_ACCEPTED || event->type == EVENT_CARRIER)
            TRY(audit_subject_reading(cx, audit, event, &body, content));
    }
    return audit_state_note(cx, audit, event->sequence, &content->state);
}

static Err run(Cx *cx, Audit *audit, AuditContent *content, uint64_t *ret_things)
{
    if (!audit->options->quick) TRY(audit_state_start(cx, audit, &content->state));
    uint64_t from = audit->report->from;
    TRY(audit_events_each(cx, audit, from, true, check_event, content, ret_things));
    if (audit->options->quick) return ERR_OK;
    TRY(audit_subject_strays(cx, audit, content));
    return audit_state_end(cx, audit);
}

Err audit_content(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    if (audit->options->no_content) return ERR_OK;
    AuditContent content = {};
    TRY(audit_scratch_open(cx, audit->scratch, sizeof(AuditBagRow), &content.readings));
    Err err = audit_scratch_open(cx, audit->scratch, sizeof(AuditBagRow), &content.identities);
    if (err == ERR_OK) err = run(cx, audit, &content, ret_things);
    audit_scratch_close(&content.readings);
    audit_scratch_close(&content.identities);
    return err;
}
