#include "read/seal_fixture.h"

#include "base/test.h"

TEST("seal_fixture: makes files of the kinds it says")
{
    SealFixture fixture = seal_fixture_open(cx);
    Slice ofd = seal_fixture_ofd(cx, &fixture, &(SealFixtureForm){});
    Slice pdf =
        seal_fixture_pdf(cx, &fixture, &(SealFixturePdf){.sub_filter = "adbe.pkcs7.detached"});
    EXPECT(slice_starts(ofd, SLICE("PK\3\4")) && slice_starts(pdf, SLICE("%PDF-")));
    seal_fixture_close(&fixture);
}
