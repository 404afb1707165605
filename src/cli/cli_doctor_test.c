#include "cli/cli_doctor.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_doctor: a folder that is not there is not well, and wrong usage is said")
{
    char verb[] = "doctor", data[] = "--data", folder[] = "/nonexistent/data", odd[] = "--odd";
    char *nowhere[] = {verb, data, folder, NULL};
    EXPECT(cli_doctor(3, nowhere) == CLI_EXIT_FAIL);
    char *wrong[] = {verb, odd, NULL};
    EXPECT(cli_doctor(2, wrong) == CLI_EXIT_USAGE);
}
