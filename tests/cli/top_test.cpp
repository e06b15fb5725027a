#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <top_format.hpp>
#include <top_keys.hpp>
#include <top_reading.hpp>
#include <top_screen.hpp>
#include <top_table.hpp>

namespace {

using namespace std::chrono_literals;
using farcall::json;
using tool::key;
using tool::key_effect;
using tool::reading;
using tool::top_column;
using tool::top_row;
using tool::top_style;
using tool::top_table;
using tool::top_tables;
using tool::top_view;
using numbers = std::vector<double>;

reading said(std::string text) {
    auto read = tool::read_metrics(json::trusted(std::move(text)));
    if (const auto* wrong = std::get_if<tool::mistake>(&read)) {
        ADD_FAILURE() << wrong->message;
        return {};
    }
    return std::get<reading>(read);
}

std::string method(std::string name, int calls, int failures = 0, std::string more = {}) {
    return "{\"method\":\"" + name + "\",\"calls\":" + std::to_string(calls) + ",\"failures\":" + std::to_string(failures) + more + '}';
}

const auto begin = std::chrono::steady_clock::time_point{} + 1h;

TEST(top_format, writes_counts_in_seven_columns) {
    EXPECT_EQ(tool::count_text(0), "0");
    EXPECT_EQ(tool::count_text(12345), "12 345");
    EXPECT_EQ(tool::count_text(999999), "999 999");
    EXPECT_EQ(tool::count_text(999999.6), "1.00M");
    EXPECT_EQ(tool::count_text(12.34e6), "12.3M");
    EXPECT_EQ(tool::count_text(999.4e6), "999M");
    EXPECT_EQ(tool::count_text(1.5e9), "1.50G");
    for (double count = 1; count < 1e18; count *= 1.37) EXPECT_LE(tool::count_text(count).size(), 7u) << count;
}

TEST(top_format, writes_rates_and_times) {
    EXPECT_EQ(tool::rate_text(0), "0");
    EXPECT_EQ(tool::rate_text(0.0001), "0.01") << "more than nothing";
    EXPECT_EQ(tool::rate_text(0.25), "0.25");
    EXPECT_EQ(tool::rate_text(9.94), "9.9");
    EXPECT_EQ(tool::rate_text(1234.4), "1 234");
    EXPECT_EQ(tool::time_text(-1, true), "-");
    EXPECT_EQ(tool::time_text(9.2, true), "9.2µs");
    EXPECT_EQ(tool::time_text(999.4, false), "999us");
    EXPECT_EQ(tool::time_text(999.6, true), "1.00ms");
    EXPECT_EQ(tool::time_text(31'240, true), "31.2ms");
    EXPECT_EQ(tool::time_text(1.2e6, true), "1.20s");
    EXPECT_EQ(tool::span_text(12.9), "12 s");
    EXPECT_EQ(tool::span_text(3600 + 12 * 60), "1 h 12 min");
    EXPECT_EQ(tool::span_text(2 * 86400), "2 d");
}

TEST(top_format, draws_bars_as_high_as_the_highest_shown) {
    EXPECT_EQ(tool::bars(numbers{9, 0, 1, 8, 4}, 4, true), " ▁█▄");
    EXPECT_EQ(tool::bars(numbers{0.001, 1000}, 2, true), "▁█") << "what is not nothing shows";
    EXPECT_EQ(tool::bars(numbers{0, 8, 4}, 3, false), " @=");
    EXPECT_EQ(tool::bars(numbers{5}, 3, true), "  █");
    EXPECT_EQ(tool::bars(numbers{}, 3, true), "   ");
    EXPECT_EQ(tool::bars(numbers{0, 0}, 2, true), "  ");
}

TEST(top_format, fits_texts_into_columns) {
    EXPECT_EQ(tool::fitted("abc", 5, true), "abc  ");
    EXPECT_EQ(tool::fitted_right("äbc", 5, true), "  äbc");
    EXPECT_EQ(tool::fitted("äöüß", 3, true), "äö…");
    EXPECT_EQ(tool::fitted("abcd", 3, false), "ab~");
    EXPECT_EQ(tool::fitted("abcd", 0, true), "");
}

TEST(top_reading, says_what_cannot_be_read) {
    for (const char* text : {"7", "{}", R"({"uptime_s":1,"methods":[{"method":"a"}]})", R"({"uptime_s":1,"methods":7})"})
        EXPECT_TRUE(std::holds_alternative<tool::mistake>(tool::read_metrics(json::trusted(text)))) << text;
    const reading least = said(R"({"uptime_s":1.5,"methods":[],"something":{"new":1}})");
    EXPECT_EQ(least.uptime_s, 1.5);
    EXPECT_FALSE(least.history);
}

TEST(top_tables, has_rates_at_once_where_the_server_keeps_a_history) {
    const top_table made = top_tables{}.next(
        said(R"({"uptime_s":9,"methods":[)" + method("a", 100, 2, R"(,"in_flight":3)") + ',' + method("b", 0) +
             R"(],"history":{"methods":{"a":{"calls":[0,10,20,30],"failures":[0,0,0,1],"p50_us":[0,10,5,7],"p99_us":[0,9,80,20]}}}})"),
        begin);
    ASSERT_EQ(made.rows.size(), 2u);
    EXPECT_EQ(made.rows[0].calls, 100u);
    EXPECT_EQ(made.rows[0].rate, 25) << "of the last two seconds";
    EXPECT_EQ(made.rows[0].failing, 0.5);
    EXPECT_EQ(made.rows[0].recent_p99, 80);
    EXPECT_EQ(made.rows[0].recent_p50, 7) << "of sixty calls, twenty are in the second with 5, thirty in that with 7";
    EXPECT_EQ(made.rows[1].rate, 0);
    EXPECT_EQ(made.totals.rate, 25);
    EXPECT_EQ(made.totals.calls, 100u);
    EXPECT_EQ(made.totals.in_flight, 3u);
    EXPECT_EQ(made.totals.past_rates, (numbers{0, 10, 20, 30}));
}

TEST(top_tables, takes_differences_where_it_keeps_none) {
    top_tables tables;
    EXPECT_EQ(tables.next(said(R"({"uptime_s":9,"methods":[)" + method("a", 100) + "]}"), begin).totals.rate, 0);
    const top_table second =
        tables.next(said(R"({"uptime_s":11,"methods":[)" + method("a", 150, 10) + ',' + method("new", 5) + "]}"), begin + 2s);
    EXPECT_EQ(second.rows[0].rate, 25);
    EXPECT_EQ(second.rows[0].failing, 5);
    EXPECT_EQ(second.rows[1].rate, 0);
    const top_table restarted = tables.next(said(R"({"uptime_s":1,"methods":[)" + method("a", 3) + "]}"), begin + 4s);
    EXPECT_EQ(restarted.rows[0].rate, 0) << "a server that has started again counts from zero";
}

TEST(top_tables, adds_histories_that_end_now) {
    const top_table made = top_tables{}.next(
        said(R"({"uptime_s":9,"methods":[)" + method("a", 1) + ',' + method("b", 1) +
             R"(],"history":{"methods":{"a":{"calls":[5,5],"failures":[]},"b":{"calls":[1,2,3],"failures":[]}}}})"),
        begin);
    EXPECT_EQ(made.totals.past_rates, (numbers{1, 7, 8}));
}

top_table three_methods() {
    top_table made;
    made.rows = {top_row{.method = "Bank.pay", .rate = 5, .calls = 9, .failures = 0, .p50 = 3, .p99 = 70},
                 top_row{.method = "Shop.add", .rate = 7, .calls = 8, .failures = 2, .in_flight = 1, .p50 = 9, .p99 = 10},
                 top_row{.method = "Shop.list", .rate = 5, .calls = 7}};
    made.said.uptime_s = 61;
    made.said.title = "Shop";
    return made;
}

std::vector<std::string> names(const top_table& table, const tool::top_order& order) {
    std::vector<std::string> all;
    for (const top_row* each : tool::arranged(table, order)) all.push_back(each->method);
    return all;
}

TEST(top_order, sorts_by_every_column_both_ways) {
    using column = std::vector<std::string>;
    const top_table table = three_methods();
    EXPECT_EQ(names(table, {}), (column{"Shop.add", "Bank.pay", "Shop.list"}));
    EXPECT_EQ(names(table, {.reversed = true}), (column{"Bank.pay", "Shop.list", "Shop.add"}));
    EXPECT_EQ(names(table, {.column = top_column::method}), (column{"Bank.pay", "Shop.add", "Shop.list"}));
    EXPECT_EQ(names(table, {.column = top_column::method, .reversed = true}), (column{"Shop.list", "Shop.add", "Bank.pay"}));
    EXPECT_EQ(names(table, {.column = top_column::calls})[0], "Bank.pay");
    EXPECT_EQ(names(table, {.column = top_column::failures})[0], "Shop.add");
    EXPECT_EQ(names(table, {.column = top_column::in_flight})[0], "Shop.add");
    EXPECT_EQ(names(table, {.column = top_column::middle})[0], "Shop.add");
    EXPECT_EQ(names(table, {.column = top_column::high})[0], "Bank.pay");
    EXPECT_EQ(names(table, {.filter = "SHOP.l"}), column{"Shop.list"});
}

top_style plain(std::size_t width = 80, std::size_t height = 10) {
    return {.width = width, .height = height, .escapes = false, .utf8 = true};
}

TEST(top_screen, is_as_large_as_the_terminal) {
    top_table table = three_methods();
    table.rows[0].past_rates = numbers(200, 3.0);
    table.said.connections = tool::read_connections{.open = {{"native", 12}}, .refused = 3};
    for (std::size_t width = 1; width < 200; width += 7)
        for (const std::size_t height : {2u, 7u, 10u, 50u})
            for (const bool help : {false, true}) {
                const auto lines = tool::top_screen(table, {.url = "h:1", .help = help}, plain(width, height));
                EXPECT_EQ(lines.size(), height);
                for (const std::string& each : lines) EXPECT_LE(tool::columns(each), width) << each;
            }
}

TEST(top_screen, shows_the_numbers_of_a_method_in_a_line) {
    const auto lines = tool::top_screen(three_methods(), {.url = "h:1"}, plain());
    EXPECT_EQ(lines[0], "Shop  h:1" + std::string(59, ' ') + "up 1 min 1 s");
    EXPECT_TRUE(lines[5].starts_with("METHOD                ▼CALLS/S   CALLS  FAILED  BUSY    P50    P99")) << lines[5];
    EXPECT_TRUE(lines[6].starts_with("Shop.add                   7.0       8       2     1  9.0µs   10µs")) << lines[6];
    EXPECT_TRUE(lines[8].starts_with("Shop.list                  5.0       7       0     0      -      -")) << lines[8];
}

TEST(top_screen, keeps_names_and_rates_where_there_is_little_room) {
    const auto lines = tool::top_screen(three_methods(), {.url = "h:1"}, plain(40));
    EXPECT_TRUE(lines[5].starts_with("METHOD          ▼CALLS/S  FAILED    P99")) << lines[5];
    EXPECT_TRUE(tool::top_screen(three_methods(), {}, plain(10))[6].starts_with("Shop.add"));
}

TEST(top_screen, shows_the_rows_that_were_moved_to) {
    const auto row = [](std::size_t first) {
        return tool::top_screen(three_methods(), {.first = first}, plain(80, 8))[6].substr(0, 9);
    };
    EXPECT_EQ(row(0), "Shop.add ");
    EXPECT_EQ(row(2), "Shop.list");
    EXPECT_EQ(row(99), "Shop.list") << "the last one stays";
}

TEST(top_screen, lets_no_peer_control_the_terminal) {
    top_table table = three_methods();
    table.rows[0].method = "evil\x1b[2J\u009b";
    table.said.title = "\x1b]0;";
    for (const std::string& each : tool::top_screen(table, {.url = "h:1", .problem = "\x1b[2J"}, plain()))
        EXPECT_EQ(each.find('\x1b'), std::string::npos) << each;
}

TEST(top_screen, writes_no_colours_unless_it_may) {
    top_style style = plain();
    const auto written = [&] {
        std::string all;
        for (const std::string& each : tool::top_screen(three_methods(), {}, style)) all += each;
        return all;
    };
    EXPECT_EQ(written().find('\x1b'), std::string::npos);
    style.escapes = true;
    EXPECT_NE(written().find("\x1b[33m"), std::string::npos);
    style.colours = false;
    EXPECT_EQ(written().find("\x1b[3"), std::string::npos);
    EXPECT_NE(written().find("\x1b[7m"), std::string::npos);
}

std::vector<key> keys(std::string bytes, bool more = false) { return tool::read_keys(bytes, more); }
key of(key::kind what) { return {what, {}}; }
key character(std::string text) { return {key::kind::character, std::move(text)}; }

TEST(top_keys, reads_what_terminals_send) {
    using kind = key::kind;
    EXPECT_EQ(keys("q"), std::vector{character("q")});
    EXPECT_EQ(keys("\x1b[A\x1bOB\x1b[5~"), (std::vector{of(kind::up), of(kind::down), of(kind::page_up)}));
    EXPECT_EQ(keys("ä\x7F\r"), (std::vector{character("ä"), of(kind::backspace), of(kind::enter)}));
    EXPECT_EQ(keys("\x1b[1;5Cq"), std::vector{character("q")}) << "of other keys nothing is left";
    EXPECT_EQ(keys("\x1b"), std::vector{of(kind::escape)});
    EXPECT_EQ(keys("\xFF\x01q"), std::vector{character("q")});
}

TEST(top_keys, wait_for_the_rest_of_a_key) {
    for (const std::string whole : {"\x1b[6~", "\xC3\xA4"}) {
        for (std::size_t size = 1; size != whole.size(); ++size) {
            std::string bytes = whole.substr(0, size);
            EXPECT_TRUE(tool::read_keys(bytes, true).empty());
            bytes += whole.substr(size);
            EXPECT_EQ(tool::read_keys(bytes, true).size(), 1u);
            EXPECT_TRUE(bytes.empty());
        }
    }
}

struct pressed : testing::Test {
    top_view view;
    key_effect press(std::string text, std::size_t rows = 3) {
        key_effect last = key_effect::none;
        for (const key& each : keys(std::move(text))) last = tool::press(each, view, rows, 1);
        return last;
    }
};

TEST_F(pressed, change_the_view) {
    EXPECT_EQ(press("q"), key_effect::quit);
    EXPECT_EQ(press("\x03"), key_effect::quit);
    press("s");
    EXPECT_EQ(view.order.column, top_column::calls);
    press("SSS");
    EXPECT_EQ(view.order.column, top_column::high) << "around the end";
    press("rlb?");
    EXPECT_TRUE(view.order.reversed && view.order.recent && view.help);
    EXPECT_EQ(view.chart, tool::top_chart::failures);
    EXPECT_EQ(press(" "), key_effect::redraw);
    EXPECT_EQ(press(" "), key_effect::refresh);
    press("++");
    EXPECT_EQ(view.interval, 4s);
    press("----------");
    EXPECT_EQ(view.interval, 100ms);
    EXPECT_EQ(press("x"), key_effect::none);
}

TEST_F(pressed, move_through_the_rows_and_not_beyond) {
    press("\x1b[B\x1b[B\x1b[B\x1b[B");
    EXPECT_EQ(view.first, 2u);
    press("\x1b[A");
    EXPECT_EQ(view.first, 1u);
    press("\x1b[F");
    EXPECT_EQ(view.first, 2u);
    press("\x1b[H\x1b[A");
    EXPECT_EQ(view.first, 0u);
    press("\x1b[6~", 0);
    EXPECT_EQ(view.first, 0u);
}

TEST_F(pressed, type_a_filter) {
    press("/shöq\x7F");
    EXPECT_TRUE(view.typing);
    EXPECT_EQ(view.order.filter, "shö");
    press("\x7F");
    EXPECT_EQ(view.order.filter, "sh");
    press("\r");
    EXPECT_FALSE(view.typing);
    EXPECT_EQ(view.order.filter, "sh");
    press("\x1b");
    EXPECT_EQ(view.order.filter, "");
    press("/abc\x15");
    EXPECT_EQ(view.order.filter, "");
    EXPECT_EQ(press("\x03"), key_effect::quit) << "while one types, too";
}

}  // namespace
