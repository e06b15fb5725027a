#pragma once

/// @file
/// Everything that a client needs: proxies, calls by name, retry policies, and the declaration.

#include <farcall/client/client.hpp>
#include <farcall/client/proxy_core.hpp>
#include <farcall/client/with.hpp>
#include <farcall/client_options.hpp>
#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/retry/fixed_delay.hpp>
#include <farcall/retry/hedged.hpp>
#include <farcall/retry/no_retry.hpp>
#include <farcall/service.hpp>
