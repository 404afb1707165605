#include "publish/red_fold.h"

#include "publish/publish_fixture.h"

static void put_blue(Cx *cx, Db *db, const char *id, const char *code, const char *number,
                     const char *digital)
{
    EXPECT_OK(
        db_run(cx, db,
               "INSERT INTO invoice VALUES ('t', $1, '10', $2, $3, '', 1, 1, 10000, '', 1, 1, "
               "4, '', 'normal', 0, 0, 1, 0, 1, '', $4)",
               DB_VALUES(db_blob((Slice){id, 16}), db_text(slice_of(code)),
                         db_text(slice_of(number)), db_text(slice_of(digital))),
               NULL));
}

TEST("red fold: an 8-digit number needs its code, a 20-digit one stands alone")
{
    static const struct {
        const char *blue_code, *number, *red_code;
        bool joined;
    } cases[] = {
        {"011001900611", "12345678", "011001900611", true},
        {"011001900611", "12345678", "", false},
        {"011001900611", "12345678", "011001900612", false},
        {"", "24112000000048542163", "", true},
        {"", "24112000000048542163", "011001900611", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "code-%zu", i).data);
        Db *db = store_writer(store);
        put_blue(cx, db, "blue000000000000", cases[i].blue_code, cases[i].number, "");
        const Draft red = {.total = SLICE("-40.00"),
                           .number = SLICE("87654321"),
                           .code = SLICE("011001900611"),
                           .red = {.is_red = true,
                                   .original_code = slice_of(cases[i].red_code),
                                   .original_number = slice_of(cases[i].number)}};
        RedParty now = {SLICE("t"), SLICE("red0000000000000"), &red, BASIS_UNSIGNED_FILE, NULL};
        EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
        EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") ==
               (cases[i].joined ? 4000 : 0));
        // The red one names another blue: the first is normal again.
        Draft moved = red;
        moved.red.original_number = SLICE("99999999");
        const RedParty after = {now.tenant, now.id, &moved, now.basis, NULL};
        EXPECT_OK(red_fold_invoice(cx, db, &after, &now));
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state = 'normal'") ==
               1);
        store_close(store);
    }
}

TEST("red fold: an invoice on paper is reddened by either of its numbers, and both add up")
{
    Store *store = fixture_store(cx, "two-numbers");
    Db *db = store_writer(store);
    put_blue(cx, db, "blue000000000000", "011001900104", "12345678", "24112000000048542163");
    static const struct {
        const char *id, *code, *number, *red_number;
        int64_t sum;
    } reds[] = {{"red0000000000000", "011001900104", "12345678", "87654321", 4000},
                {"red0000000000001", "", "24112000000048542163", "87654322", 8000},
                {"red0000000000002", "", "24112000000048542199", "87654323", 8000}};
    for (size_t i = 0; i < sizeof reds / sizeof reds[0]; i++) {
        const Draft red = {.total = SLICE("-40.00"),
                           .number = slice_of(reds[i].red_number),
                           .red = {.is_red = true,
                                   .original_code = slice_of(reds[i].code),
                                   .original_number = slice_of(reds[i].number)}};
        const RedParty now = {SLICE("t"), slice_of(reds[i].id), &red, BASIS_UNSIGNED_FILE, NULL};
        EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
        EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") == reds[i].sum);
    }
    // The blue one that comes last is told by its second number, too.
    EXPECT_OK(db_script(cx, db, "UPDATE invoice SET red_total = 0, state = 'normal'"));
    const Draft blue = {.code = SLICE("011001900104"),
                        .number = SLICE("12345678"),
                        .digital_number = SLICE("24112000000048542163")};
    const RedParty last = {SLICE("t"), SLICE("blue000000000000"), &blue, BASIS_UNSIGNED_FILE, NULL};
    EXPECT_OK(red_fold_invoice(cx, db, &last, NULL));
    EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") == 8000);
    store_close(store);
}

TEST("red fold: red ones of one number and two codes are two, and what costs nothing is never gone")
{
    static const struct {
        const char *set, *codes[2];
        int64_t sum;
        const char *state;
    } cases[] = {
        {"total = 10000", {"011001900611", "011001900612"}, 8000, "red_partial"},
        {"total = 8000", {"011001900611", "011001900612"}, 8000, "red_full"},
        {"total = 8000", {"011001900611", "011001900611"}, 4000, "red_partial"},
        {"total = 0", {"011001900611", "011001900612"}, 8000, "red_partial"},
        {"total = NULL", {"011001900611", "011001900612"}, 8000, "red_partial"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "sums-%zu", i).data);
        Db *db = store_writer(store);
        put_blue(cx, db, "blue000000000000", "011001900104", "12345678", "");
        EXPECT_OK(
            db_script(cx, db, cx_printf(cx, "UPDATE invoice SET %s%c", cases[i].set, 0).data));
        for (size_t k = 0; k < 2; k++) {
            const Draft red = {.total = SLICE("-40.00"),
                               .code = slice_of(cases[i].codes[k]),
                               .number = SLICE("87654321"),
                               .red = {.is_red = true,
                                       .original_code = SLICE("011001900104"),
                                       .original_number = SLICE("12345678")}};
            const RedParty now = {SLICE("t"),
                                  slice_of(k == 0 ? "red0000000000000" : "red0000000000001"), &red,
                                  BASIS_UNSIGNED_FILE, NULL};
            EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
        }
        EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") == cases[i].sum);
        EXPECT(fixture_count(cx, store,
                             cx_printf(cx, "SELECT COUNT(*) FROM invoice WHERE state = '%s'%c",
                                       cases[i].state, 0)
                                 .data) == 1);
        store_close(store);
    }
}

TEST("red fold: a sum that no number holds is all of it")
{
    Store *store = fixture_store(cx, "overflow");
    Db *db = store_writer(store);
    put_blue(cx, db, "blue000000000000", "011001900104", "12345678", "");
    EXPECT_OK(
        db_script(cx, db,
                  "INSERT INTO red_link (tenant, number, code, red, red_code, red_number, "
                  "total, basis) VALUES ('t', '12345678', '011001900104', X'61', '', '1', "
                  "9223372036854775807, 4), ('t', '12345678', '011001900104', X'62', '', '2', "
                  "9223372036854775807, 4)"));
    const Draft blue = {.code = SLICE("011001900104"), .number = SLICE("12345678")};
    const RedParty now = {SLICE("t"), SLICE("blue000000000000"), &blue, BASIS_UNSIGNED_FILE, NULL};
    EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state = 'red_full'") == 1);
    store_close(store);
}

TEST("red fold: one that names another and is not red takes nothing from it")
{
    Store *store = fixture_store(cx, "not-red");
    Db *db = store_writer(store);
    put_blue(cx, db, "blue000000000000", "011001900104", "12345678", "");
    const Draft plain = {
        .total = SLICE("40.00"),
        .number = SLICE("87654321"),
        .red = {.original_code = SLICE("011001900104"), .original_number = SLICE("12345678")}};
    const RedParty now = {SLICE("t"), SLICE("red0000000000000"), &plain, BASIS_ISSUED_HERE, NULL};
    EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
    EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") == 0);
    store_close(store);
}

TEST("red fold: what is weaker than the blue one takes nothing from it, by neither of its numbers")
{
    Store *store = fixture_store(cx, "weaker");
    Db *db = store_writer(store);
    put_blue(cx, db, "blue000000000000", "011001900104", "12345678", "24112000000048542163");
    static const struct {
        const char *id, *code, *number;
        Basis basis;
        int64_t sum;
    } reds[] = {{"red0000000000000", "011001900104", "12345678", BASIS_QR, 0},
                {"red0000000000001", "", "24112000000048542163", BASIS_OCR, 0},
                {"red0000000000002", "", "24112000000048542163", BASIS_UNSIGNED_FILE, 4000},
                {"red0000000000003", "011001900104", "12345678", BASIS_SEAL_VALID, 8000}};
    for (size_t i = 0; i < sizeof reds / sizeof reds[0]; i++) {
        const Draft red = {.total = SLICE("-40.00"),
                           .number = slice_of(reds[i].id),
                           .red = {.is_red = true,
                                   .original_code = slice_of(reds[i].code),
                                   .original_number = slice_of(reds[i].number)}};
        const RedParty now = {SLICE("t"), slice_of(reds[i].id), &red, reds[i].basis, NULL};
        EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
        EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") == reds[i].sum);
    }
    store_close(store);
}

TEST("red fold: of two readings of one red invoice the stronger counts, of equals the smaller")
{
    static const struct {
        const char *totals[2];
        Basis bases[2];
        int64_t sum;
    } cases[] = {{{"-40.00", "-90.00"}, {BASIS_SEAL_VALID, BASIS_UNSIGNED_FILE}, 4000},
                 {{"-90.00", "-40.00"}, {BASIS_SEAL_VALID, BASIS_UNSIGNED_FILE}, 9000},
                 {{"-40.00", "-90.00"}, {BASIS_UNSIGNED_FILE, BASIS_UNSIGNED_FILE}, 4000},
                 {{"-90.00", "-40.00"}, {BASIS_UNSIGNED_FILE, BASIS_UNSIGNED_FILE}, 4000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "readings-%zu", i).data);
        Db *db = store_writer(store);
        put_blue(cx, db, "blue000000000000", "011001900104", "12345678", "");
        for (size_t k = 0; k < 2; k++) {
            const Draft red = {.total = slice_of(cases[i].totals[k]),
                               .code = SLICE("011001900611"),
                               .number = SLICE("87654321"),
                               .red = {.is_red = true,
                                       .original_code = SLICE("011001900104"),
                                       .original_number = SLICE("12345678")}};
            const char *id = k == 0 ? "red0000000000000" : "red0000000000001";
            const RedParty now = {SLICE("t"), slice_of(id), &red, cases[i].bases[k], NULL};
            EXPECT_OK(red_fold_invoice(cx, db, &now, NULL));
        }
        EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice") == cases[i].sum);
        store_close(store);
    }
}
