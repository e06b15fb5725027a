#pragma once

#include <random>
#include <string>

#include <farcall/interceptor/request_ids.hpp>

namespace farcall {

FARCALL_DECL request_ids::request_ids(const std::shared_ptr<random_source>& random)
    : ids_(std::make_shared<sequence>()) {
    if (random) {
        ids_->high = random->next();
        ids_->low = random->next();
        return;
    }
    std::random_device device;
    ids_->high = std::uint64_t{device()} << 32 | device();
    ids_->low = std::uint64_t{device()} << 32 | device();
}

FARCALL_DECL void request_ids::before(intercepted_call& call) {
    if (call.headers.contains(request_id_key)) return;
    // Each caller takes a step of `seeded_random`, which mixes it.
    constexpr std::uint64_t step = 0x9e3779b97f4a7c15u;
    std::string id;
    for (std::atomic<std::uint64_t>* half : {&ids_->high, &ids_->low}) {
        std::uint64_t number = seeded_random{half->fetch_add(step, std::memory_order_relaxed)}.next();
        for (int digit = 0; digit != 16; ++digit, number <<= 4) id += "0123456789abcdef"[number >> 60];
    }
    // Headers that are full already go as they are.
    static_cast<void>(call.headers.try_set(request_id_key, id));
}

}  // namespace farcall
