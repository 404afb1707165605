#include "sandbox/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

typedef int Deed(void); // what a prisoner does; answers errno or 0

// Runs it in a jail of its own; answers the wait status.
static int jailed(Cx *cx, JailKind kind, Deed *deed)
{
    Jail *jail = NULL;
    EXPECT_OK(jail_open(cx, &jail));
    pid_t pid = fork();
    if (pid == 0) {
        // As the zygote does: the answer's descriptor first, so that no ruleset lies there.
        if (!jail_harden() || !jail_enter(jail, kind, 5)) _exit(99);
        _exit(deed());
    }
    int status = 0;
    EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid);
    jail_close(jail);
    return status;
}

static int deed_nothing(void)
{
    return 0;
}

static int deed_passwd(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

static int deed_fonts(void)
{
    return open("/etc/fonts", O_RDONLY | O_DIRECTORY) < 0 ? errno : 0;
}

static int deed_write(void)
{
    return open("/etc/fonts/new", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0;
}

static int deed_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? errno : 0;
}

TEST("jail: each deed ends as it must, by kind of jail")
{
    static const struct {
        Deed *deed;
        JailKind kind;
        int exit, signal; // signal 0: exits
    } cases[] = {
        {deed_nothing, JAIL_BARE, 0, 0},     {deed_nothing, JAIL_READ, 0, 0},
        {deed_passwd, JAIL_READ, EACCES, 0}, {deed_passwd, JAIL_BARE, ENOENT, 0},
        {deed_fonts, JAIL_READ, 0, 0},       {deed_fonts, JAIL_BARE, ENOENT, 0},
        {deed_write, JAIL_READ, EROFS, 0},   {deed_write, JAIL_BARE, ENOENT, 0},
        {deed_socket, JAIL_READ, 0, SIGSYS}, {deed_socket, JAIL_BARE, 0, SIGSYS},
    };
    Jail *jail = NULL;
    EXPECT_OK(jail_open(cx, &jail));
    bool landlock = strstr(jail_report(jail), "NO LANDLOCK") == NULL;
    EXPECT(strstr(jail_report(jail), "seccomp") != NULL);
    jail_close(jail);
    jail_close(NULL);
    if (!landlock) test_skip("this kernel has no Landlock");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = jailed(cx, cases[i].kind, cases[i].deed);
        EXPECT((WIFSIGNALED(status) ? WTERMSIG(status) : 0) == cases[i].signal);
        EXPECT(cases[i].signal != 0 || WEXITSTATUS(status) == cases[i].exit);
    }
}
