#include "desk/people/organisation/organisation_invite.h"

#include "crypto/token.h"
#include "desk/people/account/account_name.h"
#include "desk/people/notify/notify.h"
#include "desk/people/organisation/organisation_known.h"
#include "desk/people/organisation/organisation_parts.h"
#include "format/json/json_in.h"

#define LIFE_MS ((uint64_t)ORGANISATION_INVITE_DAYS * 24 * 60 * 60 * 1000)

static const AccountField content_field = {"ticket", "content"};

// ---- what lies in the row ----

static Err content_print(Cx *cx, Slice mail, uint32_t roles, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "mail", mail);
    json_out_pair(&out, "roles", permission_roles_text(cx, roles));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

static Err content_open(Cx *cx, const Store *store, Slice hash, Slice sealed, Slice *ret_mail,
                        uint32_t *ret_roles)
{
    Slice json;
    JsonIn *in = NULL;
    TRY(account_seal_open(cx, store, content_field, hash, sealed, &json));
    TRY(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    Err err = cx_copy(cx, json_in_string(json_in_get(root, "mail")), ret_mail);
    if (err == ERR_OK)
        err = organisation_roles_of(cx, json_in_string(json_in_get(root, "roles")), ret_roles);
    json_in_close(in);
    return err;
}

// ---- inviting ----

typedef struct Inviting {
    Store *store;
    Slice tenant, sealed, organisation, link;
    const OrganisationInvite *invite;
    Slice mail;
    Digest hash;
    uint64_t now_ms;
} Inviting;

static Err check_room(Cx *cx, Db *db, const Inviting *inviting)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT COUNT(*) FROM ticket WHERE tenant = $1 AND account = x'' "
                 "AND kind = 'invitation'",
                 DB_VALUES(db_text(inviting->tenant)), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row || db_col_int(rows, 0) < LIMIT_INVITATIONS) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "at most %d invitations are open at once", LIMIT_INVITATIONS);
}

static Err invite_work(Cx *cx, Db *db, void *self)
{
    const Inviting *inviting = self;
    TRY(organisation_check_members(cx, db, inviting->tenant));
    // Those that are over make room.
    TRY(db_run(cx, db,
               "DELETE FROM ticket WHERE tenant = $1 AND account = x'' AND kind = 'invitation' "
               "AND (expires_ms <= $2 OR used_ms > 0)",
               DB_VALUES(db_text(inviting->tenant), db_int((int64_t)inviting->now_ms)), NULL));
    TRY(check_room(cx, db, inviting));
    TRY(db_run(cx, db,
               "INSERT INTO ticket (tenant, hash, kind, account, content, created_ms, expires_ms, "
               "tries, used_ms) VALUES ($1, $2, 'invitation', x'', $3, $4, $5, 0, 0)",
               DB_VALUES(db_text(inviting->tenant), db_blob(digest_slice(&inviting->hash)),
                         db_blob(inviting->sealed), db_int((int64_t)inviting->now_ms),
                         db_int((int64_t)(inviting->now_ms + LIFE_MS))),
               NULL));
    const NotifyMessage message = {
        .tenant = inviting->tenant,
        .channel = "mail",
        .to = inviting->mail,
        .template = "invitation",
        .language = inviting->invite->language,
        .values = {{"organisation", inviting->organisation},
                   {"link", inviting->link},
                   {"days", cx_printf(cx, "%d", ORGANISATION_INVITE_DAYS)},
                   {slice_empty(inviting->invite->inviter) ? NULL : "inviter",
                    inviting->invite->inviter}}};
    return notify_put(cx, inviting->store, db, &message, NULL);
}

Err organisation_invite(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                        const OrganisationInvite *invite, Slice *ret_token)
{
    Organisation organisation;
    Slice content;
    Token secret = token_new(cx);
    Inviting inviting = {.store = desk->store,
                         .tenant = actor->tenant,
                         .invite = invite,
                         .hash = secret.digest,
                         .now_ms = cx_now_ms(cx)};
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_ORGANISATION));
    TRY(account_name_of(cx, ACCOUNT_NAME_MAIL, invite->mail, &inviting.mail));
    if (invite->roles == 0 || (invite->roles & ~ROLES_ORGANISATION) != 0 ||
        (invite->roles & ROLE_BIT(ROLE_PERSON)) != 0)
        return err_set(cx, ERR_INPUT, "roles: is none of an organisation");
    TRY(organisation_show(cx, desk, actor, &organisation));
    inviting.organisation = slice_empty(organisation.name) ? actor->tenant : organisation.name;
    // The organisation stands before the secret: a row is found by both.
    Slice token = cx_printf(cx, SLICE_FMT ".%s", SLICE_ARG(actor->tenant), secret.text);
    inviting.link = cx_printf(cx, SLICE_FMT "/invitation#" SLICE_FMT, SLICE_ARG(invite->site),
                              SLICE_ARG(token));
    TRY(content_print(cx, inviting.mail, invite->roles, &content));
    TRY(account_seal(cx, desk->store, content_field, digest_slice(&inviting.hash), content,
                     &inviting.sealed));
    AuditNote note = organisation_note(actor, "invitation.make", "invitation",
                                       base64_hex(cx, digest_slice(&inviting.hash)));
    note.after = content;
    TRY(commit_wait_audited(cx, desk->committer, invite_work, &inviting, &note));
    if (ret_token != NULL) *ret_token = token;
    return ERR_OK;
}

// ---- those that are open ----

static Err take(Cx *cx, const Store *store, const DbRows *rows, OrganisationInvitation *ret)
{
    *ret = (OrganisationInvitation){.created_ms = (uint64_t)db_col_int(rows, 2),
                                    .expires_ms = (uint64_t)db_col_int(rows, 3)};
    ret->id = base64_hex(cx, db_col_blob(rows, 0));
    return content_open(cx, store, db_col_blob(rows, 0), db_col_blob(rows, 1), &ret->mail,
                        &ret->roles);
}

Err organisation_invite_list(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                             OrganisationInvitation **ret_rows, size_t *ret_count)
{
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_ORGANISATION));
    AUTO_ORGANISATION_DB OrganisationDb reader = {};
    TRY(organisation_db(cx, desk, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, reader.db,
                 "SELECT hash, content, created_ms, expires_ms FROM ticket WHERE tenant = $1 "
                 "AND account = x'' AND kind = 'invitation' AND used_ms = 0 AND expires_ms > $2 "
                 "ORDER BY created_ms, hash LIMIT $3",
                 DB_VALUES(db_text(actor->tenant), db_int((int64_t)cx_now_ms(cx)),
                           db_int(LIMIT_INVITATIONS)),
                 &rows));
    OrganisationInvitation *list = arena_alloc(&cx->arena, LIMIT_INVITATIONS * sizeof *list);
    size_t count = 0;
    for (bool row = true; count < LIMIT_INVITATIONS;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(take(cx, desk->store, rows, &list[count++]));
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

typedef struct Withdrawing {
    Slice tenant;
    Digest hash;
} Withdrawing;

static Err withdraw_work(Cx *cx, Db *db, void *self)
{
    const Withdrawing *withdrawing = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db,
               "DELETE FROM ticket WHERE tenant = $1 AND hash = $2 AND kind = 'invitation' "
               "AND used_ms = 0",
               DB_VALUES(db_text(withdrawing->tenant), db_blob(digest_slice(&withdrawing->hash))),
               &changed));
    return changed == 1 ? ERR_OK : err_set(cx, ERR_MISSING, "there is no such invitation");
}

Err organisation_invite_withdraw(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                                 Slice id)
{
    Withdrawing withdrawing = {.tenant = actor->tenant};
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_ORGANISATION));
    if (base64_unhex(cx, id, withdrawing.hash.bytes, DIGEST_SIZE) != ERR_OK)
        return err_set(cx, ERR_MISSING, "there is no such invitation");
    AuditNote note = organisation_note(actor, "invitation.withdraw", "invitation", id);
    return commit_wait_audited(cx, desk->committer, withdraw_work, &withdrawing, &note);
}

// ---- accepting ----

typedef struct Accepting {
    const Store *store;
    Slice tenant, account;
    Digest hash;
    uint64_t now_ms;
    AuditNote *note;
} Accepting;

static Err gone(Cx *cx)
{
    return err_set(cx, ERR_MISSING, "the invitation was used or withdrawn, or its time is over");
}

static Err find_open(Cx *cx, Db *db, const Accepting *accepting, Slice *ret_mail,
                     uint32_t *ret_roles)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT content FROM ticket WHERE tenant = $1 AND hash = $2 "
                 "AND kind = 'invitation' AND used_ms = 0 AND expires_ms > $3",
                 DB_VALUES(db_text(accepting->tenant), db_blob(digest_slice(&accepting->hash)),
                           db_int((int64_t)accepting->now_ms)),
                 &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return gone(cx);
    return content_open(cx, accepting->store, digest_slice(&accepting->hash), db_col_blob(rows, 0),
                        ret_mail, ret_roles);
}

static Err accept_work(Cx *cx, Db *db, void *self)
{
    const Accepting *accepting = self;
    uint32_t roles = 0, before = 0;
    bool there = false;
    Slice mail;
    TRY(find_open(cx, db, accepting, &mail, &roles));
    TRY(organisation_check_members(cx, db, accepting->tenant));
    TRY(organisation_roles_in(cx, db, accepting->tenant, accepting->account, &before, &there));
    TRY(organisation_put_member(cx, db, accepting->tenant, accepting->account, roles | before,
                                accepting->now_ms));
    TRY(db_run(cx, db, "UPDATE ticket SET used_ms = $3 WHERE tenant = $1 AND hash = $2",
               DB_VALUES(db_text(accepting->tenant), db_blob(digest_slice(&accepting->hash)),
                         db_int((int64_t)accepting->now_ms)),
               NULL));
    if (there)
        TRY(organisation_pair(cx, "roles", permission_roles_text(cx, before),
                              &accepting->note->before));
    return organisation_pair(cx, "roles", permission_roles_text(cx, roles | before),
                             &accepting->note->after);
}

// Before anything is written: a token that somebody made up is in nobody's audit log.
static Err check_live(Cx *cx, const OrganisationDesk *desk, const Accepting *accepting,
                      Slice *ret_mail)
{
    uint32_t roles = 0;
    AUTO_ORGANISATION_DB OrganisationDb reader = {};
    TRY(organisation_db(cx, desk, &reader));
    return find_open(cx, reader.db, accepting, ret_mail, &roles);
}

static Err parse(Cx *cx, Slice token, Accepting *accepting)
{
    Slice rest = slice_trim(token);
    bool done = false;
    if (!slice_cut(&rest, '.', &done, &accepting->tenant) || slice_empty(accepting->tenant) ||
        accepting->tenant.size > ORGANISATION_TENANT_MAX || !token_digest(rest, &accepting->hash))
        return gone(cx);
    return ERR_OK;
}

Err organisation_invite_mail(Cx *cx, const OrganisationDesk *desk, Slice token, Slice *ret_mail)
{
    Accepting accepting = {.store = desk->store, .now_ms = cx_now_ms(cx)};
    TRY(parse(cx, token, &accepting));
    return check_live(cx, desk, &accepting, ret_mail);
}

Err organisation_invite_accept(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                               Slice token, Slice *ret_tenant)
{
    Accepting accepting = {.store = desk->store, .now_ms = cx_now_ms(cx)};
    Slice mail;
    TRY(organisation_self(cx, actor, PERMISSION_OWN_ACCOUNT, &accepting.account));
    TRY(parse(cx, token, &accepting));
    TRY(check_live(cx, desk, &accepting, &mail));
    AuditNote note = organisation_note(actor, "invitation.accept", "invitation",
                                       base64_hex(cx, digest_slice(&accepting.hash)));
    note.tenant = accepting.tenant;
    accepting.note = &note;
    TRY(commit_wait_audited(cx, desk->committer, accept_work, &accepting, &note));
    return cx_copy(cx, accepting.tenant, ret_tenant);
}
