// Templates: what messages say, in Chinese and English. All of them in one table
// (notify_template.c).
#pragma once
#include "desk/people/notify/notify.h"

// The subject is one line; a text of SMS is one as well. ERR_INPUT: no such template, a value that
// it does not know, or one that is missing; ERR_LIMIT.
Err notify_template_print(Cx *cx, const NotifyMessage *message, Slice *ret_subject,
                          Slice *ret_text);
// "zh" or "en".
const char *notify_template_language(Slice wanted);

// For tests and documents: names and what each needs, in order; NULL at the end.
const char *notify_template_name(size_t index);
const char *notify_template_needs(size_t index); // names with blanks between them
