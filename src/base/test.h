// The whole unit-test harness. TEST() registers itself; EXPECT() ends the test that it stands in,
// and the run goes on with the next one. The last line is "N passed, N failed, N skipped".
// With FAPIAO_TEST_TIMES set each says what CPU it took, itself and its children.
#pragma once
#include <setjmp.h>
#include <stdio.h>

#include "base/cx.h"

typedef void TestFn(Cx *cx);
void test_register(const char *file, const char *name, TestFn *fn);
__attribute__((noreturn)) void test_fail(const char *file, int line, const char *what);
// Ends the test as skipped; say why: a test that needs what is not there says so plainly.
__attribute__((noreturn)) void test_skip(const char *why);
// The folder of real sample files (FAPIAO_SAMPLES, else ../shared/samples beside the checkout), or
// NULL.
const char *test_samples(void);
// How many of so many random cases to try: all of them, or a quarter under a sanitizer, where each
// costs several times as much and what is looked for is found in a few. At least one.
uint64_t test_fewer(uint64_t cases);
// A fresh folder for this test under TMPDIR, else /tmp, removed when the run ends well.
const char *test_folder(void);

#define TEST_CONCAT_(a, b) a##b
#define TEST_CONCAT(a, b)  TEST_CONCAT_(a, b)
#define TEST(name)                                                                                 \
    static TestFn TEST_CONCAT(test_fn_, __LINE__);                                                 \
    __attribute__((constructor)) static void TEST_CONCAT(test_reg_, __LINE__)(void)                \
    {                                                                                              \
        test_register(__FILE__, name, TEST_CONCAT(test_fn_, __LINE__));                            \
    }                                                                                              \
    static void TEST_CONCAT(test_fn_, __LINE__)(Cx * cx __attribute__((unused)))

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) test_fail(__FILE__, __LINE__, #condition);                               \
    } while (0)

// EXPECT that an Err is ERR_OK, printing its text otherwise.
#define EXPECT_OK(expression)                                                                      \
    do {                                                                                           \
        if ((expression) != ERR_OK) test_fail(__FILE__, __LINE__, cx->err_text);                   \
    } while (0)
