#include "base/limits.h"
#include "base/text.h"
#include "commit/decide.h"
#include "commit/file_name.h"
#include "commit/uuid7.h"
#include "model/reading_again.h"
#include "model/reading_json.h"

static Err document_key(Cx *cx, Store *store, Slice tenant, Slice document, AeadKey *ret_key)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = store_key_find(cx, store, db, tenant, document, ret_key);
    store_give(store, db);
    return err;
}

// Printed in an arena of its own: what a growing text leaves behind would wait with the command.
static Err print_canonical(Cx *cx, const Draft *draft, Slice *ret_canonical, bool *ret_plain)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Slice canonical = {};
    Err err = reading_json_print_canonical(&own, draft, &canonical, ret_plain);
    err = err == ERR_OK ? cx_copy(cx, canonical, ret_canonical)
                        : err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

static Err prepare_draft(Cx *cx, Store *store, const Deciding *deciding, const Draft *draft,
                         DecidingDraft *ret)
{
    Slice canonical;
    bool plain = false;
    TRY(print_canonical(cx, draft, &canonical, &plain));
    TRY(reading_again_of(cx, draft, canonical, plain, &ret->draft));
    ret->canonical = canonical;
    ret->basis = verdict_basis(draft);
    ret->sha256 = digest_of(DIGEST_SHA256, canonical);
    ret->fields = join_fields(cx, &ret->draft);
    uuid7_make(cx, ret->reading);
    uuid7_make(cx, ret->invoice);
    Slice about = event_log_about(cx, SLICE("fapiao/reading/v1"), deciding->tenant,
                                  uuid7_slice(ret->reading));
    TRY(aead_seal(cx, &deciding->document_key, about, canonical, &ret->sealed));
    return store_key_new(cx, store, deciding->tenant, uuid7_slice(ret->invoice), &ret->key,
                         &ret->wrapped);
}

// A draft without an identity (no number, or one that OCR alone saw) founds nothing: it waits.
static Err prepare_drafts(Cx *cx, Store *store, const Reading *reading, Deciding *deciding)
{
    deciding->drafts = arena_try_array(&cx->arena, reading->draft_count, sizeof *deciding->drafts);
    if (deciding->drafts == NULL) return err_set(cx, ERR_LIMIT, "the readings do not fit");
    for (size_t i = 0; i < reading->draft_count; i++) {
        DecidingDraft *draft = &deciding->drafts[deciding->draft_count];
        TRY(join_identities(cx, store, deciding->tenant, &reading->drafts[i], draft->identities,
                            &draft->identity_count));
        if (draft->identity_count == 0) {
            deciding->reason =
                slice_empty(reading->drafts[i].number) ? REASON_NOT_INVOICE : REASON_NEEDS_OCR;
            continue;
        }
        draft->ordinal = (int)i;
        TRY(prepare_draft(cx, store, deciding, &reading->drafts[i], draft));
        deciding->draft_count++;
    }
    if (deciding->draft_count > 0) deciding->reason = REASON_NONE;
    return ERR_OK;
}

// Names are told until there is no room for the next; `skipped` counts them all.
static Err prepare_container(Cx *cx, const Reading *reading, Deciding *deciding)
{
    deciding->entries = reading->entry_count;
    deciding->skipped = reading->skipped_count;
    Text names = text_open(cx, LIMIT_ZIP_SKIPPED);
    size_t size = 0;
    for (size_t i = 0; i < reading->skipped_count; i++) {
        Slice name = file_name_clean(cx, reading->skipped[i]);
        size += name.size + 1;
        if (size > LIMIT_ZIP_SKIPPED) break;
        text_add(&names, name);
        text_byte(&names, '\n');
    }
    return text_done(cx, &names, &deciding->skipped_names);
}

static Err prepare_names(Cx *cx, Slice tenant, Slice actor, Slice source, Deciding *deciding)
{
    TRY(cx_copy(cx, tenant, &deciding->tenant));
    TRY(cx_copy(cx, actor, &deciding->actor));
    return cx_copy(cx, source, &deciding->source);
}

Err decide_prepare(Cx *cx, Store *store, const Decision *decision, Deciding *ret_deciding)
{
    Deciding deciding = {.media = decision->reading->media, .reason = decision->reading->reason};
    memcpy(deciding.document, decision->document, COMMIT_ID_SIZE);
    TRY(prepare_names(cx, decision->tenant, decision->actor, decision->source, &deciding));
    TRY(document_key(cx, store, deciding.tenant, uuid7_slice(deciding.document),
                     &deciding.document_key));
    const Reading *reading = decision->reading;
    if (deciding.reason == REASON_NONE && reading->draft_count + reading->entry_count == 0)
        return err_set(cx, ERR_INPUT, "a reading without invoices says why");
    if (deciding.reason == REASON_NONE && reading->entry_count > 0)
        TRY(prepare_container(cx, reading, &deciding));
    else if (deciding.reason == REASON_NONE)
        TRY(prepare_drafts(cx, store, decision->reading, &deciding));
    *ret_deciding = deciding;
    return ERR_OK;
}

Err decide_prepare_release(Cx *cx, Store *store, const Release *release, Deciding *ret_deciding)
{
    Deciding deciding = {.release = true};
    memcpy(deciding.document, release->document, COMMIT_ID_SIZE);
    TRY(prepare_names(cx, release->tenant, release->actor, release->source, &deciding));
    TRY(document_key(cx, store, deciding.tenant, uuid7_slice(deciding.document),
                     &deciding.document_key));
    *ret_deciding = deciding;
    return ERR_OK;
}
