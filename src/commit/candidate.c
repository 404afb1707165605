#include "commit/candidate.h"

#define CANDIDATES_ROOM 16 // at first; doubled

static Err read_candidate(Cx *cx, DbRows *rows, const DecidingDraft *draft, Candidate *ret)
{
    Slice id = db_col_blob(rows, 0);
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "an invoice's id is damaged");
    memcpy(ret->invoice, id.data, COMMIT_ID_SIZE);
    TRY(cx_copy(cx, db_col_text(rows, 1), &ret->fields.date));
    for (int i = 0; i < 3; i++) {
        ret->fields.known[i] = !db_col_null(rows, 2 + i);
        ret->fields.fen[i] = db_col_int(rows, 2 + i);
    }
    TRY(cx_copy(cx, db_col_text(rows, 5), &ret->fields.seller_tax_id));
    TRY(cx_copy(cx, db_col_text(rows, 6), &ret->fields.buyer_tax_id));
    ret->basis = db_col_int(rows, 7);
    ret->conflict = db_col_int(rows, 8) != 0;
    ret->differs = join_differs(&ret->fields, &draft->fields);
    Slice code, number, digital;
    TRY(cx_copy(cx, db_col_text(rows, 9), &code));
    TRY(cx_copy(cx, db_col_text(rows, 10), &number));
    TRY(cx_copy(cx, db_col_text(rows, 11), &digital));
    ret->names = join_named(code, number, digital);
    return ERR_OK;
}

static JoinNames names_of(const DecidingDraft *draft)
{
    return join_named(draft->draft.code, draft->draft.number, draft->draft.digital_number);
}

// Nearly every number is a new one: that is one look into one index.
static Err is_known(Cx *cx, Db *db, Slice tenant, const DecidingDraft *draft, bool *ret_known)
{
    *ret_known = false;
    for (size_t i = 0; i < draft->identity_count && !*ret_known; i++) {
        const JoinIdentity *identity = &draft->identities[i];
        AUTO_ROWS DbRows *rows = NULL;
        TRY(db_query(cx, db,
                     "SELECT 1 FROM identity WHERE tenant = $1 AND scheme = $2 AND tag = $3",
                     DB_VALUES(db_text(tenant), db_text(identity->scheme),
                               db_blob(digest_slice(&identity->tag))),
                     &rows));
        TRY(db_next(cx, rows, ret_known));
    }
    return ERR_OK;
}

Err candidate_find(Cx *cx, Db *db, Slice tenant, const DecidingDraft *draft,
                   Candidate **ret_candidates, size_t *ret_count)
{
    bool known = false;
    TRY(is_known(cx, db, tenant, draft, &known));
    *ret_candidates = NULL;
    *ret_count = 0;
    if (!known) return ERR_OK;
    // IN, not a join with identity: so it is a look-up by two keys, however many invoices there
    // are.
    static const char *const sql =
        "SELECT i.id, i.issue_date, i.amount, i.tax, i.total, s.tax_id, b.tax_id, "
        "i.basis, i.conflict, i.code, i.number, i.digital_number FROM invoice i "
        "JOIN party s ON s.tenant = i.tenant AND s.id = i.seller "
        "JOIN party b ON b.tenant = i.tenant AND b.id = i.buyer "
        "WHERE i.tenant = $1 AND i.id IN ("
        "SELECT invoice FROM identity WHERE tenant = $1 AND scheme = $2 AND tag = $3 UNION "
        "SELECT invoice FROM identity WHERE tenant = $1 AND scheme = $4 AND tag = $5) "
        "ORDER BY i.id";
    const JoinIdentity *one = &draft->identities[0];
    const JoinIdentity *two = &draft->identities[draft->identity_count - 1];
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, sql,
                 DB_VALUES(db_text(tenant), db_text(one->scheme), db_blob(digest_slice(&one->tag)),
                           db_text(two->scheme), db_blob(digest_slice(&two->tag))),
                 &rows));
    Candidate *all = NULL;
    size_t count = 0, room = 0;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (count == room) {
            room = room == 0 ? CANDIDATES_ROOM : room * 2;
            Candidate *grown = arena_try_array(&cx->arena, room, sizeof *all);
            if (grown == NULL) return err_set(cx, ERR_LIMIT, "too many invoices of one number");
            if (count > 0) memcpy(grown, all, count * sizeof *all);
            all = grown;
        }
        all[count] = (Candidate){};
        TRY(read_candidate(cx, rows, draft, &all[count]));
        // What came to one of them by a name that weaker evidence gave it is not of that name.
        const JoinNames names = names_of(draft);
        if (join_shares_name(&all[count].names, &names)) count++;
    }
    *ret_candidates = all;
    *ret_count = count;
    return ERR_OK;
}

const Candidate *candidate_best(const Candidate *all, size_t count, bool fitting)
{
    const Candidate *found = NULL;
    for (size_t i = 0; i < count; i++)
        if ((all[i].differs == 0) == fitting && (found == NULL || all[i].basis < found->basis))
            found = &all[i];
    return found;
}

// Whether `one`, which contradicts neither the reading nor what that joins, is the same invoice.
static bool is_same(const DecidingDraft *draft, const Candidate *joined, const Candidate *one)
{
    const JoinNames names = names_of(draft);
    const Candidate *const both[] = {joined, one};
    // The reading may bear but one of the names, and say nothing of the other that each has.
    if (join_names_differ(&joined->names, &one->names)) return false;
    for (size_t i = 0; i < 2; i++) {
        bool weaker = (int64_t)draft->basis > both[i]->basis;
        if (join_names_differ(&both[i]->names, &names)) return false;
        // Nothing weaker gives an invoice another name (publish/merge.h).
        if (weaker && slice_empty(both[i]->names.number)) return false;
    }
    return true;
}

void candidate_weigh(const DecidingDraft *draft, const Candidate *joined, Candidate *all,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Candidate *one = &all[i];
        if (one == joined || one->differs != 0) continue;
        unsigned differs = join_differs(&joined->fields, &one->fields);
        for (size_t j = 0; j < i; j++)
            if (all[j].same) differs |= join_differs(&all[j].fields, &one->fields);
        one->same = differs == 0 && is_same(draft, joined, one);
        if (!one->conflict) one->differs = differs;
    }
}
