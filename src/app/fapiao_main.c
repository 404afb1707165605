// fapiao: one program for everything but parsing. The first argument names the command.
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "cli/cli_flags.h"
#include "cli/cli_stdio.h"

int main(int argc, char **argv)
{
    // A reader or client that hangs up is an error to handle, not a reason to die.
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); // nor is a file that may not grow: that is a full disk
    if (!cli_stdio_open()) return CLI_EXIT_FAIL;
    if (argc < 2) {
        (void)commands_find("help")->run(argc, argv);
        return CLI_EXIT_USAGE;
    }
    const char *verb = argv[1];
    if (verb[0] == '-') verb += verb[1] == '-' ? 2 : 1; // --help, --version
    if (strcmp(argv[1], "-h") == 0) verb = "help";
    const CommandRow *command = commands_find(verb);
    if (command != NULL) return cli_stdio_close(command->run(argc - 1, argv + 1));
    fprintf(stderr, "没有这个命令 no such command: %s\n", argv[1]);
    return cli_flags_usage("fapiao help");
}
