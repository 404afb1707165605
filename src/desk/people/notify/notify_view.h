// What is said of messages and settings: the Notifications of the API, and the lines of the
// command.
#pragma once
#include "desk/people/notify/notify.h"
#include "desk/people/notify/notify_setting.h"

// One Notification. `whole`: with the recipient as it is; else only so much of it as tells two
// apart.
Err notify_view_print(Cx *cx, const NotifyRow *row, bool whole, Slice *ret_json);
// A page of them; `limit` as it was asked for.
Err notify_view_page(Cx *cx, const NotifyRow *rows, size_t count, size_t limit, bool whole,
                     Slice *ret_json);
// Every setting: whether it is set, and its value where that is no secret.
Err notify_view_settings(Cx *cx, const NotifySettings *settings, Slice *ret_json);
// All of one message for a person: a line a field, an empty line, the text.
Err notify_view_text(Cx *cx, const NotifyRow *row, Slice *ret_text);
// "a***@b.example", "138****8000"; characters, not bytes.
Slice notify_view_mask(Cx *cx, Slice to);
