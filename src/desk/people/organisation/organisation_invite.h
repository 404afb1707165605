// Invitations: how somebody comes into an organisation. A secret goes to a mail address; whoever
// shows it, signed in, becomes a member with the roles that were written down. Once, within seven
// days, and only as long as it is not withdrawn. The folder keeps its SHA-256.
#pragma once
#include "desk/people/organisation/organisation.h"

#define ORGANISATION_INVITE_DAYS 7

typedef struct OrganisationInvite {
    Slice mail;
    uint32_t roles; // of an organisation, but not `person`
    Slice language; // "zh" "en"
    Slice site;     // what the link begins with, without "/" at its end
    Slice inviter;  // shown in the message; "" = nobody is named
} OrganisationInvite;

typedef struct OrganisationInvitation {
    Slice id; // hexadecimal
    Slice mail;
    uint32_t roles;
    uint64_t created_ms, expires_ms;
} OrganisationInvitation;

// The message stands in the outbox when it returns. ERR_INPUT "mail: …", "roles: …"; ERR_CONFLICT
// over LIMIT_INVITATIONS open ones. *ret_token (may be NULL): what the link ends with, for whoever
// has no mail server and hands it over by hand.
Err organisation_invite(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                        const OrganisationInvite *invite, Slice *ret_token);
// The open ones, newest last.
Err organisation_invite_list(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                             OrganisationInvitation **ret_rows, size_t *ret_count);
Err organisation_invite_withdraw(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                                 Slice id);
// The mail address that an open one went to, for whoever shows its token: they read there.
// ERR_MISSING as below.
Err organisation_invite_mail(Cx *cx, const OrganisationDesk *desk, Slice token, Slice *ret_mail);
// ERR_MISSING when it was used, withdrawn, is over or never was; ERR_CONFLICT when the person's
// other roles do not allow it: the invitation then stays open. Who is a member already gets the
// roles besides.
Err organisation_invite_accept(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                               Slice token, Slice *ret_tenant);
