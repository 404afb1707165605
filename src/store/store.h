// Store: a data folder, opened.
//
//   DIR/lock            who writes (flock, not inherited; holds the pid)
//   DIR/keys            page, data, tag and log key, wrapped by the key-encryption key
//   DIR/fapiao.db       SQLite, every page encrypted (-wal, -shm beside)
//   DIR/segments/<name> original bytes, sealed, append-only; names are keyed, so they tell nothing
//   DIR/fapiao.sock     of a running server
//   DIR.key             the key-encryption key: beside, never inside
#pragma once
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/field.h"
#include "store/changes.h"
#include "store/db.h"

typedef struct Store Store;

typedef struct StoreOptions {
    const char *folder;
    const char *key_file; // NULL: FAPIAO_KEY_FILE, systemd credential "fapiao.key", else <DIR>.key
    bool create;          // make what is not there
    bool write;           // take the lock; false = read beside a running writer
    bool audit;           // with write = false: opens though segments are missing or too many
    uint64_t segment_max; // bytes; 0 = LIMIT_SEGMENT_BYTES
} StoreOptions;

// ERR_CONFLICT when another process holds the lock; ERR_MISSING when there is no folder or key;
// ERR_CORRUPT when the key does not fit. Says on stderr when it made a key file.
Err store_open(Cx *cx, const StoreOptions *options, Store **ret_store);
void store_close(Store *store);

// A reading connection of this thread, from a pool. Give it back.
Err store_take(Cx *cx, Store *store, Db **ret_db);
void store_give(Store *store, Db *db);
// The one writing connection: the committer's alone.
Db *store_writer(Store *store);
// After a failed commit: closes it and opens it anew, so that what it says is what lies on disk.
Err store_reopen_writer(Cx *cx, Store *store);
// When copies of rows are old. NULL without write: then nobody may keep any.
const Changes *store_changes(const Store *store);
// After each transaction that has touched this (db_touch): on the writer's thread, must not block.
// Of a folder that is only read it never rings.
void store_when(Store *store, Slice tenant, Slice about, ChangesRing *ring, void *self);
void store_when_no_more(Store *store, const void *self);
const char *store_folder(const Store *store);
// As disk_writable: after a failure, to tell whoever can mend it.
Err store_writable(Cx *cx, const Store *store);

// Subject keys: made with the subject's first fact (in the writer's transaction), found by it
// later. Erased subjects give ERR_MISSING.
// new + put do the same in two steps, so that the wrapping needs no writer.
Err store_key_new(Cx *cx, Store *store, Slice tenant, Slice subject, AeadKey *ret_key,
                  Slice *ret_wrapped);
Err store_key_put(Cx *cx, Db *db, Slice tenant, Slice subject, Slice wrapped);
Err store_key_make(Cx *cx, Store *store, Db *db, Slice tenant, Slice subject, AeadKey *ret_key);
Err store_key_find(Cx *cx, Store *store, Db *db, Slice tenant, Slice subject, AeadKey *ret_key);
// Erases a subject: without its content key nothing of it can be read any more, here and in every
// copy that is opened after it has heard of it; leaves, digests and the chain stay and still prove.
// Inside the writer's transaction, together with the event that says so (type 8, whose
// making and the two persons who must agree are the caller's): the one way in which the guards of
// content_key allow a DELETE. ERR_MISSING when there is no such key. Nothing is gone before
// store_erase_finish, which is called after the commit, on the same thread; when it fails with
// ERR_STORE because somebody still reads what was there, it is called again, by whoever: it asks
// for nothing of the transaction.
Err store_erase_subject(Cx *cx, Db *db, Slice tenant, Slice subject);
Err store_erase_finish(Cx *cx, Db *db);
// Keyed tags: HMAC under a key of this folder and purpose ("identity", "subject", "attempt").
Digest store_tag(const Store *store, Slice purpose, Slice message);
// Keys of single fields, by the software. *ret_keys borrows *provider, which borrows the store.
FieldKeys store_field_keys(const Store *store, ProviderSuite policy, Provider *provider);
// Under which policy new values are sealed: what the row `fields.crypto` of the table policy says
// when the folder is opened (sm; else aes), and whoever changes that row says here. Any thread.
ProviderSuite store_field_policy(const Store *store);
void store_field_policy_set(Store *store, ProviderSuite policy);
#define STORE_FIELD_POLICY SLICE("fields.crypto")
// The key of subjects and tenants in ledger leaves (ledger/leaf.h).
Slice store_log_key(const Store *store);

// Original bytes. append puts sealed bytes behind the newest segment, sync makes all of them
// durable with one fdatasync; only then may a row name them. sync_soon begins with that while the
// caller goes on; sync waits for it.
typedef struct StorePlace {
    int64_t segment, position, size;
} StorePlace;
Err store_append(Cx *cx, Store *store, Slice sealed, StorePlace *ret_place);
Err store_append_all(Cx *cx, Store *store, const Slice *sealed, size_t count,
                     StorePlace *ret_places); // in their order; when it fails none has a place
void store_sync_soon(Store *store);
Err store_sync(Cx *cx, Store *store);
Err store_fetch(Cx *cx, Store *store, StorePlace place, Slice *ret_sealed);
// The file of a segment within DIR/segments, and how many there are without a gap, from 1.
const char *store_segment_name(Cx *cx, const Store *store, int64_t segment);
int64_t store_segment_newest(const Store *store);
