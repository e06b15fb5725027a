#pragma once

#include <string>

#include <farcall/detail/hexadecimal.hpp>
#include <farcall/detail/shared_random.hpp>
#include <farcall/detail/system_random.hpp>
#include <farcall/interceptor/request_ids.hpp>

namespace farcall {

struct request_ids::sequence {
    explicit sequence(random_source& seeds) : high(seeds), low(seeds) {}
    detail::shared_random high, low;
};

FARCALL_DECL request_ids::request_ids(const std::shared_ptr<random_source>& random) {
    if (random) {
        ids_ = std::make_shared<sequence>(*random);
    } else {
        detail::system_random seeds;
        ids_ = std::make_shared<sequence>(seeds);
    }
}

FARCALL_DECL void request_ids::before(intercepted_call& call) {
    if (call.headers.contains(request_id_key)) return;
    std::string id;
    detail::append_hex(id, ids_->high.next());
    detail::append_hex(id, ids_->low.next());
    // Headers that are full already go as they are.
    static_cast<void>(call.headers.try_set(request_id_key, id));
}

}  // namespace farcall
