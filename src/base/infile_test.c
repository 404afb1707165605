#include "base/infile.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"

static const char *path_in(Cx *cx, const char *folder, const char *name)
{
    return cx_printf(cx, "%s/%s", folder, name).data;
}

TEST("infile: a file gives its bytes and its end")
{
    const char *folder = test_folder();
    const char *path = path_in(cx, folder, "a");
    int out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    EXPECT(write(out, "abc", 3) == 3);
    EXPECT(close(out) == 0);
    Infile file = {};
    char bytes[8];
    size_t count = 9;
    EXPECT_OK(infile_open(cx, path, &file));
    EXPECT(file.regular && file.size == 3);
    EXPECT_OK(infile_read(cx, &file, bytes, sizeof bytes, &count));
    EXPECT(count == 3 && memcmp(bytes, "abc", 3) == 0);
    EXPECT_OK(infile_read(cx, &file, bytes, sizeof bytes, &count));
    EXPECT(count == 0);
    infile_close(&file);
}

TEST("infile: a folder, a socket and what is not there say so")
{
    const char *folder = test_folder();
    Infile file = {.fd = -1};
    EXPECT(infile_open(cx, folder, &file) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "是文件夹 a folder: '") != NULL);
    EXPECT(infile_open(cx, path_in(cx, folder, "none"), &file) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "没有这个文件 No such file or directory: cannot open '") != NULL);
    EXPECT(infile_open(cx, path_in(cx, folder, "none/x"), &file) == ERR_MISSING);
    char name[600] = {};
    memset(name, 'x', sizeof name - 1);
    EXPECT(infile_open(cx, path_in(cx, folder, name), &file) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "名字太长 File name too long") != NULL); // though the name is cut
    EXPECT(symlink("round", path_in(cx, folder, "round")) == 0);
    EXPECT(infile_open(cx, path_in(cx, folder, "round"), &file) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "链接绕成了圈") != NULL);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = path_in(cx, folder, "s");
    EXPECT(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    EXPECT(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT(infile_open(cx, path, &file) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "是套接字，或是没有的设备 a socket") != NULL);
    EXPECT(close(fd) == 0 && file.fd == -1);
}

TEST("infile: what opens and can't be read says so")
{
    Infile file = {.fd = -1};
    char byte = 0;
    size_t count = 0;
    EXPECT_OK(infile_open(cx, "/proc/self/mem", &file)); // nothing lies at its beginning
    EXPECT(infile_read(cx, &file, &byte, 1, &count) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "系统读不了 Input/output error: cannot read '/proc/self/mem'"));
    infile_close(&file);
}

TEST("infile: a pipe that nobody writes is given up; one that is written ends with its writer")
{
    const char *path = path_in(cx, test_folder(), "p");
    EXPECT(mkfifo(path, 0600) == 0);
    Infile file = {};
    char byte = 0;
    size_t count = 9;
    EXPECT_OK(infile_open(cx, path, &file));
    EXPECT(infile_read(cx, &file, &byte, 1, &count) == ERR_MISSING);
    EXPECT(strstr(cx->err_text, "3 秒没有等到内容 nothing came for 3 seconds") != NULL);
    int writer = open(path, O_WRONLY | O_CLOEXEC);
    EXPECT(write(writer, "x", 1) == 1);
    EXPECT_OK(infile_read(cx, &file, &byte, 1, &count));
    EXPECT(count == 1 && byte == 'x');
    EXPECT(close(writer) == 0);
    EXPECT_OK(infile_read(cx, &file, &byte, 1, &count));
    EXPECT(count == 0);
    infile_close(&file);
}
