#include "desk/invoice/search/search_sums.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/text.h"
#include "model/month.h"

#define KEY_BYTES_MAX ((size_t)512 * 1024)

typedef struct Kept {
    Digest question; // of statement and values
    int64_t events;  // 0 = a free place
    SearchSum sum;
} Kept;

// Before the first month, each month, after the last.
#define PLACES (1 + MONTH_COUNT + 1)

typedef struct Month {
    bool counted;
    uint64_t seen;
    SearchSum sum;
} Month;

// All invoices of one organisation.
typedef struct Months {
    Digest tenant;
    bool used;
    ChangesMark marks[PLACES];
    Month months[PLACES];
} Months;

struct SearchSums {
    pthread_mutex_t lock;
    Kept kept[SEARCH_SUMS_MAX];
    size_t next; // the oldest
    const Changes *changes;
    Months tenants[SEARCH_TENANTS_MAX]; // touched only when there are so many
    size_t next_tenant;
};

SearchSums *search_sums_open(const Changes *changes)
{
    SearchSums *sums = calloc(1, sizeof *sums); // owned: until search_sums_close
    if (sums == NULL) abort();
    (void)pthread_mutex_init(&sums->lock, NULL);
    sums->changes = changes;
    return sums;
}

void search_sums_close(SearchSums *sums)
{
    if (sums == NULL) return;
    (void)pthread_mutex_destroy(&sums->lock);
    free(sums);
}

// Every value with its type and size, so that no two questions read alike.
static Err digest_question(Cx *cx, Slice sql, const DbValue *values, size_t count,
                           Digest *ret_digest)
{
    Text text = text_open(cx, KEY_BYTES_MAX);
    text_printf(&text, "%zu:", sql.size);
    text_add(&text, sql);
    for (size_t i = 0; i < count; i++) {
        text_printf(&text, "|%d,%lld,%zu:", (int)values[i].type, (long long)values[i].number,
                    values[i].bytes.size);
        text_add(&text, values[i].bytes);
    }
    Slice question;
    TRY(text_done(cx, &text, &question));
    *ret_digest = digest_of(DIGEST_SHA256, question);
    return ERR_OK;
}

static Err count_events(Cx *cx, Db *db, int64_t *ret_events)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    TRY(db_query(cx, db, "SELECT next_sequence FROM head WHERE tenant = ''", NULL, 0, &rows));
    TRY(db_next(cx, rows, &more));
    *ret_events = more ? db_col_int(rows, 0) : 0;
    return ERR_OK;
}

static Err count_now(Cx *cx, Db *db, Slice sql, const DbValue *values, size_t value_count,
                     int columns, SearchSum *ret_sum)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    TRY(db_query_text(cx, db, sql, values, value_count, &rows));
    TRY(db_next(cx, rows, &more));
    *ret_sum = (SearchSum){};
    if (!more) return ERR_OK;
    int64_t *const into[] = {&ret_sum->count, &ret_sum->amount, &ret_sum->tax, &ret_sum->total};
    for (int i = 0; i < columns; i++)
        *into[i] = db_col_int(rows, i);
    return ERR_OK;
}

static bool find(SearchSums *sums, const Digest *question, int64_t events, SearchSum *ret_sum)
{
    bool found = false;
    (void)pthread_mutex_lock(&sums->lock);
    for (size_t i = 0; i < SEARCH_SUMS_MAX && !found; i++) {
        const Kept *kept = &sums->kept[i];
        found = kept->events == events && digest_equal(&kept->question, question);
        if (found) *ret_sum = kept->sum;
    }
    (void)pthread_mutex_unlock(&sums->lock);
    return found;
}

static void keep(SearchSums *sums, const Kept *kept)
{
    (void)pthread_mutex_lock(&sums->lock);
    sums->kept[sums->next] = *kept;
    sums->next = (sums->next + 1) % SEARCH_SUMS_MAX;
    (void)pthread_mutex_unlock(&sums->lock);
}

Err search_sums_of(Cx *cx, SearchSums *sums, Db *db, Slice sql, const DbValue *values,
                   size_t value_count, int columns, SearchSum *ret_sum)
{
    Kept kept = {};
    // Events first, the sum after: outside a snapshot the sum may be newer than it says, never
    // older.
    if (sums != NULL) TRY(count_events(cx, db, &kept.events));
    if (kept.events == 0) return count_now(cx, db, sql, values, value_count, columns, ret_sum);
    TRY(digest_question(cx, sql, values, value_count, &kept.question));
    if (find(sums, &kept.question, kept.events, ret_sum)) return ERR_OK;
    TRY(count_now(cx, db, sql, values, value_count, columns, &kept.sum));
    keep(sums, &kept);
    *ret_sum = kept.sum;
    return ERR_OK;
}

// --- all invoices, by month

static Err count_between(Cx *cx, Db *db, Slice tenant, Slice from, Slice before, SearchSum *ret_sum)
{
    static const char sql[] =
        "SELECT COALESCE(sum(invoices), 0), COALESCE(sum(amount), 0), COALESCE(sum(tax), 0), "
        "COALESCE(sum(total), 0) FROM invoice_day WHERE tenant = $1 AND issue_date >= $2 "
        "AND issue_date < $3";
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_text(from), db_text(before)), &rows));
    TRY(db_next(cx, rows, &row));
    *ret_sum = (SearchSum){db_col_int(rows, 0), db_col_int(rows, 1), db_col_int(rows, 2),
                           db_col_int(rows, 3)};
    return ERR_OK;
}

#define AFTER_ALL SLICE("~") // no date stands behind it

static Err count_place(Cx *cx, Db *db, Slice tenant, size_t place, SearchSum *ret_sum)
{
    char one[MONTH_TEXT_SIZE], two[MONTH_TEXT_SIZE];
    Slice from = place == 0 ? SLICE("") : month_print((int)place - 1, one);
    Slice before = place == PLACES - 1 ? AFTER_ALL : month_print((int)place, two);
    return count_between(cx, db, tenant, from, before, ret_sum);
}

static Months *find_months(SearchSums *sums, const Digest *tenant)
{
    for (size_t i = 0; i < SEARCH_TENANTS_MAX; i++)
        if (sums->tenants[i].used && digest_equal(&sums->tenants[i].tenant, tenant))
            return &sums->tenants[i];
    return NULL;
}

// A copy of what is kept, for this thread alone; nothing is counted in one that is new.
static Months *take_months(Cx *cx, SearchSums *sums, Slice tenant)
{
    Months *own = arena_alloc(&cx->arena, sizeof *own);
    const Digest name = digest_of(DIGEST_SHA256, tenant);
    (void)pthread_mutex_lock(&sums->lock);
    const Months *kept = find_months(sums, &name);
    if (kept != NULL) *own = *kept;
    (void)pthread_mutex_unlock(&sums->lock);
    if (kept != NULL) return own;
    *own = (Months){.tenant = name, .used = true};
    for (size_t i = 0; i < PLACES; i++) {
        char about[MONTH_ABOUT_SIZE];
        bool outside = i == 0 || i == PLACES - 1;
        own->marks[i] = changes_mark(tenant, month_about(outside ? MONTH_NONE : (int)i - 1, about));
    }
    return own;
}

static void keep_months(SearchSums *sums, const Months *own)
{
    (void)pthread_mutex_lock(&sums->lock);
    Months *kept = find_months(sums, &own->tenant);
    if (kept == NULL) {
        kept = &sums->tenants[sums->next_tenant];
        sums->next_tenant = (sums->next_tenant + 1) % SEARCH_TENANTS_MAX;
    }
    *kept = *own;
    (void)pthread_mutex_unlock(&sums->lock);
}

static void add_sum(SearchSum *to, const SearchSum *one)
{
    int64_t *const into[] = {&to->count, &to->amount, &to->tax, &to->total};
    const int64_t from[] = {one->count, one->amount, one->tax, one->total};
    // Sums that no honest invoices reach stay where they are, as in publish/day_fold.c.
    for (size_t i = 0; i < sizeof into / sizeof into[0]; i++)
        if (__builtin_add_overflow(*into[i], from[i], into[i]))
            *into[i] = from[i] < 0 ? INT64_MIN : INT64_MAX;
}

uint64_t search_sums_now(const SearchSums *sums)
{
    return sums == NULL || sums->changes == NULL ? 0 : changes_now(sums->changes);
}

Err search_sums_invoices(Cx *cx, SearchSums *sums, Db *db, uint64_t seen, Slice tenant,
                         SearchSum *ret_sum)
{
    if (sums == NULL || sums->changes == NULL)
        return count_between(cx, db, tenant, SLICE(""), AFTER_ALL, ret_sum);
    Months *own = take_months(cx, sums, tenant);
    SearchSum sum = {};
    bool changed = false;
    for (size_t i = 0; i < PLACES; i++) {
        Month *month = &own->months[i];
        // What is of no month may stand among any.
        bool fresh = month->counted && month->seen <= seen &&
                     changes_fresh(sums->changes, own->marks[0], month->seen) &&
                     changes_fresh(sums->changes, own->marks[i], month->seen);
        if (!fresh) {
            TRY(count_place(cx, db, tenant, i, &month->sum));
            month->counted = changed = true;
            month->seen = seen;
        }
        add_sum(&sum, &month->sum);
    }
    if (changed) keep_months(sums, own);
    *ret_sum = sum;
    return ERR_OK;
}
