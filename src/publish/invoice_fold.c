#include "publish/invoice_fold.h"

#include "base/base64.h"
#include "base/money.h"
#include "commit/tally.h"
#include "model/draft_canon.h"
#include "model/reading_json.h"
#include "publish/day_fold.h"
#include "publish/merge.h"
#include "publish/red_fold.h"

static DbValue fen_of(Cx *cx, Slice text)
{
    Money money;
    if (slice_empty(text) || money_parse(cx, text, &money) != ERR_OK) return db_null();
    return db_int(money.fen);
}

// The first 63 bits of the SHA-256 of name LF tax id: the same party has the same id, for ever.
static int64_t party_id(const Party *party)
{
    Digest digest =
        digest_of_parts(DIGEST_SHA256, (Slice[]){party->name, SLICE("\n"), party->tax_id}, 3);
    uint64_t id = 0;
    for (size_t i = 0; i < 8; i++)
        id = id << 8 | digest.bytes[i];
    return (int64_t)(id >> 1);
}

static Err put_party(Cx *cx, Db *db, const Fact *fact, const Party *party, int64_t *ret_id)
{
    const Slice tenant = fact->tenant;
    *ret_id = party_id(party);
    if (tally_put_party(fact->tally, tenant, *ret_id)) return ERR_OK;
    Slice found;
    TRY(draft_canon_found(cx, party->name, &found));
    return db_run(cx, db,
                  "INSERT INTO party (tenant, id, name, tax_id, found) VALUES ($1, $2, $3, $4, $5) "
                  "ON CONFLICT (tenant, id) DO NOTHING",
                  DB_VALUES(db_text(tenant), db_int(*ret_id), db_text(party->name),
                            db_text(party->tax_id), db_text(found)),
                  NULL);
}

// What nobody is named by any more: a name must not outlive the last invoice that had it.
static Err drop_party(Cx *cx, Db *db, Slice tenant, int64_t id)
{
    return db_run(cx, db,
                  "DELETE FROM party WHERE tenant = $1 AND id = $2 AND NOT EXISTS "
                  "(SELECT 1 FROM invoice WHERE tenant = $1 AND seller = $2) AND NOT EXISTS "
                  "(SELECT 1 FROM invoice WHERE tenant = $1 AND buyer = $2)",
                  DB_VALUES(db_text(tenant), db_int(id)), NULL);
}

static Err put_lines(Cx *cx, Db *db, const Fact *fact, const Draft *draft)
{
    for (size_t i = 0; i < draft->line_count; i++) {
        const Line *line = &draft->lines[i];
        TRY(db_run(
            cx, db,
            "INSERT INTO line (tenant, invoice, position, name, spec, unit, quantity, price, "
            "amount, tax_rate, tax, tax_code) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_int((int64_t)i),
                      db_text(line->name), db_text(line->spec), db_text(line->unit),
                      db_text(line->quantity), db_text(line->price), fen_of(cx, line->amount),
                      db_text(line->tax_rate), fen_of(cx, line->tax), db_text(line->tax_code)),
            NULL));
    }
    return ERR_OK;
}

static Err drop_lines(Cx *cx, Db *db, const Fact *fact)
{
    return db_run(cx, db, "DELETE FROM line WHERE tenant = $1 AND invoice = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), NULL);
}

static Err put_carrier(Cx *cx, Db *db, const Fact *fact)
{
    const Seal *seal = &fact->draft->seal;
    return db_run(cx, db,
                  "INSERT INTO carrier (tenant, invoice, document, ordinal, reading, relation, "
                  "media, basis, seal_state, seal_signer, time_ms) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_blob(fact->document),
                            db_int(fact->ordinal), db_blob(fact->reading),
                            db_text(fact->body->relation), db_text(fact->body->media),
                            db_int((int64_t)fact->basis),
                            db_text(slice_of(draft_seal_name(seal->state))), db_text(seal->signer),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err count_carriers(Cx *cx, Db *db, const Fact *fact, int64_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT COUNT(DISTINCT document) FROM carrier WHERE tenant = $1 AND invoice = $2",
                 DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_count = db_col_int(rows, 0);
    return ERR_OK;
}

static int64_t count_findings(const Draft *draft)
{
    int64_t count = 0;
    for (size_t i = 0; i < draft->finding_count; i++)
        if (draft->findings[i].severity != SEVERITY_INFO) count++;
    return count;
}

static int64_t fen_or_none(DbValue fen)
{
    return fen.type == DB_INT ? fen.number : 0;
}

static Err insert_invoice(Cx *cx, Db *db, const Fact *fact, const Merge *merge, int64_t received_ms)
{
    const Draft *draft = &merge->draft;
    int64_t seller = 0, buyer = 0;
    TRY(put_party(cx, db, fact, &draft->seller, &seller));
    TRY(put_party(cx, db, fact, &draft->buyer, &buyer));
    char basis[MERGE_BASIS_SIZE];
    merge_print_basis(merge, basis);
    const DbValue amount = fen_of(cx, draft->amount), tax = fen_of(cx, draft->tax),
                  total = fen_of(cx, draft->total);
    const int64_t conflict = slice_empty(fact->body->other) ? 0 : 1;
    const Slice state = draft->red.is_red ? SLICE("red") : SLICE("normal");
    TRY(db_run(
        cx, db,
        "INSERT INTO invoice (tenant, id, kind, code, number, issue_date, amount, tax, total, "
        "check_code, seller, buyer, basis, field_basis, state, red_total, conflict, carriers, "
        "findings, received_ms, merged, digital_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
        "$9, $10, $11, $12, $13, $14, $15, 0, $16, 1, $17, $18, $19, $20)",
        DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(draft->kind),
                  db_text(draft->code), db_text(draft->number), db_text(draft->issue_date), amount,
                  tax, total, db_text(draft->check_code), db_int(seller), db_int(buyer),
                  db_int((int64_t)merge->basis), db_text(slice_of(basis)), db_text(state),
                  db_int(conflict), db_int(count_findings(draft)), db_int(received_ms),
                  db_text(fact->draft_json), db_text(draft->digital_number)),
        NULL));
    const TallyInvoice counted = {.tenant = fact->tenant,
                                  .issue_date = draft->issue_date,
                                  .kind = draft->kind,
                                  .state = state,
                                  .conflict = conflict,
                                  .invoices = 1,
                                  .amount = fen_or_none(amount),
                                  .tax = fen_or_none(tax),
                                  .total = fen_or_none(total)};
    day_fold_touch(db, fact->tenant, draft->issue_date);
    return tally_invoice(cx, fact->tally, db, &counted);
}

static Err update_invoice(Cx *cx, Db *db, const Fact *fact, const Merge *merge)
{
    const Draft *draft = &merge->draft;
    int64_t seller = 0, buyer = 0, carriers = 0;
    TRY(put_party(cx, db, fact, &draft->seller, &seller));
    TRY(put_party(cx, db, fact, &draft->buyer, &buyer));
    TRY(count_carriers(cx, db, fact, &carriers));
    char basis[MERGE_BASIS_SIZE];
    merge_print_basis(merge, basis);
    Slice json;
    TRY(reading_json_canonical(cx, draft, &json));
    TRY(day_fold_take(cx, db, fact->tally, fact->tenant, fact->subject));
    TRY(db_run(
        cx, db,
        "UPDATE invoice SET kind = $3, code = $4, number = $5, issue_date = $6, amount = $7, "
        "tax = $8, total = $9, check_code = $10, seller = $11, buyer = $12, basis = $13, "
        "field_basis = $14, state = CASE WHEN $15 = 1 THEN 'red' ELSE state END, "
        "conflict = CASE WHEN $16 = 1 THEN 1 ELSE conflict END, carriers = $17, findings = $18, "
        "merged = $19, digital_number = $20 "
        "WHERE tenant = $1 AND id = $2",
        DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(draft->kind),
                  db_text(draft->code), db_text(draft->number), db_text(draft->issue_date),
                  fen_of(cx, draft->amount), fen_of(cx, draft->tax), fen_of(cx, draft->total),
                  db_text(draft->check_code), db_int(seller), db_int(buyer),
                  db_int((int64_t)merge->basis), db_text(slice_of(basis)),
                  db_int(draft->red.is_red ? 1 : 0), db_int(slice_empty(fact->body->other) ? 0 : 1),
                  db_int(carriers), db_int(count_findings(draft)), db_text(json),
                  db_text(draft->digital_number)),
        NULL));
    return day_fold_put_on(cx, db, fact->tenant, fact->subject, draft->issue_date);
}

static Err load_merge(Cx *cx, Db *db, Slice tenant, Slice invoice, Merge *ret_merge,
                      bool *ret_found)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT merged, basis, field_basis FROM invoice WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(tenant), db_blob(invoice)), &rows));
    TRY(db_next(cx, rows, ret_found));
    if (!*ret_found) return ERR_OK;
    Merge merge = {.basis = (Basis)db_col_int(rows, 1)};
    if (reading_json_parse(cx, db_col_text(rows, 0), &merge.draft) != ERR_OK)
        return err_set(cx, ERR_CORRUPT, "an invoice's merged values are damaged");
    TRY(merge_parse_basis(cx, db_col_text(rows, 2), &merge));
    *ret_merge = merge;
    return ERR_OK;
}

static bool same_party(const Party *one, const Party *two)
{
    return slice_equal(one->name, two->name) && slice_equal(one->tax_id, two->tax_id);
}

// Those of `before` that are others in `now`; NULL: there is no `now`.
static Err drop_parties(Cx *cx, Db *db, Tally *tally, Slice tenant, const Draft *before,
                        const Draft *now)
{
    tally_forget_parties(tally);
    if (now == NULL || !same_party(&before->seller, &now->seller))
        TRY(drop_party(cx, db, tenant, party_id(&before->seller)));
    if (now == NULL || !same_party(&before->buyer, &now->buyer))
        TRY(drop_party(cx, db, tenant, party_id(&before->buyer)));
    return ERR_OK;
}

static RedParty red_party(const Fact *fact, const Merge *merge)
{
    return (RedParty){.tally = fact->tally,
                      .tenant = fact->tenant,
                      .id = fact->subject,
                      .draft = &merge->draft,
                      .basis = merge->basis};
}

static Err fold_first(Cx *cx, Db *db, const Fact *fact, int64_t received_ms)
{
    Merge merge;
    merge_start(&merge, fact->draft, fact->basis);
    TRY(insert_invoice(cx, db, fact, &merge, received_ms));
    TRY(put_lines(cx, db, fact, &merge.draft));
    TRY(put_carrier(cx, db, fact));
    const RedParty now = red_party(fact, &merge);
    return red_fold_invoice(cx, db, &now, NULL);
}

static Err fold_carrier(Cx *cx, Db *db, const Fact *fact, int64_t received_ms)
{
    Merge before, merge;
    bool lines = false, found = false;
    TRY(load_merge(cx, db, fact->tenant, fact->subject, &before, &found));
    if (!found) return fold_first(cx, db, fact, received_ms); // the readings before it were erased
    merge = before;
    TRY(merge_add(cx, &merge, fact->draft, fact->basis, &lines));
    TRY(put_carrier(cx, db, fact));
    TRY(update_invoice(cx, db, fact, &merge));
    TRY(drop_parties(cx, db, fact->tally, fact->tenant, &before.draft, &merge.draft));
    if (lines) {
        TRY(drop_lines(cx, db, fact));
        TRY(put_lines(cx, db, fact, &merge.draft));
    }
    const RedParty old = red_party(fact, &before), now = red_party(fact, &merge);
    return red_fold_invoice(cx, db, &now, &old);
}

Err invoice_fold_reading(Cx *cx, Db *db, const Fact *fact, int64_t received_ms)
{
    if (fact->draft == NULL) return err_set(cx, ERR_CORRUPT, "an event's reading is missing");
    if (fact->type == EVENT_CARRIER) return fold_carrier(cx, db, fact, received_ms);
    return fold_first(cx, db, fact, received_ms);
}

// --- two invoices that are one

// What merged values do not say.
typedef struct Standing {
    bool voided, conflict;
    int64_t received_ms;
} Standing;

static Err load_standing(Cx *cx, Db *db, Slice tenant, Slice invoice, Standing *ret_standing)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT state, conflict, received_ms FROM invoice WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(tenant), db_blob(invoice)), &rows));
    TRY(db_next(cx, rows, &row));
    *ret_standing = (Standing){};
    if (!row) return ERR_OK;
    *ret_standing = (Standing){.voided = slice_equal(db_col_text(rows, 0), SLICE("voided")),
                               .conflict = db_col_int(rows, 1) != 0,
                               .received_ms = db_col_int(rows, 2)};
    return ERR_OK;
}

// Those that were joined to the former one before are now where it is.
static Err note_joined(Cx *cx, Db *db, const Fact *fact, Slice invoice)
{
    TRY(db_run(cx, db,
               "INSERT INTO invoice_joined (tenant, former, invoice, document, time_ms) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, former) DO UPDATE SET "
               "invoice = excluded.invoice",
               DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_blob(invoice),
                         db_blob(fact->document), db_int((int64_t)fact->time_ms)),
               NULL));
    return db_run(cx, db,
                  "UPDATE invoice_joined SET invoice = $3 WHERE tenant = $1 AND invoice = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_blob(invoice)), NULL);
}

static Err run_both(Cx *cx, Db *db, const char *sql, const Fact *fact, Slice invoice)
{
    return db_run(cx, db, sql,
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_blob(invoice)), NULL);
}

// All that carried the one that it now is was erased: this is what is left of it.
static Err move_whole(Cx *cx, Db *db, const Fact *fact, const Fact *as, const Merge *merge)
{
    static const char *const moves[] = {
        "UPDATE invoice SET id = $3 WHERE tenant = $1 AND id = $2",
        "UPDATE line SET invoice = $3 WHERE tenant = $1 AND invoice = $2",
        "UPDATE carrier SET invoice = $3 WHERE tenant = $1 AND invoice = $2"};
    const RedParty gone = red_party(fact, merge), now = red_party(as, merge);
    TRY(red_fold_drop(cx, db, &gone));
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        TRY(run_both(cx, db, moves[i], fact, as->subject));
    return red_fold_invoice(cx, db, &now, NULL);
}

// What the row says besides, of either.
static Err keep_standing(Cx *cx, Db *db, const Fact *as, const Standing *one, const Standing *two)
{
    int64_t first = one->received_ms < two->received_ms ? one->received_ms : two->received_ms;
    TRY(day_fold_take(cx, db, as->tally, as->tenant, as->subject));
    TRY(db_run(cx, db,
               "UPDATE invoice SET conflict = $3, received_ms = $4, "
               "state = CASE WHEN $5 = 1 THEN 'voided' ELSE state END "
               "WHERE tenant = $1 AND id = $2",
               DB_VALUES(db_text(as->tenant), db_blob(as->subject),
                         db_int(one->conflict || two->conflict), db_int(first),
                         db_int(one->voided || two->voided)),
               NULL));
    return day_fold_put(cx, db, as->tenant, as->subject);
}

static Err move_into(Cx *cx, Db *db, const Fact *fact, const Fact *as, const Merge *gone,
                     const Merge *before)
{
    static const char *const moves[] = {
        "DELETE FROM invoice WHERE tenant = $1 AND id = $2",
        "DELETE FROM line WHERE tenant = $1 AND invoice IN ($2, $3)",
        "UPDATE carrier SET invoice = $3 WHERE tenant = $1 AND invoice = $2"};
    Standing one, two;
    Merge merge = *before;
    TRY(load_standing(cx, db, fact->tenant, fact->subject, &one));
    TRY(load_standing(cx, db, as->tenant, as->subject, &two));
    TRY(merge_invoices(cx, &merge, gone));
    const RedParty left = red_party(fact, gone), old = red_party(as, before),
                   now = red_party(as, &merge);
    TRY(day_fold_take(cx, db, fact->tally, fact->tenant, fact->subject));
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        TRY(run_both(cx, db, moves[i], fact, as->subject));
    TRY(red_fold_drop(cx, db, &left));
    TRY(update_invoice(cx, db, as, &merge));
    TRY(keep_standing(cx, db, as, &one, &two));
    TRY(put_lines(cx, db, as, &merge.draft));
    TRY(drop_parties(cx, db, as->tally, as->tenant, &gone->draft, &merge.draft));
    TRY(drop_parties(cx, db, as->tally, as->tenant, &before->draft, &merge.draft));
    invoice_fold_touch(db, &merge.draft);
    return red_fold_invoice(cx, db, &now, &old);
}

Err invoice_fold_join(Cx *cx, Db *db, const Fact *fact)
{
    uint8_t bytes[COMMIT_ID_SIZE];
    const Slice invoice = {(const char *)bytes, sizeof bytes};
    Merge gone, before;
    bool found = false, there = false;
    TRY(base64_unhex(cx, fact->body->other, bytes, sizeof bytes));
    TRY(note_joined(cx, db, fact, invoice));
    db_touch(db, fact->tenant, invoice);
    TRY(load_merge(cx, db, fact->tenant, fact->subject, &gone, &found));
    if (!found) return ERR_OK; // its readings were erased
    TRY(load_merge(cx, db, fact->tenant, invoice, &before, &there));
    const EventBody none = {}; // nothing in it contradicts
    Fact as = *fact;
    as.subject = invoice;
    as.body = &none;
    invoice_fold_touch(db, &gone.draft);
    if (there) invoice_fold_touch(db, &before.draft);
    return there ? move_into(cx, db, fact, &as, &gone, &before)
                 : move_whole(cx, db, fact, &as, &gone);
}

void invoice_fold_touch(Db *db, const Draft *draft)
{
    db_touch(db, SLICE(""), draft->number);
    if (!slice_empty(draft->digital_number)) db_touch(db, SLICE(""), draft->digital_number);
}

Err invoice_fold_drop(Cx *cx, Db *db, Slice tenant, Slice invoice)
{
    static const char *const drops[] = {"DELETE FROM invoice WHERE tenant = $1 AND id = $2",
                                        "DELETE FROM line WHERE tenant = $1 AND invoice = $2",
                                        "DELETE FROM carrier WHERE tenant = $1 AND invoice = $2"};
    Merge before;
    bool found = false;
    TRY(load_merge(cx, db, tenant, invoice, &before, &found));
    TRY(day_fold_take(cx, db, NULL, tenant, invoice));
    for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++)
        TRY(db_run(cx, db, drops[i], DB_VALUES(db_text(tenant), db_blob(invoice)), NULL));
    db_touch(db, tenant, invoice);
    if (!found) return ERR_OK;
    invoice_fold_touch(db, &before.draft);
    TRY(drop_parties(cx, db, NULL, tenant, &before.draft, NULL));
    const RedParty gone = {
        .tenant = tenant, .id = invoice, .draft = &before.draft, .basis = before.basis};
    return red_fold_drop(cx, db, &gone);
}
