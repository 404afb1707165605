#include "desk/running/audit/audit_state.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "store/disk.h"

#define STATE_EVERY UINT64_C(50'000) // events
#define STATE_SIZE  ((size_t)256)

static void grow(const Audit *audit, AuditState *state)
{
    static const AuditSeen none;
    const AuditSeen *note = audit_scratch_find(&audit->notes, state->edge.size);
    if (note == NULL) note = &none;
    Digest stored[TREE_LEVELS];
    size_t count = 0;
    tree_grow(&state->edge, &note->leaf, stored, &count);
}

static Slice root_of(Cx *cx, const TreeEdge *edge)
{
    Digest root = tree_root(edge);
    return base64_hex(cx, digest_slice(&root));
}

static Err read_state(Cx *cx, const Audit *audit, uint64_t *ret_sequence, Slice *ret_root)
{
    *ret_sequence = 0;
    Slice text, line;
    Err err = disk_read(cx, audit->options->state, STATE_SIZE, &text);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    bool done = false;
    uint64_t sequence = 0;
    if (!slice_cut(&text, '\n', &done, &line) || !slice_equal(line, SLICE("fapiao-audit-1")) ||
        !slice_cut(&text, '\n', &done, &line) || !slice_u64(line, &sequence) ||
        !slice_cut(&text, '\n', &done, ret_root))
        return err_set(cx, ERR_INPUT, "'%s' is no state of an audit", audit->options->state);
    *ret_sequence = sequence;
    return ERR_OK;
}

Err audit_state_start(Cx *cx, Audit *audit, AuditState *state)
{
    uint64_t sequence = 0;
    Slice root = {};
    audit->report->from = audit->options->from;
    if (audit->options->resume && audit->options->state != NULL) {
        TRY(read_state(cx, audit, &sequence, &root));
        if (sequence > audit->events) sequence = 0;
        while (state->edge.size < sequence)
            grow(audit, state);
        if (sequence > 0 && slice_equal(root, root_of(cx, &state->edge))) {
            audit->report->from = sequence + 1;
            return ERR_OK;
        }
        *state = (AuditState){};
    }
    while (state->edge.size + 1 < audit->report->from && state->edge.size < audit->events)
        grow(audit, state);
    return ERR_OK;
}

// Beside, then renamed. Not synced: losing it costs time alone.
static Err write_state(Cx *cx, const Audit *audit, uint64_t sequence, const AuditState *state)
{
    const char *beside = cx_printf(cx, "%s.new", audit->options->state).data;
    Slice root = root_of(cx, &state->edge);
    Slice text = cx_printf(cx, "fapiao-audit-1\n%llu\n" SLICE_FMT "\n",
                           (unsigned long long)sequence, SLICE_ARG(root));
    AUTO_CLOSE int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return err_set(cx, ERR_STORE, "cannot make '%s': %s", beside, strerror(errno));
    TRY(disk_write_at(cx, fd, text, 0));
    if (rename(beside, audit->options->state) != 0)
        return err_set(cx, ERR_STORE, "cannot make '%s': %s", audit->options->state,
                       strerror(errno));
    return ERR_OK;
}

Err audit_state_note(Cx *cx, Audit *audit, uint64_t sequence, AuditState *state)
{
    // What was found wrong must be found again: nothing is verified behind it.
    if (audit->options->state == NULL || audit->options->quick || audit->findings.count > 0 ||
        state->off)
        return ERR_OK;
    grow(audit, state);
    if (sequence % STATE_EVERY != 0 || state->edge.size != sequence) return ERR_OK;
    state->off = write_state(cx, audit, sequence, state) != ERR_OK;
    return ERR_OK;
}

Err audit_state_end(Cx *cx, Audit *audit)
{
    (void)cx;
    if (audit->options->state != NULL) (void)unlink(audit->options->state);
    return ERR_OK;
}
