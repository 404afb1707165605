#include "crypto/password.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "base/turns.h"

#define MEMORY_KIB 19'456U
#define PASSES     2U
#define LANES      1U
#define SALT_SIZE  16
#define HASH_SIZE  32

static Turns turns = TURNS_INIT(LIMIT_PASSWORDS_AT_ONCE, LIMIT_PASSWORDS_WAITING);
static _Atomic uint64_t hashes;

typedef struct Cost {
    uint64_t memory_kib, passes, lanes;
} Cost;

// "name=" number, up to `end`.
static bool cut_number(Slice *rest, char end, Slice name, uint64_t *ret_number)
{
    bool done = false;
    Slice part;
    if (!slice_cut(rest, end, &done, &part) || !slice_starts(part, name)) return false;
    return slice_u64(slice_sub(part, name.size, part.size), ret_number);
}

static bool read_cost(Slice phc, Cost *ret_cost)
{
    static const Slice head = {"$argon2id$v=19$", 15};
    if (phc.size > PASSWORD_PHC_MAX || !slice_starts(phc, head)) return false;
    Slice rest = slice_sub(phc, head.size, phc.size);
    return cut_number(&rest, ',', SLICE("m="), &ret_cost->memory_kib) &&
           cut_number(&rest, ',', SLICE("t="), &ret_cost->passes) &&
           cut_number(&rest, '$', SLICE("p="), &ret_cost->lanes) && rest.size > 0;
}

// Somebody who can write into the database must not be able to make a login take all memory.
static bool is_bearable(const Cost *cost)
{
    return cost->memory_kib <= LIMIT_PASSWORD_MIB * 1024 && cost->passes <= LIMIT_PASSWORD_PASSES &&
           cost->lanes <= LIMIT_PASSWORD_PASSES;
}

static Err take_turn(Cx *cx)
{
    if (!turns_take(&turns, LIMIT_PASSWORD_WAIT_MS))
        return err_set(cx, ERR_STORE, "too many passwords are being checked; try again");
    (void)atomic_fetch_add(&hashes, 1);
    return ERR_OK;
}

Err password_hash(Cx *cx, Slice password, Slice *ret_phc)
{
    if (password.size == 0) return err_set(cx, ERR_INPUT, "the password is empty");
    if (password.size > LIMIT_PASSWORD_BYTES)
        return err_set(cx, ERR_LIMIT, "a password of %zu bytes is too long", password.size);
    uint8_t salt[SALT_SIZE];
    cx_random(cx, salt, sizeof salt);
    char *phc = arena_alloc(&cx->arena, PASSWORD_PHC_MAX);
    TRY(take_turn(cx));
    int code = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.data, password.size, salt,
                                     sizeof salt, HASH_SIZE, phc, PASSWORD_PHC_MAX);
    turns_give(&turns);
    if (code != ARGON2_OK)
        return err_set(cx, ERR_STORE, "cannot hash a password: %s", argon2_error_message(code));
    *ret_phc = slice_of(phc);
    return ERR_OK;
}

// The work of one hash, for nobody.
static int hash_in_vain(Slice password)
{
    static const uint8_t salt[SALT_SIZE] = "nobody's salt";
    uint8_t hash[HASH_SIZE];
    int code = argon2id_hash_raw(PASSES, MEMORY_KIB, LANES, password.data, password.size, salt,
                                 sizeof salt, hash, sizeof hash);
    OPENSSL_cleanse(hash, sizeof hash);
    return code == ARGON2_OK ? ARGON2_VERIFY_MISMATCH : code;
}

Err password_verify(Cx *cx, Slice password, Slice phc, bool *ret_fits)
{
    Cost cost;
    const char *text = NULL;
    TRY(cx_cstr(cx, phc, &text));
    if (phc.size > 0 && (!read_cost(phc, &cost) || !is_bearable(&cost)))
        return err_set(cx, ERR_CORRUPT, "a stored password is no argon2id string");
    if (password.size == 0 || password.size > LIMIT_PASSWORD_BYTES) {
        *ret_fits = false;
        return ERR_OK;
    }
    TRY(take_turn(cx));
    int code = phc.size == 0 ? hash_in_vain(password)
                             : argon2id_verify(text, password.data, password.size);
    turns_give(&turns);
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
        return err_set(cx, ERR_STORE, "no memory to check a password");
    if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH)
        return err_set(cx, ERR_CORRUPT, "a stored password is damaged: %s",
                       argon2_error_message(code));
    *ret_fits = code == ARGON2_OK;
    return ERR_OK;
}

bool password_needs_rehash(Slice phc)
{
    Cost cost;
    return !read_cost(phc, &cost) || cost.memory_kib < MEMORY_KIB || cost.passes < PASSES;
}

PasswordLoad password_load(void)
{
    return (PasswordLoad){.hashes = atomic_load(&hashes), .peak = turns_peak(&turns)};
}
