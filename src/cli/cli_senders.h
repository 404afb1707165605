// Senders: threads that hand documents in to the server that holds the folder, each by a
// connection of its own, so that it reads some while others are on their way.
#pragma once
#include "cli/client.h"

typedef struct CliSenders CliSenders;

// A document on its way. Whoever puts it keeps it, and what it borrows, until `done` is called.
typedef struct CliSending {
    struct CliSending *next; // the senders'
    Slice file_name, bytes;
    void (*done)(void *self); // once, on a sender's thread
    void *self;
    Cx cx;             // of all below; opened and closed by whoever puts it
    DocumentView view; // decided, or a while has passed
    Err err;           // why there is none
} CliSending;

// Of all that a client asks in `organisation` ("" = the one it is asked in by itself). ERR_MISSING
// when no server answers there.
Err cli_senders_open(Cx *cx, const char *folder, Slice organisation, size_t count,
                     CliSenders **ret_senders);
void cli_senders_put(CliSenders *senders, CliSending *sending);
// When all that was put is done. Takes NULL.
void cli_senders_close(CliSenders *senders);
