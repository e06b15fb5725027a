#pragma once

#include <farcall/server/page.hpp>
#include <farcall/server/page/call_script.hpp>
#include <farcall/server/page/form_script.hpp>
#include <farcall/server/page/json_script.hpp>
#include <farcall/server/page/list_script.hpp>
#include <farcall/server/page/live_script.hpp>
#include <farcall/server/page/live_style.hpp>
#include <farcall/server/page/markup.hpp>
#include <farcall/server/page/style.hpp>

namespace farcall::detail {

FARCALL_DECL std::string page_text() {
    std::string text;
    for (const std::string_view part : {page_head, page_style, page_live_style, page_body, page_json_script,
                                        page_form_script, page_call_script, page_list_script, page_live_script, page_end})
        text += part;
    return text;
}

}  // namespace farcall::detail
