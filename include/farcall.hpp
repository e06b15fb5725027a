#pragma once

/// @file
/// farcall in one header: declare services, serve them, call them.

#include <farcall/client.hpp>
#include <farcall/server.hpp>
#include <farcall/service.hpp>
