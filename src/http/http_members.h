// Routes of an organisation's members and invitations.
#pragma once
#include "http/routes.h"

RouteFn http_members_list;
RouteFn http_members_roles;
RouteFn http_members_remove;
RouteFn http_members_invitations;
RouteFn http_members_invite;
RouteFn http_members_withdraw;
RouteFn http_members_accept;
