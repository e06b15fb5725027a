#pragma once

#include "../support/serving.hpp"

namespace bench {

void serve_farcall(const serving& how);
void serve_epoll(const serving& how);
void serve_asio(const serving& how);
void serve_http(const serving& how);

}  // namespace bench
