#include "commit/commit.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "commit/commit_fixture.h"

static Committer *committer_of(Cx *cx, Store *store, CommitFold *fold)
{
    Committer *committer = NULL;
    const CommitOptions options = {.fold = fold};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    return committer;
}

TEST("commit: states and relations have names and are found by them")
{
    for (DocState state = DOC_RECEIVED; state <= DOC_REJECTED; state++) {
        DocState back = DOC_RECEIVED;
        EXPECT(commit_state_of(slice_of(commit_state_name(state)), &back) && back == state);
    }
    DocState state;
    EXPECT(!commit_state_of(SLICE("lost"), &state));
    for (Relation relation = RELATION_NEW; relation <= RELATION_VARIANT; relation++) {
        Relation back = RELATION_NEW;
        EXPECT(commit_relation_of(slice_of(commit_relation_name(relation)), &back));
        EXPECT(back == relation);
    }
    Relation relation;
    EXPECT(!commit_relation_of(SLICE(""), &relation));
}

TEST("I1: a reference names bytes and a received fact that are durable")
{
    Store *store = fixture_store(cx, "i1");
    Committer *committer = committer_of(cx, store, NULL);
    Receipt receipts[20];
    int year = date_in_china(cx_now_ms(cx)).year;
    for (int i = 0; i < 20; i++) {
        receipts[i] = fixture_receive(cx, committer, cx_printf(cx, "bytes %d", i), SLICE(""));
        EXPECT(receipts[i].err == ERR_OK);
        EXPECT(
            slice_equal(slice_of(receipts[i].reference), cx_printf(cx, "R-%d-%06d", year, i + 1)));
        EXPECT(receipts[i].state == DOC_RECEIVED && !receipts[i].repeated);
    }
    // Another opening of the folder, as after a crash: the committer is never closed in order.
    StoreOptions options = {.folder = store_folder(store)};
    Store *other = NULL;
    EXPECT_OK(store_open(cx, &options, &other));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, other, &db));
    for (int i = 0; i < 20; i++) {
        Slice bytes, id = {(const char *)receipts[i].document, COMMIT_ID_SIZE};
        EXPECT_OK(commit_original(cx, other, db, SLICE("local"), id, &bytes));
        EXPECT(slice_equal(bytes, cx_printf(cx, "bytes %d", i)));
    }
    store_give(other, db);
    EXPECT(fixture_count(cx, other, "SELECT COUNT(*) FROM event WHERE type = 12") == 20);
    EXPECT(fixture_count(cx, other, "SELECT next_sequence FROM head") == 21);
    store_close(other);
    commit_close(committer);
    store_close(store);
}

TEST("commit: the same bytes again are a duplicate that names the first reference")
{
    Store *store = fixture_store(cx, "dup");
    Committer *committer = committer_of(cx, store, NULL);
    Receipt first = fixture_receive(cx, committer, SLICE("same"), SLICE(""));
    Receipt second = fixture_receive(cx, committer, SLICE("same"), SLICE(""));
    EXPECT(second.err == ERR_OK);
    EXPECT(second.state == DOC_DUPLICATE && strcmp(second.reference, first.reference) != 0);
    EXPECT(strcmp(second.first_reference, first.reference) == 0);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document WHERE segment IS NOT NULL") ==
           1);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    Slice bytes, id = {(const char *)second.document, COMMIT_ID_SIZE};
    EXPECT_OK(commit_original(cx, store, db, SLICE("local"), id, &bytes));
    EXPECT(slice_equal(bytes, SLICE("same")));
    EXPECT(commit_original(cx, store, db, SLICE("local"), SLICE("0123456789abcdef"), &bytes) ==
           ERR_MISSING);
    store_give(store, db);
    commit_close(committer);
    store_close(store);
}

TEST("commit: an idempotency key repeats its answer, and refuses other bytes")
{
    Store *store = fixture_store(cx, "idem");
    Committer *committer = committer_of(cx, store, NULL);
    Receipt first = fixture_receive(cx, committer, SLICE("a"), SLICE("key-1"));
    Receipt again = fixture_receive(cx, committer, SLICE("a"), SLICE("key-1"));
    EXPECT(again.err == ERR_OK);
    EXPECT(again.repeated && strcmp(again.reference, first.reference) == 0);
    EXPECT(memcmp(again.document, first.document, COMMIT_ID_SIZE) == 0);
    Receipt other = fixture_receive(cx, committer, SLICE("b"), SLICE("key-1"));
    EXPECT(other.err == ERR_CONFLICT && other.reference[0] == '\0');
    Receipt dup = fixture_receive(cx, committer, SLICE("a"), SLICE("key-2"));
    EXPECT(dup.state == DOC_DUPLICATE && !dup.repeated);
    Receipt dup_again = fixture_receive(cx, committer, SLICE("a"), SLICE("key-2"));
    EXPECT(dup_again.repeated && strcmp(dup_again.first_reference, first.reference) == 0);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document") == 2);

    char key[LIMIT_IDEMPOTENCY_BYTES + 1];
    memset(key, 'k', sizeof key);
    const Arrival long_key = {
        .tenant = SLICE("local"), .idempotency = {key, sizeof key}, .bytes = SLICE("x")};
    const Arrival empty = {.tenant = SLICE("local")};
    Wait wait = WAIT_INIT;
    EXPECT(commit_receive(cx, committer, &long_key, wait_received, &wait) == ERR_INPUT);
    EXPECT(commit_receive(cx, committer, &empty, wait_received, &wait) == ERR_INPUT);
    commit_close(committer);
    store_close(store);
}

static int fold_calls;
static Err fold_third_fails(Cx *cx, Db *db, const Fact *fact)
{
    (void)db;
    fold_calls++;
    if (slice_equal(fact->body->size, SLICE("3"))) return err_set(cx, ERR_CORRUPT, "three");
    return ERR_OK;
}

static Err work_that_waits(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db;
    (void)pthread_mutex_lock(self); // until all the others are queued behind it
    (void)pthread_mutex_unlock(self);
    return ERR_OK;
}

TEST("I3: facts of one command are written together or not at all, and sink no neighbour")
{
    Store *store = fixture_store(cx, "i3");
    fold_calls = 0;
    Committer *committer = committer_of(cx, store, fold_third_fails);
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&gate);
    Wait waits[5] = {WAIT_INIT, WAIT_INIT, WAIT_INIT, WAIT_INIT, WAIT_INIT};
    EXPECT_OK(commit_work(cx, committer, work_that_waits, NULL, &gate));
    static const Slice bytes[5] = {{"1", 1}, {"22", 2}, {"333", 3}, {"4444", 4}, {"55555", 5}};
    for (size_t i = 0; i < 5; i++) {
        const Arrival arrival = {
            .tenant = SLICE("local"), .actor = SLICE("a"), .source = SLICE("s"), .bytes = bytes[i]};
        EXPECT_OK(commit_receive(cx, committer, &arrival, wait_received, &waits[i]));
    }
    (void)pthread_mutex_unlock(&gate);
    for (size_t i = 0; i < 5; i++)
        wait_for(&waits[i]);
    for (size_t i = 0; i < 5; i++)
        EXPECT(waits[i].receipt.err == (i == 2 ? ERR_CORRUPT : ERR_OK));
    EXPECT(strcmp(waits[2].receipt.err_text, "three") == 0);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document") == 4);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 4);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM content_key") == 4);
    // Dense: what failed took no number.
    EXPECT(fixture_count(cx, store, "SELECT MAX(sequence) FROM event") == 4);
    EXPECT(fixture_count(cx, store, "SELECT next_value FROM counter") == 5);
    EXPECT(fold_calls > 5); // the group was tried, and then each alone
    commit_close(committer);
    store_close(store);
}

static Err work_attempt(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_run(cx, db, "INSERT INTO attempt VALUES ('local', '2026-01-01', x'00', 1)", NULL, 0,
                  NULL);
}

TEST("commit: a work that says no takes back what it did, and the rest goes on")
{
    Store *store = fixture_store(cx, "work");
    Committer *committer = committer_of(cx, store, NULL);
    Wait one = WAIT_INIT, two = WAIT_INIT;
    EXPECT_OK(commit_work(cx, committer, work_attempt, wait_worked, &one));
    EXPECT_OK(commit_work(cx, committer, work_attempt, wait_worked, &two));
    Receipt receipt = fixture_receive(cx, committer, SLICE("a"), SLICE(""));
    wait_for(&one);
    wait_for(&two);
    EXPECT(one.err == ERR_OK && two.err == ERR_CONFLICT && receipt.err == ERR_OK);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM attempt") == 1);
    commit_close(committer);
    commit_close(NULL);
    store_close(store);
}

typedef struct Durable {
    uint64_t next[8];
    size_t count;
} Durable;
static void on_durable(void *self, uint64_t next_sequence)
{
    Durable *durable = self;
    durable->next[durable->count++] = next_sequence;
}

TEST("commit: an answer names its leaf, and a group that is durable is told before its answers")
{
    Store *store = fixture_store(cx, "leaf");
    Durable durable = {};
    Committer *committer = NULL;
    const CommitOptions options = {.durable = on_durable, .durable_self = &durable};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    Receipt first = fixture_receive(cx, committer, SLICE("a"), SLICE("key-1"));
    EXPECT(durable.count == 1 && durable.next[0] == 2); // told when the answer was
    Receipt second = fixture_receive(cx, committer, SLICE("b"), SLICE(""));
    Receipt again = fixture_receive(cx, committer, SLICE("a"), SLICE("key-1"));
    EXPECT(first.sequence == 1 && second.sequence == 2 && again.sequence == 1);
    EXPECT(digest_equal(&first.leaf_hash, &again.leaf_hash) && first.time_ms == again.time_ms);
    EXPECT(!digest_equal(&first.leaf_hash, &second.leaf_hash) && first.time_ms > 0);
    EXPECT(first.promise == NULL && again.promise == NULL);
    Wait wait = WAIT_INIT;
    EXPECT_OK(commit_work(cx, committer, work_attempt, wait_worked, &wait));
    wait_for(&wait);
    EXPECT(durable.count == 2 && durable.next[1] == 3); // no event, nothing to tell
    commit_close(committer);
    store_close(store);
}

TEST("commit: each answer of a group carries the promise of its transaction, a repeated one none")
{
    Store *store = fixture_store(cx, "promise");
    FixtureKeys keys = fixture_keys(cx);
    const Signer *const signers[] = {keys.signers[0], keys.signers[1]};
    Committer *committer = NULL;
    const CommitOptions options = {
        .origin = keys.origin, .keys = keys.keys, .signers = signers, .key_count = 2};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&gate);
    Wait waits[5] = {WAIT_INIT, WAIT_INIT, WAIT_INIT, WAIT_INIT, WAIT_INIT};
    EXPECT_OK(commit_work(cx, committer, work_that_waits, NULL, &gate));
    for (size_t i = 0; i < 5; i++) {
        const Arrival arrival = {.tenant = i % 2 == 0 ? SLICE("local") : SLICE("other"),
                                 .idempotency = cx_printf(cx, "key %zu", i),
                                 .bytes = cx_printf(cx, "bytes %zu", i)};
        EXPECT_OK(commit_receive(cx, committer, &arrival, wait_received, &waits[i]));
    }
    (void)pthread_mutex_unlock(&gate);
    for (size_t i = 0; i < 5; i++)
        wait_for(&waits[i]);
    for (size_t i = 0; i < 5; i++) {
        const Receipt *receipt = &waits[i].receipt;
        EXPECT(receipt->sequence == i + 1);
        fixture_expect_promised(cx, &keys, receipt->promise, i + 1, &receipt->leaf_hash);
    }
    Receipt again = fixture_receive(cx, committer, SLICE("bytes 2"), SLICE("key 2"));
    EXPECT(again.repeated && again.promise == NULL);
    commit_close(committer);
    fixture_keys_close(&keys);
    store_close(store);
}

TEST("commit: what is halted says why and takes nothing more but work, until that is lifted")
{
    Store *store = fixture_store(cx, "halt");
    Committer *committer = committer_of(cx, store, NULL);
    Receipt kept = fixture_receive(cx, committer, SLICE("a"), SLICE(""));
    EXPECT(slice_empty(commit_halted(cx, committer)));
    char why[] = "账本回退 the record went back";
    commit_halt(committer, why);
    memset(why, 'x', sizeof why - 1);
    EXPECT(slice_equal(commit_halted(cx, committer), SLICE("账本回退 the record went back")));
    const Arrival arrival = {.tenant = SLICE("local"), .bytes = SLICE("b")};
    Release release = {.tenant = SLICE("local")};
    memcpy(release.document, kept.document, COMMIT_ID_SIZE);
    Wait wait = WAIT_INIT;
    EXPECT(commit_receive(cx, committer, &arrival, wait_received, &wait) == ERR_DENIED);
    EXPECT(slice_equal(slice_of(cx->err_text), SLICE("账本回退 the record went back")));
    EXPECT(commit_release(cx, committer, &release, wait_decided, &wait) == ERR_DENIED);
    EXPECT_OK(commit_work(cx, committer, work_attempt, wait_worked, &wait));
    wait_for(&wait);
    commit_halt(committer, NULL);
    EXPECT(fixture_receive(cx, committer, SLICE("b"), SLICE("")).err == ERR_OK);
    commit_close(committer);
    store_close(store);
}

static Err fold_name(Cx *cx, Db *db, const Fact *fact)
{
    (void)db;
    EXPECT(slice_equal(fact->body->file_name, SLICE("发票?\?.pdf?\?")));
    Slice canonical;
    EventBody back;
    EXPECT_OK(event_body_print(cx, fact->body, &canonical));
    EXPECT_OK(event_body_parse(cx, canonical, &back));
    return ERR_OK;
}

TEST("commit: a file name that is no text is kept as text")
{
    Store *store = fixture_store(cx, "name");
    Committer *committer = committer_of(cx, store, fold_name);
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("a"),
                             .source = SLICE("s"),
                             .file_name = SLICE("发票\xC0\n.pdf\xE5\x8F"),
                             .bytes = SLICE("x")};
    Wait wait = WAIT_INIT;
    EXPECT_OK(commit_receive(cx, committer, &arrival, wait_received, &wait));
    wait_for(&wait);
    EXPECT(wait.receipt.err == ERR_OK);
    commit_close(committer);
    store_close(store);
}
