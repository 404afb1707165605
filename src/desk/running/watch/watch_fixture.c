#include "desk/running/watch/watch_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

static Slice printed(Cx *cx, const WitnessReply *reply)
{
    const char *type =
        cx_printf(cx, "Content-Type: " SLICE_FMT "\r\n", SLICE_ARG(reply->type)).data;
    return fetch_fixture_reply(cx, reply->status, type, reply->body);
}

static Slice honest(WatchFixture *fixture, Slice request)
{
    Cx *cx = &fixture->cx;
    WitnessReply reply = {.status = 404, .type = SLICE("text/plain"), .body = SLICE("no\n")};
    Slice path = slice_sub(request, slice_find(request, SLICE(" ")) + 1, request.size);
    path = slice_sub(path, 0, slice_find(path, SLICE(" ")));
    Slice tail = SLICE("/checkpoint");
    if (slice_starts(request, SLICE("POST /add-checkpoint ")))
        witness_add_checkpoint(
            cx, fixture->witness,
            slice_sub(request, slice_find(request, SLICE("\r\n\r\n")) + 4, request.size), &reply);
    else if (slice_starts(request, SLICE("GET /")) && slice_ends(path, tail))
        witness_checkpoint(cx, fixture->witness, slice_sub(path, 1, path.size - 1 - tail.size),
                           &reply);
    return printed(cx, &reply);
}

static Slice answer(void *self, Slice request)
{
    WatchFixture *fixture = self;
    cx_done(&fixture->cx);
    cx_init(&fixture->cx, world_real(), LIMIT_REQUEST_ARENA);
    bool post = slice_starts(request, SLICE("POST "));
    fixture->posts += post;
    switch ((WatchMood)fixture->mood) {
    case WATCH_MOOD_AWAY:
        return SLICE("");
    case WATCH_MOOD_FORGED:
        return fetch_fixture_reply(&fixture->cx, 200, "", SLICE("\xE2\x80\x94 a AAAAAAA=\n"));
    case WATCH_MOOD_CLAIMS:
        return fetch_fixture_reply(&fixture->cx, post ? 409 : 404, "", SLICE("999999\n"));
    case WATCH_MOOD_REFUSES:
        return fetch_fixture_reply(&fixture->cx, post ? 422 : 404, "", SLICE("no\n"));
    case WATCH_MOOD_CRASHED:
        return fetch_fixture_reply(&fixture->cx, 500, "", SLICE("no\n"));
    case WATCH_MOOD_HONEST:
        break;
    }
    return honest(fixture, request);
}

void watch_fixture_open(Cx *cx, WatchFixture *fixture, const char *folder, Slice name,
                        const Slice *logs, size_t log_count)
{
    *fixture = (WatchFixture){};
    cx_init(&fixture->cx, world_real(), LIMIT_REQUEST_ARENA);
    const WitnessOptions options = {
        .folder = folder, .name = name, .logs = logs, .log_count = log_count};
    if (witness_open(cx, &options, &fixture->witness) != ERR_OK) {
        (void)fprintf(stderr, "%s\n", cx->err_text);
        abort();
    }
    if (cx_copy(cx, witness_vkey(fixture->witness), &fixture->vkey) != ERR_OK) abort();
    fixture->server = fetch_fixture_open(answer, fixture, NULL);
    fixture->url = fetch_fixture_url(cx, fixture->server, "");
}

void watch_fixture_tls(Cx *cx, WatchFixture *fixture, const char *folder)
{
    fetch_fixture_close(fixture->server);
    fixture->server = fetch_fixture_open(answer, fixture, folder);
    fixture->url = fetch_fixture_url(cx, fixture->server, "");
}

void watch_fixture_close(WatchFixture *fixture)
{
    fetch_fixture_close(fixture->server);
    witness_close(fixture->witness);
    cx_done(&fixture->cx);
}
