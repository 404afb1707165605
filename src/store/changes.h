// Changes: tells whoever keeps copies of rows in memory when a copy is old.
//
//   writer  changes_touch(number) … COMMIT … changes_settle           (db_touch, db_commit)
//   reader  seen = changes_now ▶ SELECT ▶ keep the copy with `seen`   later: changes_fresh
//
// Promise: a copy that is called fresh says what a SELECT would say now. From the touch until the
// transaction has ended nothing about that number is fresh, so a commit is seen by all before
// anyone is told of it; and a copy taken from a snapshot before the commit is never fresh again.
//
// Marks are shared: an unrelated number may make a copy old, which costs a SELECT and nothing else.
// Threads: one writer, any number of readers. Only the process that holds the data folder's lock
// may keep copies: no other process can write then.
#pragma once
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Changes Changes;
typedef uint32_t ChangesMark; // below CHANGES_MARKS
#define CHANGES_MARKS ((size_t)1 << 17)

Changes *changes_open(void);
void changes_close(Changes *changes); // takes NULL

// What rows are about: an id, an invoice number, of a tenant.
ChangesMark changes_mark(Slice tenant, Slice about);

// The writer, inside its transaction.
void changes_touch(Changes *changes, ChangesMark mark);
void changes_touch_all(Changes *changes);
// The writer, when the transaction has ended, whichever way, and before anyone is answered.
void changes_settle(Changes *changes);

// Before the SELECT, which must begin its snapshot afterwards.
uint64_t changes_now(const Changes *changes);
// Whether nothing about `mark` was touched since.
bool changes_fresh(const Changes *changes, ChangesMark mark, uint64_t seen);

// Whoever waits for rows: `ring` is called after each transaction that has touched `mark`, on the
// writer's thread; it must not block. Sometimes it is called for nothing. At most CHANGES_BELLS.
#define CHANGES_BELLS 8
typedef void ChangesRing(void *self);
void changes_when(Changes *changes, ChangesMark mark, ChangesRing *ring, void *self);
// No call of it begins or is under way afterwards.
void changes_when_no_more(Changes *changes, const void *self);
