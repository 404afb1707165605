#include "cli/cli_verify.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static int run(Cx *cx, const char *data, const char *const *rest)
{
    char *argv[24] = {(char *)"verify", (char *)"--data", (char *)data, (char *)"--key-file",
                      (char *)cx_printf(cx, "%s.key", data).data};
    int argc = 5;
    for (; *rest != NULL; rest++)
        argv[argc++] = (char *)*rest;
    return cli_verify(argc, argv);
}

TEST("cli_verify: the exit code is the answer, beside a running writer")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 31\nnumber 24112000000048542163\n"
                            "issue_date 2024-05-28\ntotal 4449.00\n");
    static const struct {
        const char *arguments[12];
        int exit_code;
    } cases[] = {
        {{"--number", "24112000000048542163", "--date", "2024-05-28", "--total", "4449.00",
          "--json"},
         0},
        {{"--number=24112000000048542163", "--date=20240528", "--total=4449"}, 0},
        {{"--number", "24112000000048542163", "--date", "2024-05-28", "--total", "1"}, 3},
        {{"--number", "24112000000048542160", "--date", "2024-05-28", "--total", "1", "--json"}, 4},
        {{"--number", "24112000000048542163", "--date", "2024-05-28"}, 2},
        {{"--number", "24112000000048542163", "--date", "never", "--total", "1"}, 2},
        {{"--number", "24112000000048542163"}, 2},
        {{"--number", "1", "--date", "2024-05-28", "extra"}, 2},
        {{"--bogus"}, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(run(cx, folder, cases[i].arguments) == cases[i].exit_code);
    flow_close(flow);
    EXPECT(run(cx, "/nowhere/at/all", cases[0].arguments) == 1);
}
