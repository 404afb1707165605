#include "cli/cli_signal.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int stop_fd = -1; // readable once a signal came
static volatile sig_atomic_t stops;

static void on_signal(int number)
{
    int saved = errno;
    if (stops++ > 0) _exit(128 + number);
    (void)eventfd_write(stop_fd, 1);
    errno = saved;
}

void cli_signal_catch(void)
{
    stop_fd = eventfd(0, EFD_CLOEXEC);
    stops = 0;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
}

void cli_signal_wait(void)
{
    eventfd_t count = 0;
    while (eventfd_read(stop_fd, &count) != 0 && errno == EINTR)
        ;
    (void)close(stop_fd);
    stop_fd = -1;
}
