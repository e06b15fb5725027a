#include <farcall/service/json_check.hpp>

#include <farcall/service.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>

namespace json_check_test {

struct good {};
struct bad {};
struct failure {};

/// Stands for the codec: refuses `bad`.
template <class T>
struct problem {
    static constexpr std::string_view text = std::is_same_v<T, bad> ? "bad: is bad" : "";
};
template <class T>
struct no_problem {
    static constexpr std::string_view text{};
};
/// Refuses what a server does not hold.
template <class T>
struct only_stored {
    static constexpr std::string_view text =
        std::is_same_v<T, std::string_view> || !std::is_same_v<T, std::remove_cvref_t<T>> ? "is not stored" : "";
};

RPC_SERVICE(Store,
    (put, good(int id, const good& what), farcall::throws<failure>),
    (get, bad(const std::string& key, std::string_view prefix)),
    (drop, void()))

using farcall::detail::check_json_forms;
template <farcall::fixed_string Name>
using method = farcall::method_named<Store, Name>;

TEST(json_check, accepts_a_method_whose_types_all_have_a_form) {
    static_assert(check_json_forms<method<"put">, problem, problem>());
    static_assert(check_json_forms<method<"drop">, problem, problem>());
}

TEST(json_check, asks_for_parameters_and_outcome_apart) {
    static_assert(check_json_forms<method<"get">, problem, no_problem>());
}

TEST(json_check, asks_for_the_stored_types_of_parameters) {
    static_assert(check_json_forms<method<"get">, only_stored, no_problem>());
}

TEST(json_check, finds_the_first_mistake_with_its_place_and_reason) {
    using namespace farcall::detail;
    using mistakes = decltype(json_form_mistake_of<problem, 2, "what", bad>());
    static_assert(std::is_same_v<mistakes, farcall::type_list<declaration_with<
                                               mistake::no_json_form, farcall::parameter<2, "what">, bad,
                                               farcall::because<"bad: is bad">>>>);
    static_assert(std::is_same_v<decltype(json_form_mistake_of<problem, 2, "what", good>()), farcall::type_list<>>);
    static_assert(std::is_same_v<decltype(json_form_mistake_of<problem, -1, "result", void>()), farcall::type_list<>>);
    static_assert(std::is_same_v<decltype(mistakes_in_errors<problem>(farcall::type_list<good, bad>{})),
                                 farcall::type_list<declaration_with<mistake::no_json_form,
                                                                     farcall::parameter<-2, "throws">, bad,
                                                                     farcall::because<"bad: is bad">>>>);
}

}  // namespace json_check_test
