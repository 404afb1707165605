#include "cli/cli_senders.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/base64.h"
#include "crypto/digest.h"

typedef struct Sender {
    CliSenders *senders;
    Client *client;
    pthread_t thread;
} Sender;

struct CliSenders {
    pthread_mutex_t mutex; // over all below, but `all`
    pthread_cond_t put;
    CliSending *first, **last;
    bool closing;
    size_t count; // of `all`: those that run
    Sender all[];
};

static Err hand_in(CliSending *sending, Client *client)
{
    Cx *cx = &sending->cx;
    Slice document = {};
    Reason refused = REASON_NONE;
    TRY(client_hand_in(cx, client, sending->file_name, sending->bytes, &document, &refused));
    if (refused != REASON_NONE) { // counted there
        Digest sha256 = digest_of(DIGEST_SHA256, sending->bytes);
        sending->view = (DocumentView){.state = DOC_REJECTED,
                                       .reason = refused,
                                       .sha256 = base64_hex(cx, digest_slice(&sha256))};
        return ERR_OK;
    }
    TRY(client_view(cx, document, &sending->view));
    return client_entries(cx, client, &sending->view);
}

// NULL: closing, and nothing is left.
static CliSending *take(CliSenders *senders)
{
    (void)pthread_mutex_lock(&senders->mutex);
    while (senders->first == NULL && !senders->closing)
        (void)pthread_cond_wait(&senders->put, &senders->mutex);
    CliSending *sending = senders->first;
    if (sending != NULL) senders->first = sending->next;
    if (senders->first == NULL) senders->last = &senders->first;
    (void)pthread_mutex_unlock(&senders->mutex);
    return sending;
}

static void *sender_main(void *self)
{
    const Sender *sender = self;
    for (CliSending *sending; (sending = take(sender->senders)) != NULL;) {
        sending->err = hand_in(sending, sender->client);
        sending->done(sending->self);
    }
    return NULL;
}

static Err start(Cx *cx, CliSenders *senders, const char *folder, Slice organisation)
{
    Sender *sender = &senders->all[senders->count];
    sender->senders = senders;
    TRY(client_open(cx, folder, &sender->client));
    if (organisation.size > 0) client_organisation(sender->client, organisation);
    if (pthread_create(&sender->thread, NULL, sender_main, sender) != 0) {
        client_close(sender->client);
        return err_set(cx, ERR_STORE, "cannot start a thread");
    }
    senders->count++;
    return ERR_OK;
}

Err cli_senders_open(Cx *cx, const char *folder, Slice organisation, size_t count,
                     CliSenders **ret_senders)
{
    const size_t size = sizeof(CliSenders) + count * sizeof(Sender);
    CliSenders *senders = calloc(1, size); // owned: until cli_senders_close
    if (senders == NULL) abort();
    (void)pthread_mutex_init(&senders->mutex, NULL);
    (void)pthread_cond_init(&senders->put, NULL);
    senders->last = &senders->first;
    Err err = ERR_OK;
    for (size_t i = 0; i < count && err == ERR_OK; i++)
        err = start(cx, senders, folder, organisation);
    if (err != ERR_OK) {
        cli_senders_close(senders);
        return err;
    }
    *ret_senders = senders;
    return ERR_OK;
}

void cli_senders_put(CliSenders *senders, CliSending *sending)
{
    (void)pthread_mutex_lock(&senders->mutex);
    sending->next = NULL;
    *senders->last = sending;
    senders->last = &sending->next;
    (void)pthread_mutex_unlock(&senders->mutex);
    (void)pthread_cond_signal(&senders->put);
}

void cli_senders_close(CliSenders *senders)
{
    if (senders == NULL) return;
    (void)pthread_mutex_lock(&senders->mutex);
    senders->closing = true;
    (void)pthread_mutex_unlock(&senders->mutex);
    (void)pthread_cond_broadcast(&senders->put);
    for (size_t i = 0; i < senders->count; i++) {
        (void)pthread_join(senders->all[i].thread, NULL);
        client_close(senders->all[i].client);
    }
    (void)pthread_cond_destroy(&senders->put);
    (void)pthread_mutex_destroy(&senders->mutex);
    free(senders);
}
