// What events name: documents and their bytes, readings and the identities that follow from them.
// A part of the check of contents.
#pragma once
#include "commit/event_body.h"
#include "desk/running/audit/audit_events.h"
#include "desk/running/audit/audit_state.h"

typedef struct AuditContent {
    AuditScratch readings;   // AuditBagRow: those that events named
    AuditScratch identities; // AuditBagRow: those that follow; extra = time_ms
    AuditState state;
} AuditContent;

typedef enum AuditKeyState {
    AUDIT_KEY_OPEN,
    AUDIT_KEY_ERASED, // there is none, and an event says that it was erased
    AUDIT_KEY_LOST    // it is gone or does not open; that was said
} AuditKeyState;
Err audit_subject_key(Cx *cx, Audit *audit, Slice tenant, Slice subject, AeadKey *ret_key,
                      AuditKeyState *ret_state);
// The row and the original bytes of a document that was received.
Err audit_subject_document(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body);
// That an event's document has the reference that it says.
Err audit_subject_reference(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body);
Err audit_subject_reading(Cx *cx, Audit *audit, const AuditEvent *event, const EventBody *body,
                          AuditContent *content);
// Rows of readings and identities that nothing named, and identities that are not there.
Err audit_subject_strays(Cx *cx, Audit *audit, AuditContent *content);
