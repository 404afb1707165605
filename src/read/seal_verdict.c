#include "read/seal_verdict.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"

#define REASON_ROOM (sizeof((SealVerdict){}.reasons) / sizeof(Slice))
#define NAME_BYTES  240
// Some makers write China's time and call it UTC: both readings count, so a date may be off by so
// much (seen: timeInfo 20200817111329Z beside SignatureDateTime 20200817111329Z, made in China).
#define ZONE_SLACK_MS UINT64_C(28'800'000)

_Static_assert(REASON_ROOM <= LIMIT_SEAL_REASONS, "one verdict's reasons fit into an answer");

static void add_reason(Cx *cx, SealVerdict *verdict, const char *format, va_list args)
{
    char text[1024];
    int size = vsnprintf(text, sizeof text, format, args);
    if (verdict->reason_count == REASON_ROOM || size < 0) return;
    if ((size_t)size >= sizeof text) return;
    Slice copy;
    // A state without its reason is better than none at all when memory is short.
    if (cx_copy(cx, (Slice){text, (size_t)size}, &copy) == ERR_OK)
        verdict->reasons[verdict->reason_count++] = copy;
}

void seal_verdict_broken(Cx *cx, SealVerdict *verdict, const char *format, ...)
{
    verdict->state = SEAL_BROKEN;
    va_list args;
    va_start(args, format);
    add_reason(cx, verdict, format, args);
    va_end(args);
}

void seal_verdict_unchecked(Cx *cx, SealVerdict *verdict, const char *format, ...)
{
    if (verdict->state != SEAL_BROKEN) verdict->state = SEAL_UNCHECKED;
    va_list args;
    va_start(args, format);
    add_reason(cx, verdict, format, args);
    va_end(args);
}

Slice seal_verdict_name(Slice name)
{
    return name.size <= NAME_BYTES && utf8_is_clean(name) ? name : SLICE("（名称无法显示）");
}

static bool within(uint64_t time_ms, uint64_t from_ms, uint64_t until_ms)
{
    uint64_t latest = time_ms + ZONE_SLACK_MS;
    uint64_t earliest = time_ms < ZONE_SLACK_MS ? 0 : time_ms - ZONE_SLACK_MS;
    return latest >= from_ms && earliest <= until_ms;
}

void seal_verdict_finish(Cx *cx, SealVerdict *verdict, uint64_t seal_from_ms,
                         uint64_t seal_until_ms, Slice trust_pem)
{
    const Certificate *certificate = &verdict->certificate;
    if (slice_empty(verdict->signer)) verdict->signer = certificate->common_name;
    if (slice_empty(verdict->signer)) verdict->signer = certificate->organization;
    if (verdict->state != SEAL_VALID) return;
    if (!verdict->has_time) {
        seal_verdict_unchecked(cx, verdict, "没有签署时间，无法核对证书有效期");
        return;
    }
    if (!within(verdict->time_ms, certificate->not_before_ms, certificate->not_after_ms))
        seal_verdict_broken(cx, verdict, "签署时间不在签章人证书的有效期内");
    if (seal_until_ms != 0 && !within(verdict->time_ms, seal_from_ms, seal_until_ms))
        seal_verdict_broken(cx, verdict, "签署时间不在印章的有效期内");
    verdict->trusted = verdict->state == SEAL_VALID &&
                       certificate_trusted(certificate->der, verdict->others, verdict->other_count,
                                           trust_pem, verdict->time_ms);
}

// The verdict that speaks for the document, or NULL when there is none.
static const SealVerdict *choose(const SealVerdict *verdicts, size_t count)
{
    const SealVerdict *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const SealVerdict *verdict = &verdicts[i];
        if (verdict->state == SEAL_BROKEN) return verdict;
        if (best == NULL || (verdict->state == SEAL_VALID && best->state != SEAL_VALID) ||
            (verdict->state == SEAL_VALID && verdict->trusted && !best->trusted))
            best = verdict;
    }
    return best;
}

void seal_verdict_join(Cx *cx, const SealVerdict *verdicts, size_t count, SealAnswer *ret_answer)
{
    *ret_answer = (SealAnswer){.seal = {.state = SEAL_ABSENT}};
    const SealVerdict *chosen = choose(verdicts, count);
    if (chosen == NULL) return;
    Seal *seal = &ret_answer->seal;
    seal->state = chosen->state;
    seal->electronic_signature = chosen->electronic;
    seal->issuer_trusted = chosen->trusted;
    seal->signer = chosen->signer;
    seal->reasons = arena_try_array(&cx->arena, chosen->reason_count, sizeof *seal->reasons);
    if (seal->reasons == NULL) return;
    memcpy(seal->reasons, chosen->reasons, chosen->reason_count * sizeof *seal->reasons);
    seal->reason_count = chosen->reason_count;
    if (chosen->state != SEAL_VALID) return;
    ret_answer->trusted = chosen->entries;
    ret_answer->trusted_count = chosen->entry_count;
}
