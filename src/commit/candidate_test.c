#include "commit/candidate.h"

#include "commit/commit_fixture.h"

TEST("candidate: a new number has none")
{
    Store *store = fixture_store(cx, "candidates");
    DecidingDraft draft = {.draft = {.kind = SLICE("32"), .number = SLICE("24112000000048542163")}};
    EXPECT_OK(join_identities(cx, store, SLICE("local"), &draft.draft, draft.identities,
                              &draft.identity_count));
    Candidate *all = NULL;
    size_t count = 9;
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(candidate_find(cx, db, SLICE("local"), &draft, &all, &count));
    EXPECT(draft.identity_count == 1 && count == 0);
    store_give(store, db);
    store_close(store);
}

TEST("candidate: the best is the strongest, the first among equals, of those that fit or that do "
     "not")
{
    static const Candidate all[] = {{.basis = 4},
                                    {.basis = 3},
                                    {.basis = 3},
                                    {.basis = 2, .differs = 1},
                                    {.basis = 2, .differs = 2}};
    EXPECT(candidate_best(all, 5, true) == &all[1] && candidate_best(all, 5, false) == &all[3]);
    EXPECT(candidate_best(all, 3, false) == NULL && candidate_best(all, 0, true) == NULL);
}

#define CODE    SLICE("044001900104")
#define NUMBER  SLICE("12345678")
#define OTHER   SLICE("87654321")
#define DIGITAL SLICE("24112000000048542163")
#define NONE    SLICE("")

TEST("candidate: another is the same invoice where no name contradicts")
{
    static const Draft both = {.code = CODE, .number = NUMBER, .digital_number = DIGITAL};
    static const Draft digital = {.code = NONE, .number = DIGITAL, .digital_number = NONE};
    static const struct {
        const Draft *reading;
        JoinNames joined, one;
        Basis joined_basis, one_basis;
        bool same;
    } cases[] = {
        {&both, {CODE, NUMBER, NONE}, {NONE, NONE, DIGITAL}, BASIS_QR, BASIS_QR, true},
        {&both, {NONE, NONE, DIGITAL}, {CODE, NUMBER, NONE}, BASIS_QR, BASIS_QR, true},
        // Not the reading's code and number: the one joined, the other.
        {&both, {CODE, OTHER, DIGITAL}, {NONE, NONE, DIGITAL}, BASIS_QR, BASIS_QR, false},
        {&both, {NONE, NONE, DIGITAL}, {CODE, OTHER, DIGITAL}, BASIS_QR, BASIS_QR, false},
        // Two codes and numbers that have been said to have these 20 digits.
        {&digital, {CODE, NUMBER, DIGITAL}, {CODE, OTHER, DIGITAL}, BASIS_QR, BASIS_QR, false},
        {&digital, {CODE, NUMBER, DIGITAL}, {NONE, NONE, DIGITAL}, BASIS_QR, BASIS_QR, true},
        // Nothing weaker names what is known by the 20 digits alone.
        {&both, {NONE, NONE, DIGITAL}, {CODE, NUMBER, NONE}, BASIS_SEAL_VALID, BASIS_QR, false},
        {&both,
         {CODE, NUMBER, NONE},
         {NONE, NONE, DIGITAL},
         BASIS_SEAL_VALID,
         BASIS_SEAL_VALID,
         false},
        {&both, {CODE, NUMBER, NONE}, {NONE, NONE, DIGITAL}, BASIS_SEAL_VALID, BASIS_QR, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const DecidingDraft draft = {.basis = BASIS_QR, .draft = *cases[i].reading};
        Candidate all[] = {{.names = cases[i].joined, .basis = cases[i].joined_basis},
                           {.names = cases[i].one, .basis = cases[i].one_basis}};
        candidate_weigh(&draft, &all[0], all, 2);
        EXPECT(all[1].same == cases[i].same && !all[0].same);
        EXPECT(all[0].differs == 0 && all[1].differs == 0);
    }
}

TEST("candidate: another that contradicts is another invoice, and flagged once")
{
    const JoinFields unknown = {.date = NONE, .seller_tax_id = NONE, .buyer_tax_id = NONE};
    JoinFields one = unknown, two = unknown;
    one.known[2] = two.known[2] = true;
    one.fen[2] = 100;
    two.fen[2] = 200;
    static const unsigned total = 1U << JOIN_TOTAL, date = 1U << JOIN_DATE;
    const struct {
        JoinFields joined, fields[2]; // of the two others
        bool conflict;                // they are flagged already
        unsigned found[2], differs[2];
        bool same[2];
    } cases[] = {
        {one, {two, unknown}, false, {0, 0}, {total, 0}, {false, true}},
        {one, {two, unknown}, true, {0, 0}, {0, 0}, {false, true}},
        // The reading itself contradicts it: what it joins knows too little to say so.
        {unknown, {one, unknown}, false, {date, 0}, {date, 0}, {false, true}},
        // The first that is the same speaks for the one joined.
        {unknown, {one, two}, false, {0, 0}, {0, total}, {true, false}},
    };
    const DecidingDraft draft = {
        .draft = {.code = CODE, .number = NUMBER, .digital_number = DIGITAL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Candidate all[3] = {{.fields = cases[i].joined, .names = {CODE, NUMBER, NONE}}};
        for (size_t k = 0; k < 2; k++)
            all[k + 1] = (Candidate){.fields = cases[i].fields[k],
                                     .names = {NONE, NONE, DIGITAL},
                                     .conflict = cases[i].conflict,
                                     .differs = cases[i].found[k]};
        candidate_weigh(&draft, &all[0], all, 3);
        for (size_t k = 0; k < 2; k++)
            EXPECT(all[k + 1].same == cases[i].same[k] &&
                   all[k + 1].differs == cases[i].differs[k]);
    }
}
