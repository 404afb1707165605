// Channels: the ways a message can go, all in one table (notify_channels.c).
#pragma once
#include <stdatomic.h>

#include "desk/people/notify/notify_outbox.h"
#include "desk/people/notify/notify_setting.h"

#define NOTIFY_CHANNEL_NEEDS 2

typedef struct NotifySend {
    const NotifySettings *settings;
    const NotifyDue *message;
    const atomic_bool *stop; // once true, it ends within a second; may be NULL
} NotifySend;

// ERR_OK: it was taken.
// ERR_INPUT: it is refused for good. ERR_CONFLICT: it is refused for now, others may be taken.
// Anything else: nobody there takes any (no answer, not to be trusted, not let in).
// The text of an Err has no secret of the settings and no recipient in it.
typedef Err NotifySender(Cx *cx, const NotifySend *send);

typedef struct NotifyChannel {
    const char *name;
    Err (*check)(Cx *cx, Slice to); // of a recipient
    NotifySender *send;
    NotifySettingId needs[NOTIFY_CHANNEL_NEEDS]; // it is ready when these are set
    const char *missing_zh, *missing_en;         // why it is not
} NotifyChannel;

// All of them, in order; *ret_count of them.
const NotifyChannel *notify_channels_all(size_t *ret_count);
const NotifyChannel *notify_channels_find(Slice name); // NULL when there is none
bool notify_channels_ready(const NotifyChannel *channel, const NotifySettings *settings);
