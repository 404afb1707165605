// Mail: a message as RFC 5322 text, and its way to the mail server.
//
// Plain text in UTF-8 as base64, so that no line is long and nothing in it is markup; headers are
// ASCII, encoded by RFC 2047 and folded. Retries bear the same Message-ID, so that a mailbox can
// tell that they are one.
#pragma once
#include "desk/people/notify/notify_channels.h"

typedef struct NotifyMail {
    Slice from;    // as in notify_address_parse
    Slice to;      // an address alone
    Slice subject; // one line
    Slice text;
    Slice id; // bytes, for the Message-ID
    uint64_t time_ms;
} NotifyMail;

// *ret_sender is the address alone of `from`. ERR_INPUT when an address is none or the subject is
// no line.
Err notify_mail_print(Cx *cx, const NotifyMail *mail, Slice *ret_message, Slice *ret_sender);
NotifySender notify_mail_send;
