#include "desk/running/mirror/primary.h"

#include "base/base64.h"
#include "base/limits.h"
#include "net/fetch.h"

#define LONG_POLL_MS UINT64_C(20'000) // the primary holds a question as long (http/nodes.h)

static Err ask(Cx *cx, const Primary *primary, const char *method, Slice path, Slice body,
               size_t answer_max, FetchReply *ret_reply)
{
    const char *const headers[] = {
        cx_printf(cx, "Authorization: Bearer " SLICE_FMT, SLICE_ARG(primary->token)).data,
        "Content-Type: text/plain; charset=utf-8", NULL};
    const FetchRequest request = {
        .method = method,
        .url = cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(primary->url), SLICE_ARG(path)),
        .headers = headers,
        .body = body,
        .timeout_ms = primary->timeout_ms,
        .stall_ms = primary->stall_ms,
        .answer_max = answer_max,
        .ca_file = primary->ca_file,
        .pin = primary->pin,
        .stop = primary->stop};
    TRY(fetch_ask(cx, &request, ret_reply));
    if (ret_reply->status == 200 || ret_reply->status == 204) return ERR_OK;
    Slice why = slice_sub(ret_reply->body, 0, NODE_ERROR_MAX / 2);
    return err_set(cx, ret_reply->status == 401 ? ERR_DENIED : ERR_STORE,
                   "the primary answered %d: " SLICE_FMT, ret_reply->status, SLICE_ARG(why));
}

// What is large may take its time over a slow line, as long as something comes.
static Err ask_for_much(Cx *cx, const Primary *primary, Slice path, size_t answer_max,
                        Slice *ret_body)
{
    FetchReply reply;
    Primary patient = *primary;
    patient.stall_ms = primary->timeout_ms;
    patient.timeout_ms = LIMIT_REPLICA_MS;
    TRY(ask(cx, &patient, "GET", path, SLICE(""), answer_max, &reply));
    *ret_body = reply.body;
    return ERR_OK;
}

Err primary_hello(Cx *cx, const Primary *primary, NodeHello *ret_hello)
{
    FetchReply reply;
    TRY(ask(cx, primary, "GET", SLICE("/node/v1/hello"), SLICE(""), LIMIT_NODE_HELLO_BYTES,
            &reply));
    return node_hello_parse(cx, reply.body, ret_hello);
}

Err primary_checkpoint(Cx *cx, const Primary *primary, uint64_t over, Slice *ret_note)
{
    FetchReply reply;
    Primary patient = *primary;
    Slice path = cx_printf(cx, "/node/v1/checkpoint?over=%llu", (unsigned long long)over);
    patient.timeout_ms += LONG_POLL_MS;
    TRY(ask(cx, &patient, "GET", path, SLICE(""), LIMIT_NOTE_BYTES, &reply));
    *ret_note = reply.status == 204 ? SLICE("") : reply.body;
    if (reply.status != 204 && reply.body.size == 0)
        return err_set(cx, ERR_STORE, "the primary gave an empty checkpoint");
    return ERR_OK;
}

Err primary_leaves(Cx *cx, const Primary *primary, uint64_t first, uint64_t last, Slice *ret_hashes)
{
    Slice path = cx_printf(cx, "/node/v1/leaves?from=%llu&to=%llu", (unsigned long long)first,
                           (unsigned long long)last);
    return ask_for_much(cx, primary, path, LIMIT_NODE_LEAVES * DIGEST_SIZE, ret_hashes);
}

Err primary_facts(Cx *cx, const Primary *primary, uint64_t first, uint64_t last, Slice *ret_bytes)
{
    Slice path = cx_printf(cx, "/node/v1/facts?from=%llu&to=%llu", (unsigned long long)first,
                           (unsigned long long)last);
    return ask_for_much(cx, primary, path, LIMIT_REPLICA_BYTES, ret_bytes);
}

Err primary_side(Cx *cx, const Primary *primary, const ReplicaSide *side, Slice *ret_bytes)
{
    Slice id = {(const char *)side->refused_id, COMMIT_ID_SIZE};
    Slice path = cx_printf(cx, "/node/v1/side?refused=%llu&id=" SLICE_FMT "&signed=%llu",
                           (unsigned long long)side->refused_ms, SLICE_ARG(base64_hex(cx, id)),
                           (unsigned long long)side->signed_ms);
    return ask_for_much(cx, primary, path, LIMIT_REPLICA_BYTES, ret_bytes);
}

Err primary_cosign(Cx *cx, const Primary *primary, Slice body, int *ret_status)
{
    FetchReply reply = {};
    Err err = ask(cx, primary, "POST", SLICE("/node/v1/cosignature"), body, LIMIT_NODE_HELLO_BYTES,
                  &reply);
    *ret_status = reply.status;
    return err;
}

Err primary_trouble(Cx *cx, const Primary *primary, Slice text)
{
    FetchReply reply;
    return ask(cx, primary, "POST", SLICE("/node/v1/trouble"), text, LIMIT_NODE_HELLO_BYTES,
               &reply);
}
