#include "validate/rules.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/test.h"

TEST("rules: every rule has its page, under its own name")
{
    const char *root = getenv("FAPIAO_ROOT");
    if (root == NULL) test_skip("FAPIAO_ROOT is not set");
    size_t count = 0;
    const RuleRow *rows = rules_all(&count);
    EXPECT(count == 11);
    for (size_t i = 0; i < count; i++) {
        Slice path = cx_printf(cx, "%s/docs/rules/%s.md", root, rows[i].name);
        const char *name = NULL;
        EXPECT_OK(cx_cstr(cx, path, &name));
        AUTO_FCLOSE FILE *page = fopen(name, "re");
        EXPECT(page != NULL);
        for (size_t j = 0; j < i; j++)
            EXPECT(strcmp(rows[i].name, rows[j].name) != 0);
    }
}
