// Fold: one fact into the projections (store/schema/0002_projections.sql), live and in a rebuild.
//
// Only from what the fact says and the projections hold: what was live is what a rebuild gives.
#pragma once
#include "commit/commit.h"

// A CommitFold.
Err fold_fact(Cx *cx, Db *db, const Fact *fact);
