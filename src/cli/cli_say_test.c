#include "cli/cli_say.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"

// What cli_say_error() writes to stderr of an Err with that text.
static Slice said(Cx *cx, const char *text)
{
    int ends[2];
    char line[512];
    EXPECT(pipe(ends) == 0);
    int before = dup(STDERR_FILENO);
    EXPECT(before >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
    EXPECT(err_set(cx, ERR_INPUT, "%s", text) == ERR_INPUT);
    cli_say_error(cx);
    (void)fflush(stderr);
    EXPECT(dup2(before, STDERR_FILENO) >= 0);
    ssize_t n = read(ends[0], line, sizeof line);
    (void)close(before), (void)close(ends[0]), (void)close(ends[1]);
    EXPECT(n > 0);
    return cx_printf(cx, "%.*s", (int)n, line);
}

TEST("cli_say: an error is told in Chinese, too, where somebody has said it in Chinese")
{
    static const char *const cases[][2] = {
        {"total: is required for this kind of invoice",
         "fapiao: 这种发票必须填这一项 total: is required for this kind of invoice\n"},
        {"there is no document 'R-9'", "fapiao: 没有这个编号的文件 there is no document 'R-9'\n"},
        {"'x y' is no key file", "fapiao: 不是密钥文件 'x y' is no key file\n"},
        {"there is no data folder 'a\x1b[31m'",
         "fapiao: 没有这个数据目录 there is no data folder 'a?[31m'\n"},
        {"'d' can't be written: its disk is read-only. Make it so",
         "fapiao: 所在的磁盘是只读的：请恢复为可写（mount -o remount,rw；原因见系统日志）后再试 "
         "'d' can't be written: its disk is read-only. Make it so\n"},
        {"nobody has said this", "fapiao: nobody has said this\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(said(cx, cases[i][0]), slice_of(cases[i][1])));
}

TEST("cli_say: what steers a terminal is told as '?', in one line; all else as it is")
{
    char text[] = "a\nb\x1b[31m\x7f\t发票 é \xc2\x9b"
                  "2J \xc2\xa0 \xff \xc2";
    cli_say_clean(text);
    EXPECT(strcmp(text, "a?b?[31m??发票 é ??2J \xc2\xa0 \xff \xc2") == 0);
    char nothing[] = "";
    cli_say_clean(nothing);
    EXPECT(nothing[0] == '\0');
}
