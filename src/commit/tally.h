// Tally: what a transaction changes in the counts of documents by day and source (document_day),
// and which new invoices it adds to those by day and kind (invoice_day).
//
// The documents of a group are nearly always of one day and one source, their invoices of a few
// days and kinds: gathered, they cost one row together. Written by tally_flush, in the writer's
// transaction; after a rollback call tally_forget. All on the thread that writes.
//
// It also knows which parties were put since it was flushed: most sellers and buyers of a group are
// those of another of its invoices, and their rows need not be looked for again. Who takes parties'
// rows away without this tally flushes it before, or forgets them.
#pragma once
#include "commit/commit.h"

#define TALLY_ROWS      8       // days and sources of one group; more are written on the way
#define TALLY_NAME_SIZE 64      // bytes, of a tenant or a source; longer ones are written at once
#define TALLY_DAYS      64      // days and kinds of new invoices; more are written on the way
#define TALLY_INVOICES  100'000 // in one row; at MONEY_FEN_MAX each that is a fortieth of the most
#define TALLY_STATES    ((size_t)DOC_ERASED) // an erased document counts as what it was
#define TALLY_PARTIES   1024 // places for parties; one that finds its place taken takes it

// Where a document counts: the day it came, in China, "YYYY-MM-DD", and where it came from.
typedef struct TallyPlace {
    Slice tenant, day, source;
} TallyPlace;

typedef struct TallyRow {
    char tenant[TALLY_NAME_SIZE], source[TALLY_NAME_SIZE], day[12];
    size_t tenant_size, source_size, day_size;
    int64_t came, states[TALLY_STATES]; // by how much they change
} TallyRow;

// A new invoice, or several that count together. Sums in fen; what an invoice lacks adds nothing.
typedef struct TallyInvoice {
    Slice tenant, issue_date, kind, state;
    int64_t conflict, invoices, amount, tax, total;
} TallyInvoice;

typedef struct TallyDay {
    char tenant[TALLY_NAME_SIZE], issue_date[12], kind[16], state[16];
    TallyInvoice sums; // whose texts lie here
} TallyDay;

typedef struct Tally {
    TallyRow rows[TALLY_ROWS];
    size_t count;
    TallyDay days[TALLY_DAYS];
    size_t day_count;
    int64_t parties[TALLY_PARTIES]; // ids of one tenant's; 0 = none
    char party_tenant[TALLY_NAME_SIZE];
    size_t party_tenant_size;
    bool any_party;
} Tally;

// One more document came, and is in this state. `tally` NULL, here and below: written at once.
Err tally_came(Cx *cx, Tally *tally, Db *db, const TallyPlace *place, DocState state);
Err tally_moved(Cx *cx, Tally *tally, Db *db, const TallyPlace *place, DocState from, DocState to);
Err tally_invoice(Cx *cx, Tally *tally, Db *db, const TallyInvoice *invoice);
// Whether that party's row was put since the tally was flushed, and is there; from now on it was.
// False when `tally` is NULL or the party is not remembered: then put it.
bool tally_put_party(Tally *tally, Slice tenant, int64_t id);
void tally_forget_parties(Tally *tally); // a party's row may have been taken away; NULL: nothing
// Before an invoice is taken out of invoice_day: what lies there is then what is counted.
Err tally_flush_days(Cx *cx, Tally *tally, Db *db);
Err tally_flush(Cx *cx, Tally *tally, Db *db);
void tally_forget(Tally *tally);
