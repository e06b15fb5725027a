#pragma once

/// @file
/// All that a declaration of services needs. Cheap to compile: neither Asio nor RapidJSON stand behind it.

#include <farcall/method.hpp>
#include <farcall/service/attributes.hpp>
#include <farcall/service/descriptor.hpp>
#include <farcall/service/handler.hpp>
#include <farcall/service/rpc_service.hpp>
#include <farcall/stream.hpp>
