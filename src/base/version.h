// Version: of the whole, as `fapiao version` and the API say it. meson.build names the same.
#pragma once

#define VERSION_TEXT "0.1.0"
