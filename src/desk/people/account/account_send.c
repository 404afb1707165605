#include "desk/people/account/account_send.h"

#include "desk/people/account/account_ticket.h"
#include "desk/people/notify/notify.h"

#define MINUTE_MS ((uint64_t)60'000)

// What each is called in notify_template.c, how long it is good for, and where its link leads.
static const struct {
    const char *template;
    uint64_t lives_ms;
    const char *path; // NULL = no link
} occasions[ACCOUNT_OCCASION_COUNT] = {
    [ACCOUNT_CONFIRM_MAIL] = {"confirm_mail", ACCOUNT_TICKET_CONFIRM_MS, "confirm"},
    [ACCOUNT_CONFIRM_PHONE] = {"confirm_phone", ACCOUNT_TICKET_CODE_MS, NULL},
    [ACCOUNT_KNOWN_MAIL] = {"account_known", 0, NULL},
    [ACCOUNT_RESET_LINK] = {"reset_password", ACCOUNT_TICKET_RESET_MS, "reset"},
    [ACCOUNT_RESET_CODE] = {"reset_password_sms", ACCOUNT_TICKET_CODE_MS, NULL},
};

Err account_send(Cx *cx, Db *db, void *self, const AccountMessage *message)
{
    const char *path = occasions[message->occasion].path;
    NotifyMessage notify = {.tenant = SLICE("local"),
                            .channel = message->channel == ACCOUNT_MAIL ? "mail" : "sms",
                            .to = message->to,
                            .template = occasions[message->occasion].template,
                            .language = message->language};
    size_t count = 0;
    // An SMS is too short for a greeting.
    if (message->channel == ACCOUNT_MAIL)
        notify.values[count++] = (NotifyValue){"name", message->name};
    if (message->secret.size > 0) {
        uint64_t minutes = occasions[message->occasion].lives_ms / MINUTE_MS;
        notify.values[count++] = (NotifyValue){"code", message->secret};
        notify.values[count++] =
            (NotifyValue){"minutes", cx_printf(cx, "%llu", (unsigned long long)minutes)};
    }
    // Behind "#": no server on the way writes it into a log.
    if (path != NULL && message->site.size > 0)
        notify.values[count++] = (NotifyValue){"link", cx_printf(cx, SLICE_FMT "/%s#t=" SLICE_FMT,
                                                                 SLICE_ARG(message->site), path,
                                                                 SLICE_ARG(message->secret))};
    return notify_put(cx, self, db, &notify, NULL);
}
