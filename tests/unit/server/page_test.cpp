#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <farcall/server/page.hpp>

namespace {

using farcall::detail::page_text;

TEST(page, loads_nothing_from_elsewhere) {
    std::string text = page_text();
    const std::string_view names_of_the_icon = "xmlns='http://www.w3.org/2000/svg'";
    text.erase(text.find(names_of_the_icon), names_of_the_icon.size());
    for (const std::string_view elsewhere : {"http:", "https:", "src=", "@import", "url("})
        EXPECT_EQ(text.find(elsewhere), std::string::npos) << elsewhere;
}

// What comes from the server may only become text.
TEST(page, never_reads_text_as_html_or_code) {
    const std::string text = page_text();
    for (const std::string_view sink : {"innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(",
                                        "createContextualFragment", "setTimeout(\""})
        EXPECT_EQ(text.find(sink), std::string::npos) << sink;
}

TEST(page, is_put_together_whole) {
    const std::string text = page_text();
    EXPECT_TRUE(text.starts_with("<!doctype html>\n<html lang=\"en\">"));
    EXPECT_TRUE(text.ends_with("</script>\n</body>\n</html>\n"));
    const auto count = [&](std::string_view tag) {
        std::size_t found = 0;
        for (std::size_t at = text.find(tag); at != text.npos; at = text.find(tag, at + 1)) ++found;
        return found;
    };
    for (const std::string_view tag : {"<style>", "</style>", "<script>", "</script>", "<main", "</main>"})
        EXPECT_EQ(count(tag), 1u) << tag;
}

}  // namespace
