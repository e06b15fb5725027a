#include <gtest/gtest.h>

#include "two_units.hpp"

namespace two_units {

TEST(service_in_two_translation_units, has_one_definition_of_its_constants) {
    using add = farcall::method_named<Shared, "add">;
    EXPECT_EQ(info_seen_by_b(), &add::info);
    EXPECT_EQ(parameters_seen_by_b(), add::info.parameters.data());
}

}  // namespace two_units
