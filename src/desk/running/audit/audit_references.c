// The check of references: dense for each tenant and year, and the counters stand behind the last.
#include "base/limits.h"
#include "commit/event_log.h"
#include "desk/running/audit/audit_check.h"

#define PREFIX_SIZE 7                     // "R-2026-"
#define NUMBER_MAX  UINT64_C(100'000'000) // of a year; what is over is a stray

typedef struct Year { // the tenant and year that is being counted
    char tenant[EVENT_LOG_TENANT_SIZE];
    size_t tenant_size;
    char prefix[PREFIX_SIZE];
    bool open;
    uint64_t count, last;
    AuditScratch seen; // one byte a number
} Year;

static Slice tenant_of(const Year *year)
{
    return (Slice){year->tenant, year->tenant_size};
}

static void bad(Cx *cx, Audit *audit, Slice tenant, Slice reference, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_REFERENCE,
                   audit_find_row(cx, "document", tenant, reference), slice_of(why));
}

static void missing(Cx *cx, Audit *audit, const Year *year, uint64_t number)
{
    bad(cx, audit, tenant_of(year),
        cx_printf(cx, "%.*s%06llu", PREFIX_SIZE, year->prefix, (unsigned long long)number),
        "missing");
}

static Err check_counter(Cx *cx, Audit *audit, const Year *year)
{
    Slice name = cx_printf(cx, "reference:%.4s", year->prefix + 2);
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db, "SELECT next_value FROM counter WHERE tenant = $1 AND name = $2",
                 DB_VALUES(db_text(tenant_of(year)), db_text(name)), &rows));
    TRY(db_next(cx, rows, &row));
    uint64_t next = row ? (uint64_t)db_col_int(rows, 0) : 0;
    if (next == year->last + 1) return ERR_OK;
    audit_find_add(&audit->findings, AUDIT_HEAD,
                   audit_find_row(cx, "counter", tenant_of(year), name),
                   cx_printf(cx, "next_value is %llu, the last reference %llu",
                             (unsigned long long)next, (unsigned long long)year->last));
    for (uint64_t gone = year->last + 1;
         gone < next && gone - year->last <= LIMIT_AUDIT_FINDINGS_OF_KIND; gone++)
        missing(cx, audit, year, gone);
    return ERR_OK;
}

static Err end_year(Cx *cx, Audit *audit, Year *year)
{
    if (!year->open) return ERR_OK;
    year->open = false;
    Err err = ERR_OK;
    if (year->count != year->last)
        for (uint64_t i = 0; i < year->seen.count; i++) {
            const char *there = audit_scratch_find(&year->seen, i);
            if (*there == 0) missing(cx, audit, year, i + 1);
        }
    err = check_counter(cx, audit, year);
    audit_scratch_close(&year->seen);
    return err;
}

static Err start_year(Cx *cx, const Audit *audit, Year *year, Slice tenant, Slice reference)
{
    *year = (Year){.open = true};
    year->tenant_size = tenant.size < sizeof year->tenant ? tenant.size : sizeof year->tenant;
    memcpy(year->tenant, tenant.data, year->tenant_size);
    memcpy(year->prefix, reference.data, PREFIX_SIZE);
    return audit_scratch_open(cx, audit->scratch, 1, &year->seen);
}

static bool is_reference(Slice reference, uint64_t *ret_number)
{
    return reference.size >= PREFIX_SIZE + 6 && slice_starts(reference, SLICE("R-")) &&
           slice_digits(slice_sub(reference, 2, 4)) && reference.data[6] == '-' &&
           slice_digits(slice_sub(reference, PREFIX_SIZE, SIZE_MAX)) &&
           slice_u64(slice_sub(reference, PREFIX_SIZE, SIZE_MAX), ret_number) && *ret_number >= 1 &&
           *ret_number <= NUMBER_MAX;
}

static Err take(Cx *cx, Audit *audit, Year *year, Slice tenant, Slice reference)
{
    uint64_t number = 0;
    if (!is_reference(reference, &number)) {
        bad(cx, audit, tenant, reference, "it is none");
        return ERR_OK;
    }
    if (!year->open || !slice_equal(tenant, tenant_of(year)) ||
        memcmp(year->prefix, reference.data, PREFIX_SIZE) != 0) {
        TRY(end_year(cx, audit, year));
        TRY(start_year(cx, audit, year, tenant, reference));
    }
    void *place = NULL;
    TRY(audit_scratch_at(cx, &year->seen, number - 1, &place));
    *(char *)place = 1;
    year->count++;
    if (number > year->last) year->last = number;
    return ERR_OK;
}

// A counter without documents counts what is not there.
static Err check_strays(Cx *cx, Audit *audit)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, audit->db,
        "SELECT tenant, name FROM counter c WHERE name <> 'statement' AND (name NOT LIKE "
        "'reference:____' OR NOT EXISTS (SELECT 1 FROM document d WHERE d.tenant = c.tenant AND "
        "d.reference >= 'R-' || substr(c.name, 11) AND "
        "d.reference < 'R-' || substr(c.name, 11) || '.'))",
        NULL, 0, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        audit_find_add(&audit->findings, AUDIT_HEAD,
                       audit_find_row(cx, "counter", db_col_text(rows, 0), db_col_text(rows, 1)),
                       SLICE("it counts nothing that is there"));
    }
}

static Err walk(Cx *cx, Audit *audit, Year *year, uint64_t *ret_things)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT tenant, reference FROM document ORDER BY tenant, reference",
                 NULL, 0, &rows));
    for (bool row = true;; ++*ret_things) {
        TRY(db_next(cx, rows, &row));
        if (!row) return end_year(cx, audit, year);
        TRY(take(cx, audit, year, db_col_text(rows, 0), db_col_text(rows, 1)));
    }
}

Err audit_references(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    Year year = {};
    Err err = walk(cx, audit, &year, ret_things);
    audit_scratch_close(&year.seen);
    TRY(err);
    return check_strays(cx, audit);
}
