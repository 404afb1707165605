#include "desk/invoice/receipt/receipt.h"

#include <string.h>

#include "base/base64.h"
#include "base/test.h"
#include "flow/flow_fixture.h"

#define INVOICE "fapiao\nnumber 24112000000048542163\nissue_date 2024-05-28\ntotal 1.00\n"
#define OTHER   "fapiao\nnumber 24112000000048542163\nissue_date 2024-05-28\ntotal 2.00\n"
#define TWO                                                                                        \
    "fapiao\nnumber 24112000000048540001\ntotal 1.00\n---\nnumber 24112000000048540002\n"          \
    "total 2.00\n"

static const Slice tenant = SLICE("local");

typedef struct Opened {
    Flow *flow;
    Log *log;
    Db *db;
} Opened;

static Opened opened(Cx *cx)
{
    Opened o = {.flow = flow_fixture_open(cx, NULL)};
    o.log = flow_log(o.flow);
    EXPECT(o.log != NULL && flow_sealer(o.flow) != NULL);
    return o;
}

static void seal(Cx *cx, Opened *o)
{
    EXPECT_OK(sealer_flush(cx, flow_sealer(o->flow)));
    EXPECT_OK(store_take(cx, flow_store(o->flow), &o->db));
}

static void close(Opened *o)
{
    store_give(flow_store(o->flow), o->db);
    flow_close(o->flow);
}

static LogEvent find(Cx *cx, Opened *o, Slice reference, Slice which)
{
    LogEvent event = {};
    EXPECT_OK(receipt_find(cx, o->log, o->db, tenant, reference, which, &event));
    return event;
}

// The file of an event, judged as a stranger would who knows the keys alone.
static ProofFacts judged(Cx *cx, Opened *o, const LogEvent *event, ReceiptForm form)
{
    Slice bytes;
    ProofFacts facts = {};
    const ProofTrust trust = {.keys = log_keys(o->log), .key_count = LOG_KEYS};
    EXPECT_OK(receipt_print(cx, o->log, o->db, event, (ReceiptKind){.form = form}, &bytes));
    EXPECT_OK(proof_verify(cx, bytes, &trust, &facts));
    EXPECT(facts.index == event->sequence - 1);
    return facts;
}

static bool says(Slice text, Slice what)
{
    return slice_find(text, what) != SLICE_NONE;
}

TEST("receipt: that of a document names its bytes; a public one does not; a promise needs no "
     "checkpoint")
{
    Opened o = opened(cx);
    Slice reference = flow_fixture_keep(cx, o.flow, INVOICE);
    seal(cx, &o);
    LogEvent event = find(cx, &o, reference, SLICE(""));
    EXPECT(event.type == EVENT_RECEIVED &&
           find(cx, &o, reference, SLICE("received")).sequence == 1);
    Digest sha256 = digest_of(DIGEST_SHA256, SLICE(INVOICE)),
           sm3 = digest_of(DIGEST_SM3, SLICE(INVOICE));
    ProofFacts facts = judged(cx, &o, &event, RECEIPT_PROOF);
    EXPECT(facts.opening.open && !facts.promise);
    EXPECT(says(facts.opening.canonical, base64_hex(cx, digest_slice(&sha256))));
    EXPECT(says(facts.opening.canonical, base64_hex(cx, digest_slice(&sm3))));
    EXPECT(says(facts.opening.canonical, reference));
    facts = judged(cx, &o, &event, RECEIPT_PUBLIC);
    EXPECT(!facts.opening.open && !facts.promise && facts.leaf.type == LEAF_RECEIVED);
    facts = judged(cx, &o, &event, RECEIPT_PROMISE);
    EXPECT(facts.promise && facts.promise_first == 0 && facts.opening.open);
    EXPECT(facts.promise_ms == facts.leaf.time_ms);
    close(&o);
}

TEST("receipt: a byte changed anywhere is refused")
{
    Opened o = opened(cx);
    Slice reference = flow_fixture_keep(cx, o.flow, INVOICE), bytes;
    seal(cx, &o);
    LogEvent event = find(cx, &o, reference, SLICE(""));
    const ProofTrust trust = {.keys = log_keys(o.log), .key_count = LOG_KEYS};
    for (int sm2 = 0; sm2 < 2; sm2++) {
        EXPECT_OK(receipt_print(cx, o.log, o.db, &event, (ReceiptKind){.sm2 = sm2 != 0}, &bytes));
        char *changed = arena_alloc(&cx->arena, bytes.size);
        for (size_t i = 0; i < bytes.size; i++) {
            ProofFacts facts;
            memcpy(changed, bytes.data, bytes.size);
            changed[i] ^= 1;
            EXPECT(proof_verify(cx, (Slice){changed, bytes.size}, &trust, &facts) != ERR_OK);
        }
    }
    close(&o);
}

TEST("receipt: the log's first key alone checks it; the SM2 line comes when it is asked for")
{
    Opened o = opened(cx);
    Slice reference = flow_fixture_keep(cx, o.flow, INVOICE), bytes;
    seal(cx, &o);
    LogEvent event = find(cx, &o, reference, SLICE(""));
    const NoteKey *own = log_keys(o.log);
    const ProofTrust first = {.keys = own, .key_count = 1},
                     second = {.keys = own + 1, .key_count = 1, .allow_unknown = true},
                     both = {.keys = own, .key_count = LOG_KEYS};
    ProofFacts facts;
    for (ReceiptForm form = RECEIPT_PROOF; form <= RECEIPT_PUBLIC; form++) {
        EXPECT_OK(receipt_print(cx, o.log, o.db, &event, (ReceiptKind){.form = form}, &bytes));
        EXPECT_OK(proof_verify(cx, bytes, &first, &facts));
        EXPECT_OK(proof_verify(cx, bytes, &both, &facts));
        EXPECT(proof_verify(cx, bytes, &second, &facts) == ERR_INPUT);
        EXPECT_OK(receipt_print(cx, o.log, o.db, &event, (ReceiptKind){form, true}, &bytes));
        EXPECT(proof_verify(cx, bytes, &first, &facts) == ERR_INPUT);
        EXPECT_OK(proof_verify(cx, bytes, &second, &facts));
        EXPECT_OK(proof_verify(cx, bytes, &both, &facts));
    }
    EXPECT_OK(
        receipt_print(cx, o.log, o.db, &event, (ReceiptKind){RECEIPT_PROMISE, false}, &bytes));
    EXPECT_OK(proof_verify(cx, bytes, &first, &facts));
    EXPECT(proof_verify(cx, bytes, &second, &facts) != ERR_OK); // it has no SM2 line
    EXPECT(receipt_print(cx, o.log, o.db, &event, (ReceiptKind){RECEIPT_PROMISE, true}, &bytes) ==
           ERR_INPUT);
    close(&o);
}

TEST("receipt: outcomes are those that this document made, in their order")
{
    static const struct {
        const char *text;
        size_t count;
        EventType types[3];
    } cases[] = {
        {INVOICE, 1, {EVENT_ACCEPTED}},
        {INVOICE " \n", 1, {EVENT_CARRIER}}, // another file of the same invoice
        {OTHER,
         3,
         {EVENT_ACCEPTED, EVENT_CONFLICT, EVENT_CONFLICT}}, // itself, its conflict, the other's
        {TWO, 2, {EVENT_ACCEPTED, EVENT_ACCEPTED}},
        {"no invoice", 1, {EVENT_QUARANTINED}},
    };
    Opened o = opened(cx);
    Slice references[sizeof cases / sizeof *cases];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        references[i] = flow_fixture_keep(cx, o.flow, cases[i].text);
    seal(cx, &o);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 0;
        EXPECT_OK(receipt_outcomes(cx, o.log, o.db, tenant, references[i], &count));
        EXPECT(count == cases[i].count);
        for (size_t k = 0; k < count; k++) {
            LogEvent event = find(cx, &o, references[i], cx_printf(cx, "outcome:%zu", k + 1));
            EXPECT(event.type == cases[i].types[k]);
            ProofFacts facts = judged(cx, &o, &event, RECEIPT_PROOF);
            EXPECT(says(facts.opening.canonical, references[i]));
        }
        LogEvent event;
        EXPECT(receipt_find(cx, o.log, o.db, tenant, references[i],
                            cx_printf(cx, "outcome:%zu", count + 1), &event) == ERR_MISSING);
        EXPECT(find(cx, &o, references[i], SLICE("outcome")).sequence ==
               find(cx, &o, references[i], SLICE("outcome:1")).sequence);
    }
    close(&o);
}

TEST("receipt: a duplicate has its own, and is told whose outcome to ask for")
{
    Opened o = opened(cx);
    Slice first = flow_fixture_keep(cx, o.flow, INVOICE);
    Slice again = flow_fixture_keep(cx, o.flow, INVOICE);
    seal(cx, &o);
    LogEvent event = find(cx, &o, again, SLICE("received"));
    ProofFacts facts = judged(cx, &o, &event, RECEIPT_PROOF);
    EXPECT(says(facts.opening.canonical, again) && says(facts.opening.canonical, first));
    EXPECT(receipt_find(cx, o.log, o.db, tenant, again, SLICE("outcome"), &event) == ERR_MISSING);
    EXPECT(says(err_text(cx), first));
    close(&o);
}

TEST("receipt: what is asked for wrongly is said")
{
    static const Slice wrong[] = {SLICE("all"), SLICE("outcome:"), SLICE("outcome:0"),
                                  SLICE("outcome:257"), SLICE("outcomes")};
    Opened o = opened(cx);
    Slice reference = flow_fixture_keep(cx, o.flow, INVOICE);
    seal(cx, &o);
    LogEvent event;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        EXPECT(receipt_find(cx, o.log, o.db, tenant, reference, wrong[i], &event) == ERR_INPUT);
    EXPECT(receipt_find(cx, o.log, o.db, tenant, SLICE("R-1"), SLICE(""), &event) == ERR_MISSING);
    EXPECT(receipt_find(cx, o.log, o.db, SLICE("else"), reference, SLICE(""), &event) ==
           ERR_MISSING);
    ReceiptForm form;
    EXPECT(!receipt_form_of(SLICE("pdf"), &form));
    EXPECT(receipt_form_of(SLICE("public"), &form) && form == RECEIPT_PUBLIC);
    close(&o);
}

TEST("receipt: outcomes of documents whose invoices were joined are what they were")
{
#define PAPER "code 011001900104\nnumber 12345678\n"
    static const char *const texts[] = {
        "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\n",
        "fapiao\nkind 85\n" PAPER "total 1.00\n",
        "fapiao\nkind 85\n" PAPER "digital_number 24112000000048542100\n"};
    Opened o = opened(cx);
    Slice references[3];
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        references[i] = flow_fixture_keep(cx, o.flow, texts[i]);
    seal(cx, &o);
    for (size_t i = 0; i < 3; i++) {
        LogEvent event = find(cx, &o, references[i], SLICE("outcome"));
        EXPECT(event.type == (i < 2 ? EVENT_ACCEPTED : EVENT_CARRIER));
        ProofFacts facts = judged(cx, &o, &event, RECEIPT_PROOF);
        EXPECT(says(facts.opening.canonical, references[i]));
        EXPECT_OK(receipt_outcomes(cx, o.log, o.db, tenant, references[i], &count));
        EXPECT(count == (i < 2 ? 1 : 2));
    }
    // That the two are one is an outcome of the document that says so.
    LogEvent merged = find(cx, &o, references[2], SLICE("outcome:2"));
    EXPECT(merged.type == EVENT_MERGED);
    EXPECT(says(judged(cx, &o, &merged, RECEIPT_PROOF).opening.canonical, SLICE("\"merged\"")));
    close(&o);
}
