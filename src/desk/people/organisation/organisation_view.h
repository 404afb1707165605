// What is said of organisations, their members and invitations: the JSON of the API and of
// `fapiao organisation`.
#pragma once
#include "desk/people/organisation/organisation_invite.h"
#include "desk/people/organisation/organisation_member.h"

Err organisation_view_print(Cx *cx, const Organisation *organisation, Slice *ret_json);
// {"items":[…],"next_cursor"}; the cursor is "" behind the last page.
Err organisation_view_page(Cx *cx, const Organisation *rows, size_t count, Slice *ret_json);
Err organisation_view_members(Cx *cx, const OrganisationMember *rows, size_t count,
                              Slice *ret_json);
Err organisation_view_invitations(Cx *cx, const OrganisationInvitation *rows, size_t count,
                                  Slice *ret_json);
