#pragma once

/// @file
/// Everything that a server needs: `farcall::server` and its options, and the declaration.

#include <farcall/context.hpp>
#include <farcall/server/server.hpp>
#include <farcall/server_options.hpp>
#include <farcall/service.hpp>
