#pragma once

#include <farcall/client/repetition.hpp>

namespace farcall::detail {

FARCALL_DECL void repetition::close(const error& why) {
    // A call that has ended may be followed by others that come to pause: they are none of those that are given up.
    linked_list<pausing> all;
    all.take_all(pausing_);
    while (pausing* first = all.front()) {
        first->unlink();
        first->give_up(why);
    }
}

}  // namespace farcall::detail
