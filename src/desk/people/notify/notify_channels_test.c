#include "desk/people/notify/notify_channels.h"

#include "base/test.h"

TEST("notify_channels: each has its name, its sender and why it is not ready in both languages")
{
    size_t count = 0;
    const NotifyChannel *all = notify_channels_all(&count);
    EXPECT(count == 5);
    for (size_t i = 0; i < count; i++) {
        EXPECT(notify_channels_find(slice_of(all[i].name)) == &all[i]);
        EXPECT(all[i].check != NULL && all[i].send != NULL);
        EXPECT(all[i].missing_zh[0] != '\0' && all[i].missing_en[0] != '\0');
        NotifySettings settings = {};
        EXPECT(!notify_channels_ready(&all[i], &settings));
        for (size_t n = 0; n < NOTIFY_CHANNEL_NEEDS; n++)
            settings.values[all[i].needs[n]] = SLICE("x");
        EXPECT(notify_channels_ready(&all[i], &settings));
    }
    EXPECT(notify_channels_find(SLICE("pigeon")) == NULL);
}
