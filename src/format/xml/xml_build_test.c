#include "format/xml/xml_build.h"

#include "base/test.h"

TEST("xml build: the first failure stays, and nothing is built after it")
{
    XmlBuild *build = arena_alloc(&cx->arena, sizeof *build);
    build->cx = cx;
    xml_build_open(build, SLICE("p:a"), NULL, 0);
    xml_build_text(build, SLICE("t"));
    xml_build_fail(build, ERR_LIMIT, XML_TROUBLE_HOSTILE, "first");
    xml_build_fail(build, ERR_INPUT, XML_TROUBLE_DAMAGED, "second");
    xml_build_open(build, SLICE("b"), NULL, 0);
    xml_build_close(build);
    EXPECT(build->err == ERR_LIMIT && build->trouble == XML_TROUBLE_HOSTILE);
    EXPECT(slice_equal(build->root->name, SLICE("a")) && build->root->first == NULL);
}
