#include "cli/cli_organisation.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_tenant.h"
#include "cli/client.h"
#include "desk/people/account/account_policy.h"
#include "desk/people/account/account_print.h"
#include "desk/people/account/account_row.h"
#include "desk/people/organisation/organisation_view.h"
#include "flow/flow.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define USAGE                                                                                      \
    "fapiao organisation add --data DIR --name NAME [--tax-id ID] | list | show | members | "      \
    "roles MEMBER --roles A,B | remove MEMBER | invite --mail ADDRESS --roles A,B [--site URL] "   \
    "(--data DIR [--key-file FILE] [--organisation ID])"

typedef struct Ask {
    StoreOptions store;
    const char *name, *tax_id, *roles, *mail, *site, *member;
    PermissionActor actor;
    uint32_t bits;
    Slice id; // of the member
} Ask;

// What a verb does here, and what it asks of a server that holds the folder.
typedef struct Verb {
    const char *verb;
    bool writes, member, roles;
    Err (*here)(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json);
    const char *method, *target; // "{id}": the member's
    Err (*body)(Cx *cx, const Ask *ask, Slice *ret_json);
} Verb;

static Err add(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    const OrganisationName name = {slice_of(ask->name), slice_of(ask->tax_id)};
    PermissionActor actor = ask->actor;
    Organisation made;
    TRY(organisation_found(cx, desk, &actor, &name, &actor.tenant));
    TRY(organisation_show(cx, desk, &actor, &made));
    return organisation_view_print(cx, &made, ret_json);
}

static Err list(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    OrganisationList page = {.after = SLICE(""), .tax_id = slice_of(ask->tax_id)};
    Organisation *rows = NULL;
    size_t count = ORGANISATION_PAGE;
    while (count == ORGANISATION_PAGE) {
        TRY(organisation_list(cx, desk, &ask->actor, &page, &rows, &count));
        for (size_t i = 0; i < count; i++) {
            TRY(organisation_view_print(cx, &rows[i], ret_json));
            (void)printf(SLICE_FMT "\n", SLICE_ARG(*ret_json));
        }
        if (count > 0) page.after = rows[count - 1].tenant;
    }
    *ret_json = SLICE("");
    return ERR_OK;
}

static Err show(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    Organisation organisation;
    TRY(organisation_show(cx, desk, &ask->actor, &organisation));
    return organisation_view_print(cx, &organisation, ret_json);
}

static Err members(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    OrganisationMember *rows = NULL;
    Slice after = SLICE("");
    size_t count = ORGANISATION_PAGE;
    while (count == ORGANISATION_PAGE) {
        TRY(organisation_member_list(cx, desk, &ask->actor, after, &rows, &count));
        for (size_t i = 0; i < count; i++)
            (void)printf(
                SLICE_FMT " " SLICE_FMT " " SLICE_FMT " " SLICE_FMT "\n", SLICE_ARG(rows[i].id),
                SLICE_ARG(rows[i].login.size > 0 ? rows[i].login : rows[i].mail),
                SLICE_ARG(permission_roles_text(cx, rows[i].roles)), SLICE_ARG(rows[i].state));
        if (count > 0) after = rows[count - 1].id;
    }
    *ret_json = SLICE("");
    return ERR_OK;
}

static Err roles(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    *ret_json = SLICE("");
    return organisation_member_roles(cx, desk, &ask->actor, ask->id, ask->bits);
}

static Err out(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    *ret_json = SLICE("");
    return organisation_member_remove(cx, desk, &ask->actor, ask->id);
}

// What the link begins with: as it was said, or as the policy has it.
static Err site_of(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_site)
{
    Accounts *accounts = NULL;
    const AccountsOptions options = {.store = desk->store, .committer = desk->committer};
    *ret_site = ask->site == NULL ? SLICE("") : slice_of(ask->site);
    if (ret_site->size > 0) return ERR_OK;
    TRY(account_open(cx, &options, &accounts));
    *ret_site = cx_printf(cx, "%s", account_policy_now(cx, accounts).site_url);
    account_close(accounts);
    if (ret_site->size > 0) return ERR_OK;
    return err_set(cx, ERR_INPUT,
                   "site: is not set; give --site URL, or set site.url of the policy");
}

static Err invite(Cx *cx, const OrganisationDesk *desk, const Ask *ask, Slice *ret_json)
{
    Slice token, site;
    TRY(site_of(cx, desk, ask, &site));
    const OrganisationInvite one = {.mail = slice_of(ask->mail),
                                    .roles = ask->bits,
                                    .language = SLICE("zh"),
                                    .site = site,
                                    .inviter = SLICE("")};
    TRY(organisation_invite(cx, desk, &ask->actor, &one, &token));
    *ret_json =
        cx_printf(cx, SLICE_FMT "/invitation#" SLICE_FMT, SLICE_ARG(site), SLICE_ARG(token));
    return ERR_OK;
}

// ---- beside a server ----

static Err add_body(Cx *cx, const Ask *ask, Slice *ret_json)
{
    JsonOut json = json_out_open(cx, LIMIT_FIELD_BYTES * 2);
    json_out_object(&json);
    json_out_pair(&json, "name", slice_of(ask->name));
    json_out_pair(&json, "tax_id", slice_of(ask->tax_id));
    json_out_end_object(&json);
    return json_out_done(cx, &json, ret_json);
}

static Err roles_body(Cx *cx, const Ask *ask, Slice *ret_json)
{
    JsonOut json = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&json);
    if (ask->mail != NULL) json_out_pair(&json, "mail", slice_of(ask->mail));
    if (ask->site != NULL) json_out_pair(&json, "site", slice_of(ask->site));
    account_print_roles(&json, "roles", ask->bits);
    json_out_end_object(&json);
    return json_out_done(cx, &json, ret_json);
}

static Err no_body(Cx *cx, const Ask *ask, Slice *ret_json)
{
    (void)cx, (void)ask;
    *ret_json = SLICE("");
    return ERR_OK;
}

static const Verb verbs[] = {
    {"add", true, false, false, add, "POST", "/api/v1/organisations", add_body},
    {"list", false, false, false, list, "", "", no_body},
    {"show", false, false, false, show, "", "", no_body},
    {"members", false, false, false, members, "", "", no_body},
    {"roles", true, true, true, roles, "PATCH", "/api/v1/organisation/members/", roles_body},
    {"remove", true, true, false, out, "DELETE", "/api/v1/organisation/members/", no_body},
    {"invite", true, false, true, invite, "POST", "/api/v1/organisation/invitations", roles_body},
};

// Of an answer: the link alone, as it is told where no server runs.
static Err link_of(Cx *cx, Slice answer, Slice *ret_link)
{
    JsonIn *in = NULL;
    TRY(json_in_open(cx, answer, &in));
    Err err = cx_copy(cx, json_in_string(json_in_get(json_in_root(in), "link")), ret_link);
    json_in_close(in);
    return err;
}

static Err ask_server(Cx *cx, const Verb *verb, const Ask *ask, Slice *ret_json)
{
    Client *client = NULL;
    Slice body;
    ClientReply reply;
    const char *const headers[] = {"Content-Type: application/json", NULL};
    TRY(verb->body(cx, ask, &body));
    TRY(client_open(cx, ask->store.folder, &client));
    client_organisation(client, ask->actor.tenant);
    const char *target =
        cx_printf(cx, "%s" SLICE_FMT, verb->target, SLICE_ARG(verb->member ? ask->id : SLICE("")))
            .data;
    Err err = client_ask(cx, client, verb->method, target, headers, body, &reply);
    client_close(client);
    TRY(err);
    *ret_json = reply.body;
    if (reply.status < 300)
        return verb->here == invite ? link_of(cx, reply.body, ret_json) : ERR_OK;
    return err_set(cx, ERR_CONFLICT, "the server answered %d: " SLICE_FMT, reply.status,
                   SLICE_ARG(reply.body));
}

// By its id or any of its names.
static Err find_member(Cx *cx, const Store *store, Db *db, const char *typed, Slice *ret_id)
{
    AccountNameKind kind;
    AccountRow row = {};
    uint8_t id[ACCOUNT_ID_SIZE];
    Slice name;
    if (account_row_unhex(cx, slice_of(typed), id) == ERR_OK)
        return cx_copy(cx, slice_of(typed), ret_id);
    TRY(account_name_parse(cx, slice_of(typed), &kind, &name));
    TRY(account_row_find(cx, store, db, kind, name, &row));
    *ret_id = account_row_hex(cx, account_row_id(&row));
    return ERR_OK;
}

static Err run_in(Cx *cx, const Verb *verb, Store *store, Committer *committer,
                  const char *organisation, Ask *ask, Slice *ret_json)
{
    TRY(cli_tenant(cx, store, &ask->store, organisation, &ask->actor.tenant));
    if (verb->roles) TRY(organisation_roles_of(cx, slice_of(ask->roles), &ask->bits));
    if (verb->member) {
        Db *db = NULL;
        TRY(store_take(cx, store, &db));
        Err err = find_member(cx, store, db, ask->member, &ask->id);
        store_give(store, db);
        TRY(err);
    }
    const OrganisationDesk desk = {store, committer};
    if (verb->writes && committer == NULL) {
        Slice site;
        if (verb->here == invite) {
            TRY(site_of(cx, &desk, ask, &site));
            ask->site = cx_printf(cx, SLICE_FMT, SLICE_ARG(site)).data;
        }
        return ask_server(cx, verb, ask, ret_json);
    }
    return verb->here(cx, &desk, ask, ret_json);
}

static Err run(Cx *cx, const Verb *verb, const char *organisation, Ask *ask, Slice *ret_json)
{
    Flow *flow = NULL;
    FlowOptions options = {.store = ask->store, .no_reading = true};
    options.store.write = verb->writes;
    Err err = flow_open(cx, &options, &flow);
    if (err == ERR_CONFLICT) { // a server holds it: reading goes beside it, writing through it
        options.store.write = false;
        err = flow_open(cx, &options, &flow);
    }
    TRY(err);
    err = run_in(cx, verb, flow_store(flow), flow_committer(flow), organisation, ask, ret_json);
    flow_close(flow);
    return err;
}

static const Verb *verb_of(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].verb, name) == 0) return &verbs[i];
    return NULL;
}

static bool is_whole(const Verb *verb, const Ask *ask, int argc)
{
    bool is_invite = verb->here == invite;
    return argc == (verb->member ? 3 : 2) && (verb->here != add || ask->name != NULL) &&
           (!verb->roles || ask->roles != NULL) && (!is_invite || ask->mail != NULL);
}

int cli_organisation(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL, *organisation = NULL;
    Ask ask = {.actor = permission_actor(PERMISSION_LOCAL)};
    const CliFlag flags[] = {
        {"--data", &data, NULL},         {"--key-file", &key_file, NULL},
        {"--name", &ask.name, NULL},     {"--organisation", &organisation, NULL},
        {"--tax-id", &ask.tax_id, NULL}, {"--roles", &ask.roles, NULL},
        {"--mail", &ask.mail, NULL},     {"--site", &ask.site, NULL}};
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) && data != NULL;
    const Verb *verb = good && argc >= 2 ? verb_of(argv[1]) : NULL;
    if (verb == NULL || !is_whole(verb, &ask, argc)) return cli_flags_usage(USAGE);
    if (ask.tax_id == NULL) ask.tax_id = "";
    if (verb->member) ask.member = argv[2];
    ask.store = (StoreOptions){.folder = data, .key_file = key_file};
    Cx cx;
    Slice said = SLICE("");
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Err err = run(&cx, verb, organisation, &ask, &said);
    if (err != ERR_OK) cli_say_error(&cx);
    if (err == ERR_OK && said.size > 0) (void)printf(SLICE_FMT "\n", SLICE_ARG(said));
    cx_done(&cx);
    if (err == ERR_INPUT) return CLI_EXIT_USAGE;
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
