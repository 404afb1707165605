#include "cli/cli_tenant.h"

#include "desk/people/organisation/organisation_known.h"

static Err known(Cx *cx, Store *store, Slice tenant)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = organisation_known(cx, db, tenant);
    store_give(store, db);
    return err;
}

Err cli_tenant(Cx *cx, Store *store, const StoreOptions *options, const char *organisation,
               Slice *ret_tenant)
{
    *ret_tenant = organisation == NULL ? SLICE("local") : slice_of(organisation);
    if (organisation == NULL) return ERR_OK;
    if (store != NULL) return known(cx, store, *ret_tenant);
    const StoreOptions reading = {.folder = options->folder, .key_file = options->key_file};
    TRY(store_open(cx, &reading, &store));
    Err err = known(cx, store, *ret_tenant);
    store_close(store);
    return err;
}
