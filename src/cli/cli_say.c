#include "cli/cli_say.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http/http_problem.h"

#define ROOM (2 * PATH_MAX) // a path and what there is to say of it

// What is said to whoever stands at the machine alone, by how it begins behind a value in quotes.
static const struct {
    const char *en, *zh;
} sentences[] = {
    {"there is no data folder", "没有这个数据目录"},
    {"there is no key file", "没有密钥文件"},
    {"the key file is not the one", "密钥文件不是建立这个数据目录时的那一把"},
    {"the key file", "这个数据目录的密钥文件不见了，请放回原处"},
    {"is no key file", "不是密钥文件"},
    {"others than the owner may read", "密钥文件能被别人读到，请改为只有所有者可读（0600）"},
    {"another process", "另一个进程正在使用这个数据目录"},
    {"is not loopback", "不是本机地址：明文 HTTP 只供本机，别的电脑请走 --listen-tls"},
    {"is not ADDRESS:PORT", "应当写成 地址:端口"},
    {"can't be written: its disk is read-only",
     "所在的磁盘是只读的：请恢复为可写（mount -o remount,rw；原因见系统日志）后再试"},
    {"can't be read where nothing can be written",
     "不能写入的磁盘上读不了（数据库要在旁边写两个小文件）：请把数据目录复制到可写的磁盘"},
    {"is closed to this user", "当前用户没有权限：请用数据目录的属主运行，或让这个用户可以读写"},
    {"is gone: is its disk mounted?", "数据目录不在了：它所在的磁盘挂载了吗？"},
    {"there is no organisation", "没有这个单位"},
};

static Slice in_chinese(Slice text)
{
    size_t end = slice_starts(text, SLICE("'")) ? slice_find(text, SLICE("' ")) : SLICE_NONE;
    Slice said = end == SLICE_NONE ? text : slice_sub(text, end + 2, text.size);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (slice_starts(said, slice_of(sentences[i].en))) return slice_of(sentences[i].zh);
    return http_problem_chinese(text);
}

Slice cli_say_both(Cx *cx)
{
    Slice zh = in_chinese(err_text(cx));
    return cx_printf(cx, SLICE_FMT "%s%s", SLICE_ARG(zh), zh.size > 0 ? " " : "", cx->err_text);
}

void cli_say_error(Cx *cx)
{
    cli_say(SLICE_FMT, SLICE_ARG(cli_say_both(cx)));
}

void cli_say_clean(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7F) *at = '?';
        // U+0080 to U+009F: 0x9B alone begins a sequence as ESC [ does.
        if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0) memset(at, '?', 2);
    }
}

void cli_say(const char *format, ...)
{
    char text[ROOM];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    cli_say_clean(text);
    (void)fprintf(stderr, "fapiao: %s\n", text);
}
