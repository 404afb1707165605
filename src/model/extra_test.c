#include "model/extra.h"

#include "base/test.h"

TEST("extra: every label leads to a row, no label twice")
{
    const ExtraRow *row = NULL, *other = NULL;
    const char *label = NULL, *later = NULL;
    size_t count = 0;
    for (; (label = extra_label(count, &row)) != NULL; count++) {
        EXPECT(row != NULL && extra_row(slice_of(row->name)) == row);
        EXPECT(extra_of_label(slice_of(label)) == row);
        for (size_t i = count + 1; (later = extra_label(i, &other)) != NULL; i++) {
            EXPECT(!slice_equal(slice_of(label), slice_of(later)));
            // A longer label stands before the one that it begins with.
            EXPECT(!slice_starts(slice_of(later), slice_of(label)));
        }
    }
    EXPECT(count > 30 && extra_row(SLICE("price")) == NULL);
    EXPECT(extra_of_label(SLICE("车牌")) == NULL);
}
