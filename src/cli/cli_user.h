// fapiao user: accounts, seen to by the local administrator: whoever may read the key file.
#pragma once

int cli_user(int argc, char **argv);
