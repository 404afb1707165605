#include "desk/people/gate/gate.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"

typedef struct Scene {
    Store *store;
    Committer *committer;
    Gate *gate;
    PermissionActor keeper;
} Scene;

static Scene scene(Cx *cx, const char *name)
{
    Scene scene = {.store = fixture_store(cx, name), .keeper = permission_actor(PERMISSION_LOCAL)};
    const CommitOptions options = {0};
    EXPECT_OK(commit_open(cx, scene.store, &options, &scene.committer));
    scene.gate = gate_open(scene.store, scene.committer);
    return scene;
}

static void scene_close(Scene *scene)
{
    gate_close(scene->gate);
    commit_close(scene->committer);
    store_close(scene->store);
}

static bool admits(Cx *cx, Scene *scene, const char *address)
{
    Peer peer;
    EXPECT(peer_parse(slice_of(address), &peer));
    return gate_admits(cx, scene->gate, &peer);
}

TEST("gate: the smallest block that an address lies in says")
{
    Scene s = scene(cx, "smallest");
    EXPECT(admits(cx, &s, "203.0.113.9") && admits(cx, &s, "2001:db8::1"));
    EXPECT_OK(gate_add(cx, s.gate, &s.keeper, SLICE("203.0.113.0/24"), false, SLICE("robots")));
    EXPECT(!admits(cx, &s, "203.0.113.9") && admits(cx, &s, "203.0.112.9"));
    EXPECT_OK(gate_add(cx, s.gate, &s.keeper, SLICE("203.0.113.9"), true, SLICE("")));
    EXPECT(admits(cx, &s, "203.0.113.9") && !admits(cx, &s, "203.0.113.8"));
    // Something is let in by name now, so all else is not.
    EXPECT(!admits(cx, &s, "198.51.100.1"));
    EXPECT_OK(gate_remove(cx, s.gate, &s.keeper, SLICE("203.0.113.9/32")));
    EXPECT(!admits(cx, &s, "203.0.113.9") && admits(cx, &s, "198.51.100.1"));
    GateRule *rules = NULL;
    size_t count = 0;
    EXPECT_OK(gate_list(cx, s.gate, &s.keeper, &rules, &count));
    EXPECT(count == 1 && !rules[0].allow && slice_equal(rules[0].note, SLICE("robots")));
    scene_close(&s);
}

TEST("gate: what can't be is refused, and nobody shuts himself out")
{
    Scene s = scene(cx, "refused");
    PermissionActor officer = permission_actor(PERMISSION_ACCOUNT);
    officer.roles = ROLE_BIT(ROLE_SECURITY_ADMIN);
    officer.acts = ACTS_ALL;
    officer.strong = true;
    officer.address = SLICE("203.0.113.9");
    EXPECT(gate_add(cx, s.gate, &officer, SLICE("203.0.113.0/33"), false, SLICE("")) == ERR_INPUT);
    EXPECT(gate_add(cx, s.gate, &officer, SLICE("203.0.113.0/24"), false, SLICE("")) == ERR_DENIED);
    EXPECT(gate_add(cx, s.gate, &officer, SLICE("198.51.100.0/24"), true, SLICE("")) == ERR_DENIED);
    EXPECT(admits(cx, &s, "203.0.113.9"));
    EXPECT_OK(gate_add(cx, s.gate, &officer, SLICE("203.0.113.0/24"), true, SLICE("")));
    EXPECT(gate_add(cx, s.gate, &officer, SLICE("203.0.113.0/24"), false, SLICE("")) ==
           ERR_CONFLICT);
    EXPECT_OK(gate_add(cx, s.gate, &officer, SLICE("198.51.100.0/24"), true, SLICE("")));
    EXPECT(gate_remove(cx, s.gate, &officer, SLICE("203.0.113.0/24")) == ERR_DENIED);
    EXPECT(gate_remove(cx, s.gate, &officer, SLICE("192.0.2.0/24")) == ERR_MISSING);
    EXPECT(gate_remove(cx, s.gate, &officer, SLICE("nonsense")) == ERR_MISSING);
    officer.roles = ROLE_BIT(ROLE_SYSTEM_ADMIN);
    GateRule *rules = NULL;
    size_t count = 0;
    EXPECT(gate_list(cx, s.gate, &officer, &rules, &count) == ERR_DENIED);
    EXPECT(gate_remove(cx, s.gate, &officer, SLICE("198.51.100.0/24")) == ERR_DENIED);
    scene_close(&s);
}

TEST("gate: there is a limit to rules")
{
    Scene s = scene(cx, "many");
    for (size_t i = 0; i < LIMIT_GATE_RULES; i++)
        EXPECT_OK(gate_add(cx, s.gate, &s.keeper,
                           cx_printf(cx, "10.%zu.%zu.0/24", i / 250, i % 250), false, SLICE("")));
    EXPECT(gate_add(cx, s.gate, &s.keeper, SLICE("192.0.2.0/24"), false, SLICE("")) == ERR_LIMIT);
    EXPECT(!admits(cx, &s, "10.0.3.3") && admits(cx, &s, "192.0.2.1"));
    scene_close(&s);
}
