// The SM3 of all documents and readings of a group at once: in lanes they cost a seventh of what
// they cost one by one (crypto/sm3_lanes.h). Those that are not made here are made when they are
// needed.
#pragma once
#include "commit/group.h"

void group_digest_all(Command *commands);
