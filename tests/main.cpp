#include <gtest/gtest.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
/// libstdc++ is not instrumented, so the thread sanitizer does not see that `std::exception_ptr` counts its owners
/// atomically: whoever lets the last one go seems to race with everybody who has looked at the exception before.
extern "C" const char* __tsan_default_suppressions() { return "race:std::__exception_ptr::exception_ptr::_M_release\n"; }
#endif
#endif

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
