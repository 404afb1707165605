// Templates: what messages say, in Chinese and English. All of them in one table
// (notify_template.c).
#pragma once
#include "base/cx.h"

#define NOTIFY_VALUES_MAX 8

typedef struct NotifyValue {
    const char *name; // as the template writes it in braces
    Slice value;      // control characters become blanks: no value begins a line
} NotifyValue;

typedef struct NotifyMessage {
    Slice tenant;         // an organisation; "" = the platform, which accounts belong to
    const char *channel;  // "mail" "sms" "wecom" "dingtalk" "feishu"
    Slice to;             // an address; a phone number; of a robot anything, it knows its group
    const char *template; // a row of notify_template.c
    Slice language;       // "zh" "en"; anything else is "zh"
    NotifyValue values[NOTIFY_VALUES_MAX]; // ends with the first whose name is NULL
} NotifyMessage;

// The subject is one line; a text of SMS is one as well. ERR_INPUT: no such template, a value that
// it does not know, or one that is missing; ERR_LIMIT.
Err notify_template_print(Cx *cx, const NotifyMessage *message, Slice *ret_subject,
                          Slice *ret_text);
// "zh" or "en".
const char *notify_template_language(Slice wanted);

// For tests and documents: names and what each needs, in order; NULL at the end.
const char *notify_template_name(size_t index);
const char *notify_template_needs(size_t index); // names with blanks between them
