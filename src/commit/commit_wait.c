#include "commit/commit_wait.h"

#include <pthread.h>

typedef struct Waiting {
    CommitWork *work;
    void *self;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done;
    Err err;
    char err_text[sizeof((Cx *)0)->err_text];
} Waiting;

static Err run(Cx *cx, Db *db, void *self)
{
    Waiting *waiting = self;
    Err err = waiting->work(cx, db, waiting->self);
    if (err != ERR_OK) memcpy(waiting->err_text, cx->err_text, sizeof waiting->err_text);
    return err;
}

static void on_done(void *self, Err err)
{
    Waiting *waiting = self;
    (void)pthread_mutex_lock(&waiting->mutex);
    waiting->err = err;
    waiting->done = true;
    (void)pthread_cond_signal(&waiting->changed);
    (void)pthread_mutex_unlock(&waiting->mutex);
}

static Err wait(Cx *cx, Committer *committer, CommitWork *work, void *self, AuditNote *note,
                Erasure *erasure)
{
    Waiting waiting = {.work = work,
                       .self = self,
                       .mutex = PTHREAD_MUTEX_INITIALIZER,
                       .changed = PTHREAD_COND_INITIALIZER,
                       .err_text = "the transaction failed; whether it is durable is unknown"};
    CommitWork *runs = work == NULL ? NULL : run;
    TRY(erasure != NULL ? commit_erase(cx, committer, erasure, runs, note, on_done, &waiting)
        : note == NULL  ? commit_work(cx, committer, runs, on_done, &waiting)
                        : commit_audited(cx, committer, runs, note, on_done, &waiting));
    (void)pthread_mutex_lock(&waiting.mutex);
    while (!waiting.done)
        (void)pthread_cond_wait(&waiting.changed, &waiting.mutex);
    (void)pthread_mutex_unlock(&waiting.mutex);
    (void)pthread_cond_destroy(&waiting.changed);
    (void)pthread_mutex_destroy(&waiting.mutex);
    return waiting.err == ERR_OK ? ERR_OK : err_set(cx, waiting.err, "%s", waiting.err_text);
}

Err commit_wait_work(Cx *cx, Committer *committer, CommitWork *work, void *self)
{
    return wait(cx, committer, work, self, NULL, NULL);
}

Err commit_wait_audited(Cx *cx, Committer *committer, CommitWork *work, void *self, AuditNote *note)
{
    return wait(cx, committer, work, self, note, NULL);
}

Err commit_wait_erase(Cx *cx, Committer *committer, Erasure *erasure, CommitWork *work, void *self,
                      AuditNote *note)
{
    return wait(cx, committer, work, self, note, erasure);
}
