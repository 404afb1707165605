#include "commit/group_digest.h"

#include "crypto/sm3_lanes.h"

#define ROOM 256 // messages at once

typedef struct Gathered {
    Slice messages[ROOM];
    Digest *digests[ROOM]; // where each goes
    size_t count;
} Gathered;

static void make(Gathered *gathered)
{
    Digest digests[ROOM];
    sm3_lanes_of(gathered->messages, gathered->count, digests);
    for (size_t i = 0; i < gathered->count; i++)
        *gathered->digests[i] = digests[i];
    gathered->count = 0;
}

static void add(Gathered *gathered, Slice message, Digest *digest)
{
    if (gathered->count == ROOM) make(gathered);
    gathered->messages[gathered->count] = message;
    gathered->digests[gathered->count++] = digest;
}

static void add_document(Gathered *gathered, Receiving *receiving)
{
    if (slice_empty(receiving->small)) return;
    add(gathered, receiving->small, &receiving->sm3);
    receiving->small = SLICE("");
}

static void add_readings(Gathered *gathered, Deciding *deciding)
{
    for (size_t i = 0; i < deciding->draft_count; i++) {
        DecidingDraft *draft = &deciding->drafts[i];
        if (draft->sm3_known) continue;
        add(gathered, draft->canonical, &draft->sm3);
        draft->sm3_known = true;
    }
}

void group_digest_all(Command *commands)
{
    Gathered gathered = {};
    for (Command *command = commands; command != NULL; command = command->next) {
        if (command->kind == COMMAND_RECEIVE) add_document(&gathered, &command->receiving);
        if (command->kind == COMMAND_DECIDE) add_readings(&gathered, &command->deciding);
    }
    make(&gathered);
}
