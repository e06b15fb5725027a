#pragma once

#include <farcall/service/detail/emit.hpp>

// Compilers then report mistakes in a declaration at the declaration, and not here with a list of our macros.
#pragma GCC system_header

/// Declares a service: `RPC_SERVICE(Name, (method, signature, attributes...), ...)`.
///
/// Stands at namespace scope, in any namespace, with 1 to 250 methods. Each entry is a method's name, its signature
/// as a function type (`int(int a, int b)`; the parameters' names are read from it) and any number of attributes
/// (attributes.hpp). It defines `struct Name` with
/// - `Name::proxy`, the typed client object, and `Name::basic_proxy<Policy>`, the same with a retry policy;
/// - what `service_descriptor<Name>` reads: the table of methods from which servers, proxies and schemas are made.
///
/// The wire name of a method is "Name.method", without namespaces. Names that begin `farcall_` and a service called
/// `rpc` are reserved. Mistakes are compile-time errors that name service and method.
/// @par Example  examples/01_hello.cpp
#define RPC_SERVICE(Name, ...) FARCALL_EMIT_SERVICE(Name __VA_OPT__(, ) __VA_ARGS__)
